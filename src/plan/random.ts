/** Seeded randomness, so that a run's order can be repeated. Not for statistics: it has only 32 bits of state. */

/**
 * Numbers from 0 up to, not including, 1 by mulberry32 (Tommy Ettinger, public domain): good enough to shuffle a matrix.
 * @param stream sequences of one seed that have nothing to do with each other
 */
export function createRandom(seed: number, stream = 0): () => number {
  // The golden ratio's bits set neighbouring streams far apart.
  let state = (seed + Math.imul(stream, 0x9e3779b9)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order; all orders are equally likely (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
