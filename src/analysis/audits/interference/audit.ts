import type { OutputHintKind } from '../../../model/output-hint.ts';
import type { ScenarioResult, TrialResult } from '../../../model/result.ts';
import type { TrialRecord } from '../../../model/run.ts';
import { type Audit, type AuditContext, failedTrials, firstOf } from '../audit.ts';
import { listOf } from '../../../format/list-of.ts';
import { effectiveWorkers, workersOf, workerWords } from '../workers.ts';

const RED = new Set<TrialResult['outcome']>(['testsFailed', 'testsBroken', 'noTests']);

/**
 * The same command passes in a single process and fails with several: tests that share a database, a file or a port.
 * Without this, the broken run would be read as the fastest one.
 */
export const interference: Audit = {
  id: 'interference',
  title: 'Parallel tests interfere with each other',
  ok: 'No scenario is green in a single process and red with parallel workers.',
  requires: ['trials'],
  audit: (context) =>
    context.scenarios.filter(isGreenAlone).flatMap((alone) => {
      const red = context.scenarios.filter(
        (other) => isParallel(other) && isRed(context, other) && differByWorkersAlone(alone, other),
      );
      if (red.length === 0) return [];
      const names = listOf(red.map(({ name }) => name));
      return [
        {
          kind: 'problem',
          message:
            `${names} ${red.length > 1 ? 'are' : 'is'} red with parallel workers, while ${alone.name} is green without them. That points to tests that ` +
            'interfere with each other: give each worker its own database, files and ports (xdist names it in PYTEST_XDIST_WORKER).',
          evidence: [...[alone, ...red].map(evidence), ...red.flatMap((each) => failures(context, each))],
        },
      ];
    }),
};

function isGreenAlone(scenario: ScenarioResult): boolean {
  const { command, trials, verdict } = scenario;
  const isGreen = (verdict === 'pass' || verdict === 'missed') && trials.some(({ tests }) => tests !== null);
  return isGreen && command !== null && !isParallel(scenario);
}

function isParallel(scenario: ScenarioResult): boolean {
  if (scenario.command === null) return false;
  const { count } = effectiveWorkers(scenario);
  return count !== null && count !== 0 && count !== 1;
}

function isRed(context: AuditContext, { name }: ScenarioResult): boolean {
  return failedTrials(context).some(
    (trial) => trial.scenarioName === name && RED.has(trial.outcome) && !hasOtherCause(trial),
  );
}

/** Causes that have an audit for themselves, and say nothing about interference. */
const OTHER_CAUSES: ReadonlySet<OutputHintKind> = new Set([
  'unrecognizedArguments',
  'unregisteredMarker',
  'differentTestsCollected',
  'coverageThreshold',
]);

function hasOtherCause({ hint }: TrialRecord): boolean {
  return hint != null && OTHER_CAUSES.has(hint.kind);
}

function differByWorkersAlone(a: ScenarioResult, b: ScenarioResult): boolean {
  return workersOf(a.command ?? []).rest.join('\0') === workersOf(b.command ?? []).rest.join('\0');
}

/** Which tests, and whether they are the same ones each time. */
function failures(context: AuditContext, { name }: ScenarioResult): string[] {
  const lists = failedTrials(context)
    .filter(({ scenarioName }) => scenarioName === name)
    .flatMap(({ profile }) => (profile?.pytest ? [profile.pytest.failedTests] : []))
    .filter((tests) => tests.length > 0);
  const [first, ...others] = lists;
  if (first === undefined) return [];
  const varies = others.some((tests) => tests.join('\n') !== first.join('\n')) ? '; not the same each time' : '';
  return [`${name}, red: ${firstOf([...new Set(lists.flat())])}${varies}`];
}

function evidence(scenario: ScenarioResult): string {
  const { name, trials } = scenario;
  const { outcome, reason, tests } = trials.find((trial) => trial.outcome !== 'passed') ?? trials[0]!;
  const counts = tests === null ? '' : ` (${tests.passed} passed, ${tests.failed} failed, ${tests.errors} errors)`;
  const end = outcome === 'passed' ? 'green' : (reason ?? outcome);
  return `${name}, ${workerWords(effectiveWorkers(scenario).count)}: ${end}${counts}`;
}
