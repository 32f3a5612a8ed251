/**
 * What was measured, in base units. A measurement that failed, or that a machine cannot give, is a value like any
 * other: it travels to the report with its reason and is never replaced by 0.
 */

export type Unit = 'second' | 'byte' | 'ratio';

/** Every quantity Paceline names. The list is the only place that knows a metric's unit and its words. */
export const METRICS = {
  'build.cold.duration': { unit: 'second', title: 'Docker build (cold)' },
  'build.warm.duration': { unit: 'second', title: 'Docker build (warm)' },
  'build.sourceChange.duration': { unit: 'second', title: 'Docker build (after a source change)' },
  'build.dependencyChange.duration': { unit: 'second', title: 'Docker build (after a changed requirement)' },
  'build.baseChange.duration': { unit: 'second', title: 'Docker build (after a changed base image)' },
  'image.size': { unit: 'byte', title: 'Size of the image of the tests' },
  'startup.duration': { unit: 'second', title: 'Service start-up' },
  'startup.service.duration': { unit: 'second', title: 'Start-up of one service' },
  'startup.trial.duration': { unit: 'second', title: "Start-up of a trial's own services" },
  'teardown.duration': { unit: 'second', title: 'Tear-down of the services' },
  'trial.duration': { unit: 'second', title: 'One trial of a scenario' },
  'trial.cpu.time': { unit: 'second', title: 'CPU time of a trial' },
  'test.duration': { unit: 'second', title: 'Test execution' },
  'total.duration': { unit: 'second', title: 'Build, start-up and tests' },
  'run.duration': { unit: 'second', title: 'Wall time of the whole run' },
  'memory.workingSet.peak': { unit: 'byte', title: 'Peak memory (sampled working set)' },
  'cpu.host.utilization': { unit: 'ratio', title: "Share of the host's CPUs used during the tests" },
  'cpu.lane.utilization': { unit: 'ratio', title: "Share of the lane's CPUs used during the tests" },
  'network.latency': { unit: 'second', title: 'Latency between services' },
  'coverage.report.duration': { unit: 'second', title: 'Coverage report' },
} as const satisfies Record<string, { unit: Unit; title: string }>;

export type MetricName = keyof typeof METRICS;

export type MeasuredValue =
  | { readonly kind: 'measured'; readonly value: number }
  /** It should have been measured, and something went wrong. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** This machine, engine or project cannot give it. */
  | { readonly kind: 'notAvailable'; readonly reason: string };

/** What a measurement was taken on; the fields that do not apply are absent. */
export interface Subject {
  /** The scenario's id. */
  readonly scenario?: string;
  readonly trial?: number;
  readonly try?: number;
  readonly service?: string;
}

export interface Measurement {
  readonly metric: MetricName;
  readonly unit: Unit;
  readonly value: MeasuredValue;
  /** Where the figure comes from, e.g. `buildkit`, `engine`, `stats`. A change of source is a change of series. */
  readonly source: string;
  readonly subject: Subject;
}

/** A measured value. Refuses NaN and infinities, which JSON would turn into null. @throws RangeError */
export function measured(metric: MetricName, value: number, source: string, subject: Subject = {}): Measurement {
  if (!Number.isFinite(value)) throw new RangeError(`${metric} from ${source} is ${value}, which is not a measurement`);
  return { metric, unit: METRICS[metric].unit, value: { kind: 'measured', value }, source, subject };
}

/** A measurement that should have been there, with the reason why it is not. */
export function failedMeasurement(
  metric: MetricName,
  reason: string,
  source: string,
  subject: Subject = {},
): Measurement {
  return { metric, unit: METRICS[metric].unit, value: { kind: 'failed', reason }, source, subject };
}

/** A measurement that this machine, engine or project cannot give. */
export function notAvailable(metric: MetricName, reason: string, source: string, subject: Subject = {}): Measurement {
  return { metric, unit: METRICS[metric].unit, value: { kind: 'notAvailable', reason }, source, subject };
}
