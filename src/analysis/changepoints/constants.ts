/**
 * The constants of the detection, chosen by the development figures of `npm run bench:detect` and a look at how real histories
 * are cut; docs/benchmarks.md says how far the reported figures are apart from that, docs/statistics.md what they do when
 * the constants are moved: none is delicate.
 */
export const DETECTION = {
  /** Below it the noise rests on too few differences: nothing is said. */
  fewestRuns: 6,
  /** Smallest noise (of ln values) that is believed: clocks and rounding alone are worth 0.2 %. */
  sigmaFloor: 0.002,
  /** Share of unchanged neighbours from which a metric counts as deterministic (image sizes, layer counts). */
  deterministicShare: 0.8,
  /** How often the series is cut: noise from differences first, then from what is left around the levels found. */
  passes: 3,
  /** The penalty of a change is this often ln n, in units of the noise's variance. */
  penaltyFactor: 3,
  /** Penalties of shorter series are those of this many runs. */
  penaltyRuns: 30,
  /** Number of newest runs that make a new level: three if they agree closely, four if they scatter. */
  confirmRuns: 3.1,
  /** A weak but long change needs z² of this often ln n, runs clipped at `clip` σ, and `splitRuns` runs on both sides. */
  splitFactor: 2.25,
  clip: 1.5,
  splitRuns: 10,
  /** Smallest change that is reported, as a ratio. */
  smallestRatio: 1.04,
  /** Smallest z of a reported change. */
  smallestZ: 3,
  /** A segment with fewer runs has the scale of the whole series. */
  ownScaleRuns: 6,
  /** A line costs as much as a change; where it would replace a single step, half of one more, for steps are likelier. */
  lineCost: 1,
  lineCostAgainstOneStep: 1.5,
  /** Mann–Kendall's Z of a drift: p = 0.001, two-sided. */
  smallestTrendZ: 3.29,
  /** Shortest drift. */
  trendRuns: 10,
} as const;
