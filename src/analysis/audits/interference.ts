import type { ScenarioResult, TrialResult } from '../../model/result.ts';
import { type Audit, listOf } from './audit.ts';
import { workersOf, workerWords } from './workers.ts';

const RED = new Set<TrialResult['outcome']>(['testsFailed', 'testsBroken', 'noTests']);

/**
 * The same command is green in a single process and red beside others: tests that share a database, a file or a port.
 * Without this, the broken run would be read as the fastest one.
 */
export const interference: Audit = {
  id: 'interference',
  audit: ({ scenarios }) =>
    scenarios.filter(isGreenAlone).flatMap((alone) => {
      const red = scenarios.filter(
        (scenario) => isParallel(scenario) && isRed(scenario) && differByWorkersAlone(alone, scenario),
      );
      if (red.length === 0) return [];
      const names = listOf(red.map(({ name }) => name));
      return [
        {
          message:
            `${names} ${red.length > 1 ? 'are' : 'is'} red with parallel workers, while ${alone.name} is green without them. That points to tests that ` +
            'interfere with each other: give each worker its own database, files and ports (xdist names it in PYTEST_XDIST_WORKER).',
          evidence: [alone, ...red].map(evidence),
          savedSeconds: null,
        },
      ];
    }),
};

function isGreenAlone({ command, trials, verdict }: ScenarioResult): boolean {
  const isGreen = (verdict === 'pass' || verdict === 'missed') && trials.some(({ tests }) => tests !== null);
  return isGreen && command !== null && !isParallelCommand(command);
}

function isParallel({ command }: ScenarioResult): boolean {
  return command !== null && isParallelCommand(command);
}

function isParallelCommand(command: readonly string[]): boolean {
  const { count } = workersOf(command);
  return count !== null && count !== 0 && count !== 1;
}

function isRed({ trials }: ScenarioResult): boolean {
  return trials.some(({ kind, outcome, reason }) => kind === 'measured' && RED.has(outcome) && !isUsageError(reason));
}

/** A missing plugin or an unregistered marker breaks a run alike with and without workers; the other audits name it. */
function isUsageError(reason: string | null): boolean {
  return reason !== null && /unrecognized arguments|not found in .?markers/.test(reason);
}

function differByWorkersAlone(a: ScenarioResult, b: ScenarioResult): boolean {
  return workersOf(a.command ?? []).rest.join('\0') === workersOf(b.command ?? []).rest.join('\0');
}

function evidence({ name, command, trials }: ScenarioResult): string {
  const { outcome, reason, tests } = trials.find((trial) => trial.outcome !== 'passed') ?? trials[0]!;
  const counts = tests === null ? '' : ` (${tests.passed} passed, ${tests.failed} failed, ${tests.errors} errors)`;
  const end = outcome === 'passed' ? 'green' : (reason ?? outcome);
  return `${name}, ${workerWords(workersOf(command ?? []).count)}: ${end}${counts}`;
}
