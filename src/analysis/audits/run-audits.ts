/** Every check that can give advice; a new one is a file in audits/ and a line here. */
import type { Advice, ScenarioResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Audit, AuditContext } from './audit.ts';
import { coverageThreshold } from './coverage-threshold.ts';
import { healthcheckInterval } from './healthcheck-interval.ts';
import { interference } from './interference.ts';
import { memoryLimit } from './memory-limit.ts';
import { missingPlugin } from './missing-plugin.ts';
import { missingPytest } from './missing-pytest.ts';
import { noTestCommand } from './no-test-command.ts';
import { processLimit } from './process-limit.ts';
import { sameFailures } from './same-failures.ts';
import { skippedTests } from './skipped-tests.ts';
import { unregisteredMarker } from './unregistered-marker.ts';
import { unstableCollection } from './unstable-collection.ts';
import { workerCount } from './worker-count.ts';

/** Causes of failures first, then what could be faster. */
export const AUDITS: readonly Audit[] = [
  missingPytest,
  noTestCommand,
  missingPlugin,
  unregisteredMarker,
  unstableCollection,
  coverageThreshold,
  memoryLimit,
  processLimit,
  interference,
  sameFailures,
  skippedTests,
  workerCount,
  healthcheckInterval,
];

export interface AuditResults {
  readonly advice: readonly Advice[];
  /** One for each audit that failed. */
  readonly notes: readonly string[];
}

/** An audit that throws is a defect in Paceline: it becomes a note, and the others go on. */
export function runAudits(
  facts: RunFacts,
  scenarios: readonly ScenarioResult[],
  audits: readonly Audit[] = AUDITS,
): AuditResults {
  const { plan } = facts;
  if (plan === null) return { advice: [], notes: [] };
  const results = audits.map((audit) => resultOf(audit, { facts, plan, scenarios }));
  return { advice: results.flatMap(({ advice }) => advice), notes: results.flatMap(({ notes }) => notes) };
}

function resultOf({ id, audit }: Audit, context: AuditContext): AuditResults {
  try {
    const advice = audit(context).map((finding) => ({ id, state: 'predicted' as const, ...finding }));
    return { advice, notes: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const note = `The check \`${id}\` failed (${reason}). This is a defect in Paceline; please report it.`;
    return { advice: [], notes: [note] };
  }
}
