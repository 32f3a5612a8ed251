import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutTimes } from '../../../src/collectors/pytest/clock.ts';
import { readProbe } from '../../../src/collectors/pytest/probe-records.ts';
import { profileOf } from '../../../src/collectors/pytest/profile.ts';
import { MOST_CHARACTERS, MOST_ROWS } from '../../../src/collectors/pytest/table.ts';
import { type Line, sessionLine, startLine, testLines, textOf } from './lines.ts';

const FIXTURES: readonly Line[] = [
  { k: 'fixture', n: 0, key: ['db', 'session', 'tests'] },
  { k: 'fixture', n: 1, key: ['row', 'function', 'tests/test_a.py'] },
  { k: 'uses', n: 0, fixtures: [0] },
  { k: 'uses', n: 1, fixtures: [0, 1] },
];

/** One process that began at 100 s. */
function single(lines: readonly Line[], session: Line = {}) {
  return profileOf(readProbe(textOf([startLine(100), sessionLine(101, session), ...lines])), null)!;
}

/** A controller with workers, whose lines are given. */
function parallel(controller: readonly Line[], ...workers: readonly (readonly Line[])[]) {
  const main = [startLine(100), sessionLine(101, { workers: workers.length, controller: true }), ...controller];
  const texts = workers.map((lines, i) => [
    startLine(102, { pid: 7 + i, parent: 1, worker: `gw${i}` }),
    sessionLine(102.5, { cpu: 1 }),
    ...lines,
  ]);
  return profileOf(
    [main, ...texts].flatMap((lines) => readProbe(textOf(lines))),
    null,
  )!;
}

describe('the table of all tests', () => {
  test('has a row for each test that ended, in the order in which they started, over all workers', () => {
    const { table } = parallel(
      [],
      [...testLines(1, 't/a.py::C::x', 110, 112, { s: 0.5, c: 1, d: 0.25, u: 1.5 })],
      [...testLines(1, 't/a.py::y[::]', 109, 110, { u: 0.25 }), { k: 'test', n: 2, id: 't/b.py::z', at: 111 }],
    );
    expect(table).toEqual({
      files: ['t/a.py'],
      file: [0, 0],
      name: ['y[::]', 'C::x'],
      workers: ['gw1', 'gw0'],
      worker: [0, 1],
      at: [0, 1],
      seconds: [1, 2],
      setup: [0, 0.5],
      call: [1, 1],
      teardown: [0, 0.25],
      cpu: [0.25, 1.5],
      fixtures: [],
      uses: null,
      leftOut: 0,
    });
  });

  test('names the fixtures that each test uses once', () => {
    const { table } = single([
      ...FIXTURES,
      ...testLines(1, 't.py::a', 103, 104, { f: 1 }),
      ...testLines(2, 't.py::b', 104, 105, { f: 0 }),
      ...testLines(3, 't.yaml::c', 105, 106, { f: null }),
    ]);
    expect(table).toMatchObject({
      fixtures: ['db|session|tests', 'row|function|tests/test_a.py'],
      uses: [[0, 1], [0], []],
      cpu: null,
    });
  });

  test('tells in which line each test begins, where that is known', () => {
    const { table } = single([...testLines(1, 't.py::a', 103, 104, { l: 12 }), ...testLines(2, 't.yaml::b', 104, 105)]);
    expect(table).toMatchObject({ line: [12, null] });
  });

  test('leaves the shortest out where there is no room, and counts them', () => {
    const seconds = (n: number) => (n % 3 === 0 ? 0.01 : 0.02);
    const lines = Array.from({ length: MOST_ROWS * 1.2 }, (_, n) => testLines(n, `t.py::t${n}`, n, n + seconds(n)));
    const { table } = single(lines.flat());
    expect(table!.name).toHaveLength(MOST_ROWS);
    expect(table!.leftOut).toBe(MOST_ROWS * 0.2);
    expect(table!.seconds.filter((each) => each > 0.015)).toHaveLength(MOST_ROWS * 0.8);
  });

  test('is bounded whatever the tests are called, and by its names too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 50, maxLength: 200 }), (name) => {
        const lines = Array.from({ length: 12_000 }, (_, n) => testLines(n, `t.py::${n}${name}`, n, n + 0.123456));
        const { table } = single(lines.flat());
        expect(JSON.stringify(table).length).toBeLessThan(1.1 * MOST_CHARACTERS);
        expect(table!.name.length + table!.leftOut).toBe(12_000);
      }),
      { numRuns: 3 },
    );
  });
});

describe('fixtures', () => {
  const row = (name: string, value: string | null) => [name, 'session', 'tests', 1, 0.4, 0.4, 0.1, value];

  test('have the number of tests that use them, and the lines that define them', () => {
    const { fixtures } = single([
      ...FIXTURES,
      ...testLines(1, 't.py::a', 103, 104, { f: 1 }),
      ...testLines(2, 't.py::b', 104, 105, { f: 0 }),
      {
        k: 'definition',
        key: ['db', 'session', 'tests'],
        file: 'tests/conftest.py',
        line: 4,
        lines: ['@f', 'def db():'],
      },
      { k: 'fixtures', rows: [row('db', 'same'), row('of_plugin', null)] },
      { k: 'waits', sleeps: [], connections: [] },
    ]);
    expect(fixtures).toMatchObject([
      { name: 'db', users: 2, value: 'same', definition: { file: 'tests/conftest.py', line: 4 } },
      { name: 'of_plugin', users: 0, definition: null },
    ]);
    expect(fixtures[1]).not.toHaveProperty('value');
  });

  test.each([
    ['same', 'same', 'same'],
    ['same', 'changed', 'changed'],
    ['unknown', 'changed', 'changed'],
    ['same', 'differs', 'differs'],
    ['differs', 'unknown', 'unknown'],
    ['same', 'unknown', 'unknown'],
    [null, 'same', 'same'],
  ])('that are %s in one worker and %s in another are %s', (a, b, expected) => {
    const lines = (value: string | null) => [{ k: 'fixtures', rows: [row('db', value)] }];
    expect(parallel([], lines(a), lines(b)).fixtures).toMatchObject([{ count: 2, value: expected }]);
  });

  test('have no users where the probe told nothing of them', () => {
    const { fixtures } = single([...testLines(1, 't.py::a', 103, 104), { k: 'fixtures', rows: [row('db', null)] }]);
    expect(fixtures[0]).not.toHaveProperty('users');
    expect(fixtures[0]).not.toHaveProperty('definition');
  });
});

describe('sleeps and connections', () => {
  const sleep = (calls: number, seconds: number, test: string) => ['t.py', 3, 'time.sleep(1)', calls, seconds, [test]];

  test('are summed over the workers, by line and by address', () => {
    const profile = parallel(
      [{ k: 'waits', sleeps: [], connections: [] }],
      [
        {
          k: 'waits',
          sleeps: [sleep(1, 1.5, 'a'), ['u.py', 1, null, 1, 2, []]],
          pytests: [['t.py', 9, 'subprocess.run(cmd)', 1, 4, ['a']]],
          connections: [['db', 5432, 2, 0.1, 1, 't/conftest.py', 4]],
        },
      ],
      [
        {
          k: 'waits',
          sleeps: [sleep(2, 1, 'b')],
          connections: [
            ['db', 5432, 3, 0.2, 2, 'shop/db.py', 12],
            ['db', 1, 1, 0, 1],
          ],
        },
      ],
    );
    expect(profile.sleeps).toEqual([
      { file: 't.py', line: 3, source: 'time.sleep(1)', calls: 3, seconds: 2.5, tests: ['a', 'b'] },
      { file: 'u.py', line: 1, source: null, calls: 1, seconds: 2, tests: [] },
    ]);
    expect(profile.connections).toEqual([
      { host: 'db', port: 5432, calls: 5, seconds: 0.3, tests: 3, opened: { file: 'shop/db.py', line: 12 } },
      { host: 'db', port: 1, calls: 1, seconds: 0, tests: 1, opened: null },
    ]);
    expect(profile.startedPytests).toEqual([
      { file: 't.py', line: 9, source: 'subprocess.run(cmd)', calls: 1, seconds: 4, tests: ['a'] },
    ]);
  });

  test('are unknown where nothing was written of them', () => {
    const profile = single(testLines(1, 't.py::a', 103, 104));
    for (const name of ['sleeps', 'startedPytests', 'connections', 'collectedFiles'])
      expect(profile).not.toHaveProperty(name);
  });
});

test('collection counts the time of the controller, and the mean of the workers', () => {
  const { collectedFiles } = parallel(
    [{ k: 'files', rows: [['conftest.py', 1, 0]] }],
    [
      {
        k: 'files',
        rows: [
          ['conftest.py', 0.5, 0],
          ['t.py', 0.2, 4],
        ],
      },
    ],
    [
      {
        k: 'files',
        rows: [
          ['conftest.py', 1.5, 0],
          ['t.py', 0.4, 4],
        ],
      },
    ],
  );
  expect(collectedFiles).toEqual([
    { path: 'conftest.py', seconds: 2, tests: 0 },
    { path: 't.py', seconds: 0.3, tests: 4 },
  ]);
});

describe('coverage', () => {
  const told = {
    k: 'coverageSettings',
    branch: true,
    source: ['shop'],
    core: 'ctrace',
    reports: ['term'],
    version: '7',
  };

  test('comes from the processes that know it', () => {
    const { coverageSettings } = parallel([{ ...told, core: null }], [{ ...told, branch: null, reports: [] }]);
    expect(coverageSettings).toEqual({
      branch: true,
      source: ['shop'],
      core: 'ctrace',
      reports: ['term'],
      version: '7',
    });
  });

  test('is null where none was on, and absent where the process ended before it could tell', () => {
    expect(single([]).coverageSettings).toBeNull();
    expect(single([], { coverage: true })).not.toHaveProperty('coverageSettings');
  });

  test('measures by a core that has a known name', () => {
    expect(single([{ ...told, core: 'x'.repeat(99) }]).coverageSettings).toMatchObject({ core: null });
  });
});

test('workers have the time until they were ready, and the CPU time of their session', () => {
  const lines = [{ k: 'loop', at: 105, n: 1 }, ...testLines(1, 't.py::a', 106, 107)];
  const { workers } = parallel([], [...lines, { k: 'finish', at: 108, cpu: 3.5 }], lines);
  expect(workers).toMatchObject([
    { worker: 'gw0', startSeconds: 4, cpuSeconds: 2.5 },
    { worker: 'gw1', startSeconds: 4, cpuSeconds: null },
  ]);
});

test('a wrong clock leaves no time of a test, a sleep, a connection or a file', () => {
  const profile = single([
    ...testLines(1, 't.py::a', 103, 104),
    { k: 'files', rows: [['t.py', 1, 1]] },
    { k: 'waits', sleeps: [['t.py', 1, null, 1, 1, []]], pytests: [], connections: [['db', 1, 1, 1, 1]] },
  ]);
  const left = withoutTimes(profile);
  for (const name of ['table', 'sleeps', 'startedPytests', 'connections', 'collectedFiles']) {
    expect(profile).toHaveProperty(name);
    expect(left).not.toHaveProperty(name);
  }
});
