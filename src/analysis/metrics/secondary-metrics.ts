/** One judged row for each secondary metric, made of the primary scenario's clean trials, or what was measured after them. */
import { METRICS } from '../../model/measurement.ts';
import type { MetricResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { against } from '../against.ts';
import { SECONDARY_METRICS, type SecondaryMetric } from '../secondary-targets.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials } from '../trials.ts';

/** @param trials the rows of single trials, from which the figure is combined */
export function secondaryMetrics(facts: RunFacts, trials: readonly MetricResult[]): MetricResult[] {
  const primary = facts.plan?.scenarios.find((scenario) => scenario.primary);
  if (!facts.plan || !primary) return [];
  const { targets } = facts.plan;
  const clean = new Set(cleanTrials(facts, primary.id).map(({ trial }) => trial));
  const all = trials.filter(({ scenario, trial }) => scenario === primary.name && trial !== null);
  const rows = all.filter(({ trial }) => trial !== null && clean.has(trial));
  return SECONDARY_METRICS.map((secondary) => {
    const measuredAfter = secondary.afterTests && all.some(({ metric }) => metric === secondary.metric);
    return judged(secondary, primary.name, measuredAfter ? all : rows, secondary.limit(targets));
  });
}

function judged(
  { metric, combine }: SecondaryMetric,
  scenario: string,
  trials: readonly MetricResult[],
  target: number | null,
): MetricResult {
  const rows = trials.filter((row) => row.metric === metric && row.service === null);
  const samples = samplesOf(rows.map(({ value }) => value).filter((value) => value !== null));
  const row = { metric, unit: METRICS[metric].unit, scenario, trial: null, service: null, target };
  if (samples === null) {
    const reason =
      rows[0]?.reason ??
      (trials.length === 0 ? 'That needs a clean trial of the primary scenario.' : 'Not measured in this run.');
    return { ...row, value: null, reason, source: rows[0]?.source ?? 'none', verdict: 'notMeasured' };
  }
  const value = combine(samples);
  const { source } = rows.find((measuredRow) => measuredRow.value !== null)!;
  return { ...row, value, reason: null, source, verdict: target === null ? 'notApplicable' : against(value, target) };
}
