/**
 * Every constant of the detection, chosen on the development seeds of `npm run bench:detect` (101 to 103) and frozen before
 * the reported ones were run. docs/statistics.md says what each is for; none is delicate.
 */
export const TUNING = {
  /** Below it the noise rests on too few differences: nothing is said. */
  fewestRuns: 6,
  /** Smallest noise (of ln values) that is believed: clocks and rounding alone are worth 0.2 %. */
  sigmaFloor: 0.002,
  /** Share of unchanged neighbours from which a metric counts as deterministic (image sizes, layer counts). */
  deterministicShare: 0.8,
  /** The penalty of a change is this often ln n, in units of the noise's variance. */
  penaltyFactor: 3,
  /** Penalties of shorter series are those of this many runs. */
  penaltyRuns: 30,
  /** So many agreeing newest runs make a new level. */
  confirmRuns: 3,
  /** Smallest change that is reported, as a ratio. */
  smallestRatio: 1.04,
  /** Smallest z of a reported change. */
  smallestZ: 3.5,
  /** Sides with fewer runs than `shortSide` must differ by so many of their own standard deviations. */
  shortSide: 8,
  shortSideSigmas: 0.9,
  /** A segment with fewer runs lends its scale from the whole series. */
  ownScaleRuns: 6,
} as const;
