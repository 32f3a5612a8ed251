/** From the stored facts of a run to its judged result. Pure: it may run again at any time, with other thresholds. */
import type { StoredVerification } from '../model/advice.ts';
import { RESULT_SCHEMA_VERSION, type RunResult } from '../model/result.ts';
import type { RunFacts } from '../model/run.ts';
import { withVerifications } from './advice/with-verifications.ts';
import { runAudits } from './audits/run-audits.ts';
import { raiseAlerts } from './judge/run-alerts.ts';
import { collectErrors } from './judge/errors.ts';
import { scenariosLeftOut } from './left-out.ts';
import { collectMetrics } from './metrics/metrics.ts';
import { collectNotes } from './judge/notes.ts';
import { judgePhases } from './judge/phases.ts';
import type { Compared } from './regression/in-result.ts';
import { judgeScenarios } from './judge/scenarios.ts';
import { buildsOf } from './profile/builds-result.ts';
import { failedTestsOf } from './profile/failed-tests.ts';
import { resourcesOf } from './profile/resources-result.ts';
import { detailsOf } from './profile/pytest-details.ts';
import { logsOf, servicesOf } from './profile/services-result.ts';
import { decide } from './judge/verdict.ts';

/**
 * Judges a run by the targets of its plan. Every run gets a result, however early it ended: what is missing is null with
 * a reason, and what went wrong is in `errors`.
 * @param compared what the runs before say of it (`compareWithPast`); without it the run is judged by itself
 * @param verified how remedies of the project ended that were tried before
 */
export function analyze(
  facts: RunFacts,
  compared: Compared | null = null,
  verified: readonly StoredVerification[] = [],
): RunResult {
  const scenarios = judgeScenarios(facts);
  const phases = judgePhases(facts, scenarios);
  const metrics = collectMetrics(facts, phases);
  const alerts = [...raiseAlerts(facts, { phases, scenarios, metrics }), ...(compared?.alerts ?? [])];
  const errors = collectErrors(facts);
  const audits = runAudits(facts, scenarios);
  const failed = failedTestsOf(facts);
  const { plan, cancelled } = facts;
  return {
    ...identity(facts),
    ...decide({ phases, scenarios, metrics, alerts, errors, plan, cancelled }),
    phases,
    scenarios,
    scenariosLeftOut: scenariosLeftOut(plan?.leftOut),
    ...(failed.length === 0 ? {} : { failedTests: failed }),
    metrics,
    builds: buildsOf(facts.builds),
    startup: facts.startup?.services ?? [],
    tearDown: facts.startup?.tearDown ?? null,
    pytest: detailsOf(facts),
    services: servicesOf(facts),
    resources: resourcesOf(facts),
    logs: logsOf(facts),
    alerts,
    advice: withVerifications(audits.advice, verified),
    checks: audits.checks,
    errors,
    notes: [...collectNotes(facts, phases, scenarios), ...audits.notes, ...(compared?.notes ?? [])],
  };
}

function identity({ run, project, startedAt, source, hosts, standIns }: RunFacts) {
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    runId: run.runId,
    workflowId: run.workflowId,
    project,
    startedAt,
    source: {
      origin: source?.origin ?? null,
      commit: source?.commit ?? null,
      branch: source?.branch ?? null,
      dirty: source?.dirty ?? null,
    },
    hosts: hosts.map(({ id, fingerprint }) => ({ id, fingerprint, standIns })),
  } as const;
}
