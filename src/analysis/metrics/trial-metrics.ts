/** What was measured in each trial's final try, and what follows from it. Warm-ups and red trials are shown like all others. */
import { type Measurement, measured, notAvailable } from '../../model/measurement.ts';
import type { MetricResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { finalTries, isOfFailedTrial } from '../trials/trials.ts';
import { metricResult } from './metric-result.ts';

export function trialMetrics(facts: RunFacts): MetricResult[] {
  return (facts.plan?.scenarios ?? [])
    .flatMap(({ id }) => finalTries(facts, id))
    .flatMap((trial) =>
      measurementsOf(facts, trial).map((measurement) => metricResult(facts, measurement, isOfFailedTrial(trial))),
    );
}

function measurementsOf(facts: RunFacts, trial: TrialRecord): Measurement[] {
  const stored = facts.measurements.filter(({ subject }) => isOf(subject, trial));
  const derived = [...duration(trial), ...utilization(facts, trial, stored)];
  const names = new Set(stored.map(({ metric }) => metric));
  return [...stored, ...derived.filter(({ metric }) => !names.has(metric))];
}

function isOf(subject: Measurement['subject'], { scenarioId, trial, try: number }: TrialRecord): boolean {
  return subject.scenario === scenarioId && subject.trial === trial && (subject.try ?? number) === number;
}

function duration(trial: TrialRecord): Measurement[] {
  return trial.seconds === null ? [] : [measured('trial.duration', trial.seconds, 'engine', subjectOf(trial))];
}

/** CPU seconds of the trial's containers / (seconds of its tests × CPUs), of the host and of the lane. */
function utilization(facts: RunFacts, trial: TrialRecord, stored: readonly Measurement[]): Measurement[] {
  const cpuTime = stored.find(({ metric, subject }) => metric === 'trial.cpu.time' && subject.service === undefined);
  if (cpuTime === undefined || trial.seconds === null || trial.seconds <= 0) return [];
  const { seconds } = trial;
  const cores = facts.hosts.find(({ id }) => id === trial.hostId)?.fingerprint.key.cores ?? 0;
  const share = (metric: 'cpu.host.utilization' | 'cpu.lane.utilization', cpus: number, ifNone: string) => {
    if (cpuTime.value.kind !== 'measured') return { ...cpuTime, metric, unit: 'ratio' as const };
    if (cpus === 0) return notAvailable(metric, ifNone, cpuTime.source, subjectOf(trial));
    return measured(metric, cpuTime.value.value / (seconds * cpus), cpuTime.source, subjectOf(trial));
  };
  return [
    share('cpu.host.utilization', cores, 'The number of CPUs of the host is not known.'),
    share('cpu.lane.utilization', trial.lane.cpus.length, 'The trial was not pinned to CPUs.'),
  ];
}

function subjectOf({ scenarioId, trial, try: number }: TrialRecord): Measurement['subject'] {
  return { scenario: scenarioId, trial, try: number };
}
