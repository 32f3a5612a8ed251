import { DETECTION } from './constants.ts';

/** What the minimisation weighs, in units of the noise's variance. */
export interface Penalty {
  /** Cost of one change. */
  readonly change: number;
  /** Most that one run can cost, however far it is off: K² of the biweight loss min(r², K²). */
  readonly outlier: number;
}

/**
 * β = c · ln n · (1 + ρ) / (1 − ρ): BIC's ln n per parameter, times c since a change has a place as well as a level and the
 * noise has heavier tails than the normal (Yao 1988; Fearnhead and Rigaill 2019, Changepoint Detection in the Presence of
 * Outliers, section 2), and widened for autocorrelation as the variance of a mean is.
 *
 * K² = β / (confirm − ½): leaving m newest runs as outliers costs m K², which exceeds β from m = confirm on, and in the
 * middle of the history, where an excursion needs two changes, from 2 β / K² = 2 confirm − 1 on.
 */
export function penaltyOf(runs: number, inflation: number): Penalty {
  const change = DETECTION.penaltyFactor * Math.log(Math.max(runs, DETECTION.penaltyRuns)) * inflation;
  return { change, outlier: change / (DETECTION.confirmRuns - 0.5) };
}
