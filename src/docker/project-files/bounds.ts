/** How much of a project's files goes into a run's facts. Files that people write by hand stay far below. */

export const LARGEST_FILE_BYTES = 1_000_000;
export const MOST_ENTRIES = 1_000;
export const LONGEST_VALUE = 1_000;

/** The first entries, and how many were left out. */
export function firstOf<T>(entries: readonly T[]): { readonly kept: readonly T[]; readonly leftOut: number } {
  return { kept: entries.slice(0, MOST_ENTRIES), leftOut: Math.max(0, entries.length - MOST_ENTRIES) };
}
/** Of a file that is kept line by line, for patches. */
export const LARGEST_PATCHED_BYTES = 65_536;
