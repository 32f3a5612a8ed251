/** What predict_recorder.py wrote of one run, as the profile that the simulation reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureCost, PytestProfile } from '../../../src/model/profile/pytest-profile.ts';

interface TestLine {
  readonly k: 'test';
  readonly id: string;
  readonly at: number;
  readonly to: number;
  readonly cpu: number;
  readonly uses: readonly string[];
  readonly setup?: number;
  readonly call?: number;
  readonly teardown?: number;
}

type Line =
  | TestLine
  | { readonly k: 'session'; readonly at: number; readonly workers: number; readonly dist: string }
  | { readonly k: 'ready'; readonly at: number }
  | {
      readonly k: 'end';
      readonly at: number;
      readonly fixtures: Readonly<Record<string, readonly [number, number, number]>>;
    };

interface Process {
  readonly worker: string;
  readonly lines: readonly Line[];
}

export interface Container {
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** @returns null where a process did not come to its end */
export function profileOf(folder: string, { startedAt, finishedAt }: Container): PytestProfile | null {
  const processes = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map(
      (name): Process => ({
        worker: name.replace(/\.jsonl$/, ''),
        lines: readFileSync(join(folder, name), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Line),
      }),
    );
  const main = processes.find(({ worker }) => worker === 'main');
  const session = main?.lines.find((line) => line.k === 'session');
  const end = main?.lines.find((line) => line.k === 'end');
  const runners = processes.filter(({ lines }) => lines.some(({ k }) => k === 'test'));
  const tests = runners
    .flatMap(({ worker, lines }) => lines.filter((line) => line.k === 'test').map((line) => ({ ...line, worker })))
    .toSorted((a, b) => a.at - b.at);
  if (session === undefined || end === undefined || tests.length === 0) return null;
  const ready = Math.max(
    ...(session.workers === 0 ? [main!] : runners).flatMap(({ lines }) =>
      lines.flatMap((line) => (line.k === 'ready' ? [line.at] : [])),
    ),
  );
  const lastTest = Math.max(...tests.map(({ to }) => to));
  const files = [...new Set(tests.map(({ id }) => fileOf(id)))];
  const workers = runners.map(({ worker }) => worker);
  const fixtures = [...new Set(tests.flatMap(({ uses }) => uses))];
  const numbers = new Map(fixtures.map((key, index) => [key, index]));
  const from = tests[0]!.at;
  return {
    sessions: 1,
    configuration: configuration(session),
    path: {
      start: session.at - startedAt,
      collection: ready - session.at,
      tests: lastTest - ready,
      report: end.at - lastTest,
      outside: finishedAt - end.at,
    },
    tests: { passed: tests.length, failed: 0, errors: 0, skipped: 0 },
    testSet: {
      count: tests.length,
      digest: tests
        .map(({ id }) => id)
        .toSorted()
        .join('\n'),
    },
    coverageReportSeconds: null,
    workers: [],
    slowestTests: [],
    fixtures: costsOf(processes),
    markers: [],
    directories: [],
    files: [],
    failedTests: [],
    unfinishedTest: null,
    table: {
      files,
      file: tests.map(({ id }) => files.indexOf(fileOf(id))),
      name: tests.map(({ id }) => id.slice(fileOf(id).length + 2)),
      worker: tests.map(({ worker }) => workers.indexOf(worker)),
      workers,
      at: tests.map(({ at }) => at - from),
      seconds: tests.map(({ at, to }) => to - at),
      setup: tests.map(({ setup = 0 }) => setup),
      call: tests.map(({ call = 0 }) => call),
      teardown: tests.map(({ teardown = 0 }) => teardown),
      cpu: tests.map(({ cpu }) => cpu),
      fixtures,
      uses: tests.map(({ uses }) => uses.map((key) => numbers.get(key)!)),
      leftOut: 0,
    },
  };
}

function fileOf(id: string): string {
  return id.split('::')[0]!;
}

function configuration({
  workers,
  dist,
}: {
  readonly workers: number;
  readonly dist: string;
}): PytestProfile['configuration'] {
  return {
    python: '',
    pytest: '',
    plugins: [],
    workers,
    distribution: workers === 0 ? null : dist,
    coverage: false,
    markers: null,
    keyword: null,
    randomOrder: null,
    strictMarkers: false,
    maxFailures: 0,
    addopts: [],
    file: null,
  };
}

/** Summed over all processes, the forty costliest, as Paceline's probe keeps them. */
function costsOf(processes: readonly Process[]): FixtureCost[] {
  const all = new Map<string, [number, number, number]>();
  for (const { lines } of processes)
    for (const line of lines)
      if (line.k === 'end')
        for (const [key, [count, seconds, teardown]] of Object.entries(line.fixtures)) {
          const known = all.get(key) ?? [0, 0, 0];
          all.set(key, [known[0] + count, known[1] + seconds, known[2] + teardown]);
        }
  return [...all]
    .toSorted(([, a], [, b]) => b[1] + b[2] - a[1] - a[2])
    .slice(0, 40)
    .map(([key, [count, seconds, teardown]]) => {
      const [name = '', scope = '', where = ''] = key.split('|');
      return { name, scope, where, count, seconds, slowest: seconds, teardown };
    });
}
