import { describe, expect, test } from 'vitest';
import { clockFault, withoutTimes } from '../../../src/collectors/pytest/clock.ts';
import { readProbe } from '../../../src/collectors/pytest/probe-records.ts';
import { profileOf } from '../../../src/collectors/pytest/profile.ts';
import { suiteEndOf } from '../../../src/collectors/pytest/suite-end.ts';
import { counts, type Line, sessionLine, startLine, testLines, textOf } from './lines.ts';

const BEGUN = [
  startLine(100),
  sessionLine(101),
  { k: 'collected', from: 101, to: 102, n: 3 },
  { k: 'loop', at: 102, n: 3 },
];
const RUNNING = { k: 'test', n: 2, id: 't.py::two', at: 103 };
const ONE = testLines(1, 't.py::one', 102, 103);
const ALL = [1, 2, 3].flatMap((n) => testLines(n, `t.py::${n}`, 101 + n, 102 + n));
const finish = (ended: number, change: Line = {}) => [
  { k: 'looped', at: 106, counts: counts(ended), ended },
  { k: 'finish', at: 106, exit: 0, counts: counts(ended), ended, ...change },
  { k: 'end', at: 107, counts: counts(ended) },
];

function endOf(...processes: readonly (readonly Line[])[]) {
  return suiteEndOf(
    processes.flatMap((lines) => readProbe(textOf(lines))),
    12,
  );
}

describe('a suite stopped', () => {
  test.each([
    ['when its process ended in a test', [...BEGUN, ...ONE, RUNNING], 'processEnded', 'tests', 't.py::two', 1, 3],
    ['when its process ended between tests', [...BEGUN, ...ONE], 'processEnded', 'tests', null, 1, 3],
    [
      'when its process ended in its last test',
      [...BEGUN, ...ALL.slice(0, -1)],
      'processEnded',
      'tests',
      't.py::3',
      2,
      3,
    ],
    ['when its process ended while it collected', BEGUN.slice(0, 2), 'processEnded', 'collection', null, 0, null],
    ['when its process ended before its session', BEGUN.slice(0, 1), 'processEnded', 'start', null, 0, null],
    [
      'when its process ended in its first conftest',
      [{ k: 'loading', at: 100 }],
      'processEnded',
      'start',
      null,
      0,
      null,
    ],
    [
      'when a test called pytest.exit()',
      [
        ...BEGUN,
        ...ONE,
        ...testLines(2, 't.py::two', 103, 104, { o: null }),
        { k: 'interrupted', exit: true, said: 'no database' },
        ...finish(1),
      ],
      'exitCalled',
      'tests',
      't.py::two',
      1,
      3,
    ],
    [
      'when pytest was interrupted',
      [...BEGUN, ...ONE, { k: 'interrupted', exit: false, said: null }, ...finish(1, { exit: 2 })],
      'interrupted',
      'tests',
      null,
      1,
      3,
    ],
    [
      'at a limit of failures',
      [...BEGUN, ...ONE, ...finish(1, { stop: 'stopping after 1 failures' })],
      'limit',
      'tests',
      null,
      1,
      3,
    ],
    ['for an error inside pytest', [...BEGUN, ...ONE, ...finish(1, { exit: 3 })], 'internalError', 'tests', null, 1, 3],
    ['for a reason that is not known', [...BEGUN, ...ONE, ...finish(1)], 'unknown', 'tests', null, 1, 3],
  ] as const)('%s', (_, lines, kind, during, name, ended, collected) => {
    expect(endOf(lines)?.stop).toMatchObject({ cause: { kind }, during, test: name, ended, collected });
  });
});

describe('a suite did not stop early that', () => {
  test.each([
    ['ran all of its tests', [...BEGUN, ...ALL, ...finish(3)]],
    ['ended its process in the first of the last hooks', [...BEGUN, ...ALL, { k: 'looped', at: 106, ended: 3 }]],
    ['ended its process as soon as its last test had ended', [...BEGUN, ...ALL]],
    [
      'called pytest.exit() after its last test',
      [...BEGUN, ...ALL, { k: 'interrupted', exit: true, said: 'x' }, ...finish(3)],
    ],
    ['only collected', [BEGUN[0]!, sessionLine(101, { collectOnly: true }), ...BEGUN.slice(2), ...finish(0)]],
    [
      'showed the help of pytest',
      [{ k: 'loading', at: 100 }, startLine(100), { k: 'end', at: 101 }, { k: 'left', at: 101 }],
    ],
    ['ran its tests in a way that no hook tells', [...BEGUN, ...finish(0)]],
    ['lost lines of its tests and still told its end', [...BEGUN, ...ONE, RUNNING, ...finish(3)]],
  ])('%s', (_, lines) => {
    expect(endOf(lines)?.stop).toBeNull();
  });
});

test('nothing is known of the end where no pytest was found', () => {
  expect(endOf([])).toBeNull();
});

test('of several runs of pytest each must be whole; one that could not begin counts only as the last', () => {
  const whole = [...BEGUN, ...ALL, ...finish(3)];
  const loading = (at: number) => [{ k: 'loading', at, pid: at }];
  expect(endOf([...BEGUN, ...ONE], [{ ...startLine(110), pid: 2 }, ...whole.slice(1)])?.stop).not.toBeNull();
  expect(endOf(loading(50), whole)?.stop).toBeNull();
  expect(endOf(whole, loading(120))?.stop).toMatchObject({ during: 'start' });
});

describe('with workers', () => {
  const controller = (...lines: readonly Line[]) => [
    startLine(100),
    sessionLine(101, { workers: 2, dist: 'load', controller: true }),
    { k: 'collected', from: 101, to: 101, n: 0 },
    ...lines,
  ];
  const worker = (name: string, pid: number, ...lines: readonly Line[]) => [
    startLine(102, { pid, parent: 1, worker: name }),
    sessionLine(102.5, { dump: null }),
    { k: 'collected', from: 102.5, to: 103, n: 3 },
    ...lines,
  ];
  const down = (name: string, said: string, cause: string | null = null) => ({
    k: 'workerDown',
    at: 106,
    worker: name,
    said,
    cause,
  });
  const DIED = 'Not properly terminated';

  test('what they ran together is what the suite ran', () => {
    const one = worker('gw0', 7, ...testLines(1, 'a', 103, 104), ...testLines(2, 'b', 104, 105), {
      k: 'finish',
      exit: 0,
    });
    const other = worker('gw1', 8, ...testLines(1, 'c', 103, 104), { k: 'finish', exit: 0 });
    expect(endOf(controller(...finish(3)), one, other)).toMatchObject({ stop: null, crashes: [] });
  });

  test('a test that crashed its worker is named, with the time limit that was over', () => {
    const timeout = { k: 'timeout', seconds: 2, method: 'thread' };
    const texts = [
      controller(down('gw0', DIED), down('gw1', DIED), ...finish(3, { exit: 1 })),
      worker('gw0', 7, { k: 'test', n: 1, id: 'a', at: 103 }),
      worker('gw1', 8, timeout, { k: 'test', n: 1, id: 'b', at: 103 }),
      worker('gw2', 9, ...testLines(1, 'c', 103, 104)),
    ];
    expect(endOf(...texts)).toMatchObject({
      crashes: [
        { test: 'a', worker: 'gw0', timeout: null },
        { test: 'b', worker: 'gw1', timeout: { seconds: 2, by: 'pytest-timeout' } },
      ],
      workerErrors: [],
      lostWorkers: 0,
    });
  });

  test.each([
    [
      '_pytest.config.ConftestImportFailure: RuntimeError: no licence (from /app/conftest.py)',
      'RuntimeError: no licence',
      'RuntimeError: no licence (from /app/conftest.py)',
    ],
    [
      '_pytest.config.PluginImportFailure: plug',
      "ModuleNotFoundError: No module named 'x'",
      "PluginImportFailure: plug: ModuleNotFoundError: No module named 'x'",
    ],
    ['RuntimeError: x', 'RuntimeError: x', 'RuntimeError: x'],
  ])('the error that prevented the start of workers is reported once: %s', (said, cause, words) => {
    const lines = controller(down('gw0', said, cause), down('gw1', said, cause), ...finish(0, { exit: 5 }));
    expect(endOf(lines)).toMatchObject({ workerErrors: [words], lostWorkers: 0 });
  });

  test('a worker that ended before any test ran has no error and no test', () => {
    expect(endOf(controller(down('gw0', DIED), ...finish(0, { exit: 5 })))).toMatchObject({
      crashes: [],
      workerErrors: [],
      lostWorkers: 1,
    });
  });

  test('a test that called pytest.exit() is found in its worker', () => {
    const leaving = worker('gw0', 7, ...testLines(1, 'a', 103, 104, { o: null }), {
      k: 'interrupted',
      exit: true,
      said: 'x',
    });
    expect(endOf(controller(...finish(0, { exit: 3 })), leaving)?.stop).toMatchObject({
      cause: { kind: 'exitCalled', message: 'x' },
      test: 'a',
    });
  });
});

test('a timeout is recognized by the end of the container, which may have started long before its start was stamped', () => {
  const clock = { wall: 1_000_100, age: 3, own: 3 };
  const lines = [
    startLine(100, clock),
    ...BEGUN.slice(1),
    ...ONE,
    { k: 'timeout', seconds: 2, method: 'thread' },
    RUNNING,
  ];
  const timeout = (finishedAt: number | null) => suiteEndOf(readProbe(textOf(lines)), 6, finishedAt)?.stop?.timeout;
  expect(timeout(1_000_105.1)).toEqual({ seconds: 2, by: 'pytest-timeout' });
  expect(timeout(1_000_103.4)).toBeNull();
  for (const ofAnotherClock of [null, 999_000, 1_001_000]) expect(timeout(ofAnotherClock)).toBeNull();
});

test('a time limit that ends the process is reported with its place, and no other limit is', () => {
  const timeoutIn = (...lines: readonly Line[]) => endOf([...BEGUN, ...ONE, ...lines, RUNNING])?.stop?.timeout;
  // The container ended at 110 by this clock.
  expect(timeoutIn({ k: 'timeout', seconds: 5, method: 'thread' })).toEqual({ seconds: 5, by: 'pytest-timeout' });
  expect(timeoutIn({ k: 'timeout', seconds: 30, method: 'thread' })).toBeNull();
  expect(timeoutIn({ k: 'timeout', seconds: 5, method: 'signal' })).toBeNull();
  expect(timeoutIn({ k: 'timeout', seconds: 5, method: 'thread' }, { k: 'timeout', seconds: null })).toBeNull();
});

describe("the container's clock", () => {
  const lines = (change: { readonly up?: number; readonly end?: number; readonly done?: number }) => [
    startLine(100, { since: 100, up: 500 }),
    ...BEGUN.slice(1),
    ...testLines(1, 't.py::one', 102, change.done ?? 105),
    { k: 'finish', at: change.end ?? 106, up: change.up ?? 506, exit: 0, ended: 3 },
  ];
  const fault = (change: Parameters<typeof lines>[0], seconds: number | null = 8) =>
    clockFault(readProbe(textOf(lines(change))), seconds);

  test.each([
    ['is right', {}, null],
    ['is right within hundredths', { up: 506.02 }, null],
    ['runs ten times too fast', { up: 500.6 }, "the container's clock counted 6 s while 600 ms passed"],
    ['runs ten times too slowly', { up: 560 }, "the container's clock counted 6 s while 1 min passed"],
    ['goes back', { end: 50 }, "the container's clock was set back"],
    ['goes back within a test', { done: 20 }, "the container's clock was set back while a test ran"],
  ])('%s', (_, change, words) => {
    expect(fault(change)).toBe(words);
  });

  test('is measured against the container alone where the kernel tells nothing', () => {
    const unknown = readProbe(textOf(lines({}).map((line) => ({ ...line, up: null }))));
    expect(clockFault(unknown, 8)).toBeNull();
    expect(clockFault(unknown, 1)).toBe("the container's clock counted 4 s while 1 s passed");
    expect(clockFault(unknown, null)).toBeNull();
  });

  test('that cannot be believed leaves what ran and how it ended, and no time', () => {
    const profile = profileOf(readProbe(textOf([...BEGUN, ...ALL, ...finish(3)])), 12)!;
    const left = withoutTimes(profile);
    expect(left).toMatchObject({ path: null, tests: profile.tests, testSet: profile.testSet, slowestTests: [] });
    expect(JSON.stringify(left)).not.toMatch(/econds":\d/);
  });

  test('a test that it went back in has ended all the same', () => {
    const sessions = readProbe(textOf(lines({ done: 20 })));
    expect(profileOf(sessions, 8)).toMatchObject({ unfinishedTest: null });
  });
});
