/** One pass over the sample shop: build, start-up, four commands. */
export interface Pass {
  readonly by: 'script' | 'paceline';
  /** Seconds of what both sides do, by name. Same names in the same order. */
  readonly parts: Readonly<Record<string, number>>;
  /** Seconds of what only this side does. */
  readonly additions: Readonly<Record<string, number>>;
  readonly totalSeconds: number;
}

export interface PassInput {
  /** A separate copy of the shop. */
  readonly project: string;
  readonly commands: readonly string[];
  /** The images that its compose file reads from variables. */
  readonly environment: Readonly<Record<string, string>>;
}
