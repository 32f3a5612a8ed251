/** All figures of a run in one list: those of the whole run, the secondary metrics, those of each trial. */
import type { Measurement } from '../../model/measurement.ts';
import type { MetricResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { runMetrics } from './run-metrics.ts';
import { secondaryMetrics } from './secondary-metrics.ts';
import { trialMetrics } from './trial-metrics.ts';
import { metricResult } from './metric-result.ts';
import type { Phases } from '../judge/phases.ts';

export function collectMetrics(facts: RunFacts, phases: Phases): MetricResult[] {
  const trials = trialMetrics(facts);
  return withoutRepeats([
    ...runMetrics(facts, phases),
    ...secondaryMetrics(facts, trials),
    ...trials,
    ...facts.measurements.filter(isOfNoTrial).map((measurement) => metricResult(facts, measurement)),
  ]);
}

function isOfNoTrial({ subject }: Measurement): boolean {
  return subject.trial === undefined;
}

/** The first of several rows on the same thing: the judged one stands before the stored one that it was made of. */
function withoutRepeats(rows: readonly MetricResult[]): MetricResult[] {
  const seen = new Set<string>();
  return rows.filter(({ metric, scenario, trial, service }) => {
    const key = JSON.stringify([metric, scenario, trial, service]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
