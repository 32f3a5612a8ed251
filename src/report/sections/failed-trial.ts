/** How figures of a failed trial are marked: they inform, and are never samples. */
export const OF_FAILED_TRIAL = 'of a failed trial';

/** "Services (of a failed trial)" */
export function marked(title: string, seen: { readonly ofFailedTrial: boolean } | null): string {
  return seen?.ofFailedTrial === true ? `${title} (${OF_FAILED_TRIAL})` : title;
}

/** "Full Test Suite, of a failed trial" */
export function named(scenario: string, ofFailedTrial: boolean): string {
  return ofFailedTrial ? `${scenario}, ${OF_FAILED_TRIAL}` : scenario;
}
