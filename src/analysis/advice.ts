/** Every check that can give advice; a new one is a file in audits/ and a line here. */
import type { Advice, ScenarioResult } from '../model/result.ts';
import type { RunFacts } from '../model/run.ts';
import type { Audit } from './audits/audit.ts';
import { coverageThreshold } from './audits/coverage-threshold.ts';
import { healthcheckInterval } from './audits/healthcheck-interval.ts';
import { interference } from './audits/interference.ts';
import { memoryLimit } from './audits/memory-limit.ts';
import { missingPlugin } from './audits/missing-plugin.ts';
import { missingPytest } from './audits/missing-pytest.ts';
import { noTestCommand } from './audits/no-test-command.ts';
import { processLimit } from './audits/process-limit.ts';
import { sameFailures } from './audits/same-failures.ts';
import { skippedTests } from './audits/skipped-tests.ts';
import { unregisteredMarker } from './audits/unregistered-marker.ts';
import { unstableCollection } from './audits/unstable-collection.ts';
import { workerCount } from './audits/worker-count.ts';

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
