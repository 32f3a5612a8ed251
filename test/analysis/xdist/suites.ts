/** Suites for the simulation, with nothing in them that a test does not ask for. */
import type { Suite, SuiteTest } from '../../../src/analysis/xdist/suite.ts';

export interface AskedTest {
  readonly id: string;
  readonly busy?: number;
  readonly wait?: number;
  readonly uses?: readonly number[];
}

export function suite({
  tests,
  ...rest
}: { readonly tests: readonly AskedTest[] } & Partial<Omit<Suite, 'tests'>>): Suite {
  return {
    fixtures: [],
    startSeconds: 0,
    collectSeconds: 0,
    workerSeconds: 0,
    overheadSeconds: 0,
    reportSeconds: 0,
    outsideSeconds: 0,
    ...rest,
    tests: tests.map(test),
  };
}

function test({ id, busy = 0, wait = 0, uses = [] }: AskedTest): SuiteTest {
  const parts = id.split('::');
  return {
    id,
    file: parts[0]!,
    suiteClass: parts.length > 2 ? parts.slice(1, -1).join('::') : null,
    scope: parts.slice(0, -1).join('::'),
    group: null,
    uses,
    busy,
    wait,
  };
}
