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
 * @param shares of each task, the part of its time in which it needs a CPU
 * @returns of each task, by how much its CPU seconds become longer; 1: not at all
 */
export function stretches(shares: readonly number[], cpus: number): number[] {
  // With no more tasks than CPUs none waits for one.
  if (shares.length <= cpus) return shares.map(() => 1);
  let found = shares.map(() => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const there = shares.map((share, task) => presence(share, found[task]!));
    found = shares.map((_, task) => expectedStretch(there, task, cpus));
  }
  return found;
}

/** The part of its stretched time in which a task is on a CPU or waits for one. */
function presence(share: number, stretch: number): number {
  return share === 0 ? 0 : (share * stretch) / (share * stretch + 1 - share);
}

/** Over how many of the others are there, each by its own chance. */
function expectedStretch(there: readonly number[], task: number, cpus: number): number {
  let chances = [1];
  for (const [other, chance] of there.entries()) {
    if (other === task) continue;
    const next = Array.from({ length: chances.length + 1 }, () => 0);
    for (const [count, of] of chances.entries()) {
      next[count]! += of * (1 - chance);
      next[count + 1]! += of * chance;
    }
    chances = next;
  }
  return chances.reduce((sum, chance, others) => sum + chance * Math.max(1, (1 + others) / cpus), 0);
}
