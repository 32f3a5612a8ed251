import type { TrialRecord } from '../../../model/run.ts';
import { judgedTrials } from '../../trials/trials.ts';
import { type Audit, type AuditContext, firstOf } from '../audit.ts';
import { listOf } from '../../../format/list-of.ts';

/**
 * Tests that fail in every scenario do not depend on workers, markers or load. Dependencies without a pinned version do this
 * to projects that have not changed.
 */
export const sameFailures: Audit = {
  id: 'same-failures',
  title: 'The same tests fail in every scenario',
  ok: 'No test fails in every scenario.',
  requires: ['trials', 'pytest'],
  audit: (context) => {
    if (context.plan.scenarios.length < 2) return [{ kind: 'notApplicable', reason: 'The plan has one scenario.' }];
    const failures = failuresByScenario(context);
    if (failures === null || failures.size < 2) return [];
    const everywhere = inAll([...failures.values()]);
    if (everywhere.length === 0) return [];
    const which = everywhere.length === 1 ? 'The same test fails' : `The same ${everywhere.length} tests fail`;
    return [
      {
        kind: 'problem',
        message: `${which} in ${listOf([...failures.keys()])}, so neither workers nor load are the cause: fix ${everywhere.length === 1 ? 'it' : 'them'} first. Where the project has not changed, a dependency without a pinned version may have.`,
        evidence: [firstOf(everywhere)],
      },
    ];
  },
};

/** What failed in each of a scenario's trials; null where one passed, or has no profile of pytest. */
function failuresByScenario({ facts, plan }: AuditContext): ReadonlyMap<string, readonly string[]> | null {
  const byScenario = new Map<string, readonly string[]>();
  for (const { id, name } of plan.scenarios) {
    const trials = judgedTrials(facts, id);
    if (trials.length === 0) continue;
    const always = inAll(trials.map(failed));
    if (always.length === 0) return null;
    byScenario.set(name, always);
  }
  return byScenario;
}

/** The tests that are in every one of the lists. */
function inAll([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter((test) => others.every((tests) => tests.includes(test)));
}

function failed({ outcome, profile }: TrialRecord): readonly string[] {
  return outcome === 'testsFailed' ? (profile?.pytest?.failedTests ?? []) : [];
}
