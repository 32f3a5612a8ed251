/** Runs at one level, or on one line, on the series' scale. */
export interface Stretch {
  readonly start: number;
  /** The first run after it. */
  readonly end: number;
  /** Their level; in the middle of a line. */
  readonly level: number;
  /** Their robust standard deviation around it. */
  readonly sigma: number;
  /** What the level grows by from run to run: 0 but for a drift. */
  readonly slope: number;
}
