/** The host that took a run, and its queues. */
export interface HostClaim {
  readonly hostId: string;
  /** Build, start-up and trials. */
  readonly measureQueue: string;
  /** Everything else: never behind a trial. */
  readonly controlQueue: string;
  /** Those of Paceline's search attributes that the server knows: setting another would block the workflow for ever. */
  readonly searchAttributes: readonly string[];
}
