/**
 * Every constant of the decisions, chosen on the development seeds of `npm run bench:decide` (1 and 2) and frozen before the reported
 * ones were run. docs/statistics.md says what each is for.
 */
export const DECISION = {
  /** A baseline of fewer runs is none. */
  fewestRuns: 3,
  /** A baseline is made of so many runs of the current segment at most, the newest. */
  window: 30,
  /** So many of the newest points are segmented. */
  history: 1_000,
  /** With fewer runs noise is assumed. */
  runsForNoise: 6,
  assumedSigma: 0.08,
  /** Clocks and rounding alone are worth 0.2 %. */
  sigmaFloor: 0.002,
  /** A suspicion exceeds the noise of a single run by so many standard deviations. */
  candidateZ: 2,
  /** Share of false suspicions among those of one run that is put up with (Benjamini and Hochberg). */
  falseDiscoveryRate: 0.2,
  /** Added and removed tests together take at most this share of the baseline's time; with more the suites are two different ones. */
  testsChangeShare: 0.25,

  /** A confirmation that can measure pairs makes so many re-runs before. */
  rerunsBeforePairs: 2,
  /** A re-run below this share of the threshold clears, and so do two whose mean is below the other. */
  rerunClears: 0.6,
  rerunsClear: 0.9,
  /** Where no pairs can be had, so many re-runs decide. */
  rerunsAlone: 4,
  rerunZ: 3,

  /** Undisturbed pairs that a verdict rests on. */
  pairs: 5,
  /** So many are measured at most. */
  mostPairs: 8,
  /** An outlier is slower than its side's median by so many of the noise's standard deviations, and by this much on ln. */
  outlierSigmas: 3,
  outlierFloor: 0.12,
  /** So many pairs may be set aside for an outlier as leave this many; of the last one more. */
  leastLeft: 5,
  leastLeftOfMost: 4,
  /** Coverage of the interval that excludes "no change": at the first look, and at later ones. */
  firstCoverage: 0.995,
  coverage: 0.985,
  /** Coverage of the interval that is shown, and that lies within the threshold for "no change". */
  shownCoverage: 0.95,

  /** A change of level is told from so many runs on, and where it is so many standard errors large. */
  changeRuns: 5,
  changeZ: 6,
} as const;
