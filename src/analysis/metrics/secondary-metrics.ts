/**
 * One judged row for each secondary metric: of the primary scenario's clean trials, or of what was measured after its trials.
 * A suite without a clean trial has the figures of its failed ones, which are marked so.
 */
import { METRICS } from '../../model/measurement.ts';
import type { MetricResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { targetVerdict } from '../judge/target-verdict.ts';
import { SECONDARY_METRICS, type SecondaryMetric } from '../judge/secondary-targets.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials, isOfFailedTrial, judgedTrials } from '../trials/trials.ts';

/** @param trials the rows of single trials, from which the figure is combined */
export function secondaryMetrics(facts: RunFacts, trials: readonly MetricResult[]): MetricResult[] {
  const primary = facts.plan?.scenarios.find((scenario) => scenario.primary);
  if (!facts.plan || !primary) return [];
  const { targets } = facts.plan;
  const all = trials.filter(({ scenario, trial }) => scenario === primary.name && trial !== null);
  const rowsOf = (records: readonly Pick<TrialRecord, 'trial'>[]) => {
    const numbers = new Set(records.map(({ trial }) => trial));
    return all.filter(({ trial }) => trial !== null && numbers.has(trial));
  };
  const clean = rowsOf(cleanTrials(facts, primary.id));
  const rows = clean.length > 0 ? clean : rowsOf(judgedTrials(facts, primary.id).filter(isOfFailedTrial));
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
  const measuredRows = rows.filter(({ value }) => value !== null);
  const samples = samplesOf(measuredRows.map(({ value }) => value!));
  const row = { metric, unit: METRICS[metric].unit, scenario, trial: null, service: null, target };
  if (samples === null) {
    const reason =
      rows[0]?.reason ??
      (trials.length === 0 ? 'Needs a trial of the primary scenario whose tests ran.' : 'Not measured in this run.');
    const source = rows[0]?.source ?? 'none';
    return { ...row, value: null, reason, source, ofFailedTrial: false, verdict: 'notMeasured' };
  }
  const value = combine(samples);
  const { source } = measuredRows[0]!;
  const ofFailedTrial = measuredRows.every((each) => each.ofFailedTrial);
  const verdict = target === null ? 'notApplicable' : targetVerdict(value, target);
  return { ...row, value, reason: null, source, ofFailedTrial, verdict };
}
