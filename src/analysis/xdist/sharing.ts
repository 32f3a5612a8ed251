/**
 * What competes for CPUs. A task that computes all the time shares the CPUs evenly with the others that do; one that waits for a part
 * of its time is there for that part alone. Which parts of two tasks coincide is not known, so a task meets each other one by chance.
 */

/** The seconds of a task on a CPU of its own. */
export interface Work {
  /** It needs a CPU. */
  readonly busy: number;
  /** It needs none. */
  readonly wait: number;
}

/** Converges by a factor of ten each time; the shares need no more than two digits. */
const ROUNDS = 6;

/**
 * Tasks of the same share wait alike, so each share is worked out once.
 * @param shares of each task, the part of its time in which it needs a CPU
 * @returns of each task, by how much its CPU seconds become longer; 1: not at all
 */
export function stretches(shares: readonly number[], cpus: number): number[] {
  // With no more tasks than CPUs none waits for one.
  if (shares.length <= cpus) return shares.map(() => 1);
  const distinct = [...new Set(shares)];
  let found = new Map(distinct.map((share) => [share, 1]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const there = new Map(distinct.map((share) => [share, presence(share, found.get(share)!)]));
    const ofAll = shares.map((share) => there.get(share)!);
    found = new Map(
      distinct.map((share) => [share, expectedStretch(ofAll.toSpliced(shares.indexOf(share), 1), cpus)] as const),
    );
  }
  return shares.map((share) => found.get(share)!);
}

/** The part of its stretched time in which a task is on a CPU or waits for one. */
function presence(share: number, stretch: number): number {
  return share === 0 ? 0 : (share * stretch) / (share * stretch + 1 - share);
}

/**
 * The mean over how many of the others are there, each by its own chance. With n of them a CPU second takes max(1, (1 + n) / cpus)
 * seconds. That is (1 + n) / cpus, whose mean needs the mean of n alone, but for the few n that leave a CPU free: the chances of
 * larger n are never needed.
 */
function expectedStretch(others: readonly number[], cpus: number): number {
  const few = Math.max(0, Math.ceil(cpus) - 1);
  /** By n, of n below `few`. */
  const chances: number[] = Array.from({ length: few }, (_, count) => (count === 0 ? 1 : 0));
  for (const chance of others) {
    for (let count = few - 1; count >= 0; count -= 1) {
      chances[count] = chances[count]! * (1 - chance) + (count === 0 ? 0 : chances[count - 1]! * chance);
    }
  }
  const mean = others.reduce((sum, chance) => sum + chance, 0);
  return chances.reduce((sum, chance, count) => sum + chance * (1 - (1 + count) / cpus), (1 + mean) / cpus);
}
