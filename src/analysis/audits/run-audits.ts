/** Every check that can give advice; a new one is a file in audits/ and a line here. */
import type { Advice, ScenarioResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Audit } from './audit.ts';
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

export function adviseOn(facts: RunFacts, scenarios: readonly ScenarioResult[]): Advice[] {
  const { plan } = facts;
  if (plan === null) return [];
  return AUDITS.flatMap(({ id, audit }) =>
    audit({ facts, plan, scenarios }).map((finding) => ({ id, state: 'predicted' as const, ...finding })),
  );
}
