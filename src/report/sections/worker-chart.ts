/** The workers of pytest as lanes with their tests, of the trial that the report is about. */
import { workerLanes } from '../../analysis/profile/worker-lanes.ts';
import { namedTrial } from '../../analysis/trials/typical-trial.ts';
import type { TestTable } from '../../model/profile/test-table.ts';
import type { RunResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { type Block, code, seconds, table } from '../blocks.ts';
import type { GanttData, GanttLane } from '../charts/chart.ts';

/** @returns no block where the facts have no table of all tests */
export function workerChart({ pytest }: RunResult, facts: RunFacts | null): readonly Block[] {
  const tests =
    pytest === null || facts === null
      ? null
      : (namedTrial(facts, pytest.scenario, pytest.trial)?.profile?.pytest?.table ?? null);
  if (tests === null || tests.at.length === 0) return [];
  const [shown] = table(
    ['Worker', '>Tests', '>Busy', 'Its longest test', '>'],
    workerLanes(tests, tests.at.length).map(({ worker, bars }) => {
      const longest = bars.reduce((most, bar) => (bar.testSeconds > most.testSeconds ? bar : most));
      const busy = bars.reduce((sum, { testSeconds }) => sum + testSeconds, 0);
      return [worker, String(bars.length), seconds(busy), code(longest.id), seconds(longest.testSeconds)];
    }),
  );
  return [{ kind: 'chart', id: 'workers', chart: lanes(tests), table: shown ?? null }];
}

function lanes(tests: TestTable): GanttData {
  return {
    kind: 'gantt',
    title: 'Tests on the workers',
    kinds: [
      { id: 'test', label: 'a test', series: 'series-4' },
      { id: 'tests', label: 'several short tests', series: 'series-6' },
    ],
    lanes: workerLanes(tests).map(
      ({ worker, bars }): GanttLane => ({
        label: worker,
        bars: bars.map((bar) => ({
          from: bar.fromSeconds,
          to: bar.toSeconds,
          kind: bar.tests === 1 ? 'test' : 'tests',
          label: bar.tests === 1 ? nameFirst(bar.id) : `${bar.tests} tests from ${nameFirst(bar.id)} on`,
        })),
      }),
    ),
  };
}

/** `test_buy (tests/test_shop.py::TestShop)`: a short bar has room for the start alone, and files share theirs. */
function nameFirst(id: string): string {
  const at = id.lastIndexOf('::');
  return at === -1 ? id : `${id.slice(at + 2)} (${id.slice(0, at)})`;
}
