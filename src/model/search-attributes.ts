/** Paceline's search attributes on Temporal, with their types there. `paceline up` registers them. */
export const SEARCH_ATTRIBUTES = {
  PacelineProject: 'Keyword',
  PacelineBranch: 'Keyword',
  PacelineCommit: 'Keyword',
  PacelineVerdict: 'Keyword',
  PacelineTotalSeconds: 'Double',
  PacelineAlerts: 'Int',
} as const satisfies Record<string, 'Keyword' | 'Double' | 'Int'>;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
