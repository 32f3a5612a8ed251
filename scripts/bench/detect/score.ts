/** Compares detections with the known changes. */
import { createRandom } from '../../../src/plan/random.ts';
import type { Series } from './series.ts';

/** A detector returns the first runs of new levels. `seed` is for randomised detectors. */
export type Detector = (values: readonly number[], seed: number) => readonly number[];

export interface Counts {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
  /** For a series without a change: its runs, and the false alarms in it. */
  readonly quietRuns: number;
  readonly quietAlarms: number;
}

/** Maximum distance in runs between a detection and its change. Each detection matches one change. */
const TOLERANCE = 5;
const RESAMPLES = 1_000;

export function countsOf({ values, changes }: Series, detected: readonly number[]): Counts {
  const pairs = changes
    .flatMap((change) => detected.map((place) => ({ change, place, apart: Math.abs(place - change) })))
    .filter(({ apart }) => apart <= TOLERANCE)
    .sort((a, b) => a.apart - b.apart);
  const taken = new Set<string>();
  for (const { change, place } of pairs) {
    if (taken.has(`change ${change}`) || taken.has(`place ${place}`)) continue;
    taken.add(`change ${change}`).add(`place ${place}`);
  }
  const found = taken.size / 2;
  const quiet = changes.length === 0;
  return {
    found,
    missed: changes.length - found,
    wrong: detected.length - found,
    quietRuns: quiet ? values.length : 0,
    quietAlarms: quiet ? detected.length : 0,
  };
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falseAlarmsPer100: number;
}

export function scoreOf(counts: readonly Counts[]): Score {
  const { found, missed, wrong, quietRuns, quietAlarms } = counts.reduce((a, b) => ({
    found: a.found + b.found,
    missed: a.missed + b.missed,
    wrong: a.wrong + b.wrong,
    quietRuns: a.quietRuns + b.quietRuns,
    quietAlarms: a.quietAlarms + b.quietAlarms,
  }));
  return {
    precision: found / (found + wrong),
    recall: found / (found + missed),
    f1: (2 * found) / (2 * found + missed + wrong),
    falseAlarmsPer100: (100 * quietAlarms) / quietRuns,
  };
}

/** 95 % interval of F1 by the percentile bootstrap over series (Efron and Tibshirani 1993, chapter 13). */
export function f1Interval(counts: readonly Counts[]): readonly [number, number] {
  const random = createRandom(1);
  const scores = Array.from(
    { length: RESAMPLES },
    () => scoreOf(counts.map(() => counts[Math.floor(random() * counts.length)]!)).f1,
  ).sort((a, b) => a - b);
  return [scores[Math.floor(0.025 * RESAMPLES)]!, scores[Math.ceil(0.975 * RESAMPLES) - 1]!];
}

/**
 * Runs after the first bad one until the change is detected, when the history is judged again at each run. null if it is not
 * detected within `patience` runs or before the series ends.
 */
export function delayOf({ values, changes }: Series, detector: Detector, seed: number, patience = 20): number | null {
  const [change] = changes;
  if (change === undefined) return null;
  for (let delay = 0; delay < patience && change + delay < values.length; delay += 1) {
    const detected = detector(values.slice(0, change + delay + 1), seed);
    if (detected.some((place) => Math.abs(place - change) <= TOLERANCE)) return delay;
  }
  return null;
}
