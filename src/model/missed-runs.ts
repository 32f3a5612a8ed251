/** What a schedule left out between the run before and this one. Plain JSON. */
export interface MissedRuns {
  readonly scheduleId: string;
  /** How often a run was due and none was started, in a row and up to this run. */
  readonly count: number;
  /** When the last of them was due, ISO 8601. */
  readonly lastDueAt: string;
}
