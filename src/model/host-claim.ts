/** The host that took a run, and its queues. */
export interface HostClaim {
  readonly hostId: string;
  /** Build, start-up and trials. */
  readonly measureQueue: string;
  /** Everything else: never behind a trial. */
  readonly controlQueue: string;
  /** Those of Paceline's search attributes that the server knows: setting another would block the workflow for ever. */
  readonly searchAttributes: readonly string[];
  /** Where the pages of this host's Paceline are; null if it serves none. Histories of older versions have no such key. */
  readonly pagesUrl?: string | null;
}
