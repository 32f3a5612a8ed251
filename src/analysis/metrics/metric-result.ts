import type { Measurement } from '../../model/measurement.ts';
import type { MetricResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';

/** A stored measurement as a row of the result. It has no target of its own: what is judged is made of several rows. */
export function metricResult(
  facts: RunFacts,
  { metric, unit, value, source, subject }: Measurement,
  ofFailedTrial = false,
): MetricResult {
  const isMeasured = value.kind === 'measured';
  return {
    metric,
    unit,
    value: isMeasured ? value.value : null,
    reason: isMeasured ? null : value.reason,
    source,
    scenario: subject.scenario === undefined ? null : scenarioName(facts, subject.scenario),
    trial: subject.trial ?? null,
    service: subject.service ?? null,
    ofFailedTrial,
    target: null,
    verdict: isMeasured ? 'notApplicable' : 'notMeasured',
  };
}

/** Measurements name their scenario by its id, results by its name. */
function scenarioName({ plan }: RunFacts, id: string): string {
  return plan?.scenarios.find((scenario) => scenario.id === id)?.name ?? id;
}
