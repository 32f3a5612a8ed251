import type { TrialRecord } from '../../model/run.ts';
import { judgedTrials } from '../trials/trials.ts';
import { type Audit, type AuditContext, firstOf } from './audit.ts';
import { listOf } from '../../format/list-of.ts';

/**
 * Tests that fail whatever the scenario are no matter of workers, markers or load, and no benchmark mends them. Unpinned
 * dependencies do this to projects that nobody has touched.
 */
export const sameFailures: Audit = {
  id: 'same-failures',
  audit: (context) => {
    const failures = failuresByScenario(context);
    if (failures === null || failures.size < 2) return [];
    const [first = [], ...others] = [...failures.values()];
    const everywhere = first.filter((test) => others.every((tests) => tests.includes(test)));
    if (everywhere.length === 0) return [];
    const which = everywhere.length === 1 ? 'The same test fails' : `The same ${everywhere.length} tests fail`;
    return [
      {
        message: `${which} in ${listOf([...failures.keys()])}, so neither workers nor load are the cause: mend ${everywhere.length === 1 ? 'it' : 'them'} first. Where the project has not changed, a dependency without a pinned version may have.`,
        evidence: [firstOf(everywhere)],
        savedSeconds: null,
      },
    ];
  },
};

/** What failed in each of a scenario's trials; null where one passed, or was not seen from inside. */
function failuresByScenario({ facts, plan }: AuditContext): ReadonlyMap<string, readonly string[]> | null {
  const byScenario = new Map<string, readonly string[]>();
  for (const { id, name } of plan.scenarios) {
    const trials = judgedTrials(facts, id);
    if (trials.length === 0) continue;
    const [first = [], ...others] = trials.map(failed);
    const always = first.filter((test) => others.every((tests) => tests.includes(test)));
    if (always.length === 0) return null;
    byScenario.set(name, always);
  }
  return byScenario;
}

function failed({ outcome, profile }: TrialRecord): readonly string[] {
  return outcome === 'testsFailed' ? (profile?.pytest?.failedTests ?? []) : [];
}
