/** The figures of one run as other tools take them: one list, from which each format is written. */
import type { MetricName, Unit } from '../../../model/measurement.ts';
import type { PartVerdict, RunResult } from '../../../model/result.ts';

export interface Figure {
  /** The project, and what else the figure belongs to: `shop`, `shop/Full Test Suite`, `shop/db`. */
  readonly name: string;
  readonly measure: MetricName;
  readonly unit: Unit;
  /** null: it was not measured, and `reason` says why. */
  readonly value: number | null;
  readonly reason: string | null;
  /** The interval of a median of several trials; null for a single one. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly target: number | null;
  readonly verdict: PartVerdict;
  readonly scenario: string | null;
  readonly service: string | null;
}

export type MeasuredFigure = Figure & { readonly value: number };

/**
 * What a run is judged by, and each scenario's time. Not the figures of single trials: their median stands for them. A figure
 * of failed tests is never compared, so it counts as not measured.
 */
export function figuresOf(result: RunResult): readonly Figure[] {
  const ofRun = result.metrics
    .filter(({ trial }) => trial === null)
    .map(({ metric, unit, value, reason, target, verdict, scenario, service, ofFailedTrial }) => ({
      name: nameOf(result.project, scenario, service),
      measure: metric,
      unit,
      value: ofFailedTrial ? null : value,
      reason: ofFailedTrial ? 'The tests failed.' : reason,
      interval: null,
      target,
      verdict,
      scenario,
      service,
    }));
  const ofScenarios = result.scenarios.map(({ name, seconds, reason, interval, target, verdict }) => ({
    name: nameOf(result.project, name, null),
    measure: 'trial.duration' as const,
    unit: 'second' as const,
    value: seconds,
    reason,
    interval: interval === null ? null : { low: interval.low, high: interval.high },
    target,
    verdict,
    scenario: name,
    service: null,
  }));
  return [...ofRun, ...ofScenarios];
}

/** For formats that hold numbers only. */
export function measuredFigures(result: RunResult): readonly MeasuredFigure[] {
  return figuresOf(result).filter((figure): figure is MeasuredFigure => figure.value !== null);
}

function nameOf(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('/');
}

/** Short units, as `paceline history export` has them. */
export const SHORT_UNITS: Readonly<Record<Unit, string>> = { second: 's', byte: 'byte', ratio: 'ratio' };
