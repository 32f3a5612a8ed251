/** One pass over the sample shop: build, start-up, four commands. */
export interface Pass {
  readonly by: 'script' | 'paceline';
  /** Seconds of what both do, by name, the same names in the same order. */
  readonly parts: Readonly<Record<string, number>>;
  /** Seconds of what only this one does. */
  readonly additions: Readonly<Record<string, number>>;
  readonly totalSeconds: number;
}

export interface PassInput {
  /** A copy of the shop of its own. */
  readonly project: string;
  readonly commands: readonly string[];
  /** The images that its compose file takes from variables. */
  readonly environment: Readonly<Record<string, string>>;
}
