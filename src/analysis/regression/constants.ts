/**
 * Every constant of the decisions, chosen on the development seeds of `npm run bench:decide` (1 and 2) and frozen before the reported
 * ones were run. docs/statistics.md explains each.
 */
export const DECISION = {
  /** Fewer runs do not make a baseline. */
  fewestRuns: 3,
  /** Maximum number of runs in a baseline: the newest of the current segment. */
  window: 30,
  /** Number of newest points that are segmented. */
  history: 1_000,
  /** With fewer runs noise is assumed. */
  runsForNoise: 6,
  assumedSigma: 0.08,
  /** Clocks and rounding alone are worth 0.2 %. */
  sigmaFloor: 0.002,
  /** A suspicion exceeds the noise of a single run by this number of standard deviations. */
  candidateZ: 2,
  /** Accepted share of false suspicions among those of one run (Benjamini and Hochberg). */
  falseDiscoveryRate: 0.2,
  /** Added and removed tests together take at most this share of the baseline's time; with more the suites are two different ones. */
  testsChangeShare: 0.25,

  /** Number of re-runs before a confirmation measures pairs. */
  rerunsBeforePairs: 2,
  /** A re-run below the first share of the threshold clears a suspicion, and so do two whose mean is below the second share. */
  rerunClears: 0.6,
  rerunsClear: 0.9,
  /** Number of re-runs that decide if no pairs can be measured. */
  rerunsAlone: 4,
  rerunZ: 3,

  /** Undisturbed pairs that a verdict rests on. */
  pairs: 5,
  /** Maximum number of measured pairs. */
  mostPairs: 8,
  /** An outlier is slower than its side's median by this number of standard deviations of the noise, and by the floor on the ln scale. */
  outlierSigmas: 3,
  outlierFloor: 0.12,
  /** Outliers may be excluded as long as at least this many pairs remain; the second number applies when the maximum was measured. */
  leastLeft: 5,
  leastLeftOfMost: 4,
  /** Coverage of the interval that excludes "no change": at the first look, and at later ones. */
  firstCoverage: 0.995,
  coverage: 0.985,
  /** Coverage of the interval that is shown. For "no change" it must be within the threshold. */
  shownCoverage: 0.95,

  /** A change of level is reported if it has at least this number of runs and this number of standard errors. */
  changeRuns: 5,
  changeZ: 6,
} as const;
