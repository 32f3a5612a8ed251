import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutOffWords } from '../../../src/collectors/pytest/cut-off.ts';
import { readProbe } from '../../../src/collectors/pytest/probe-records.ts';
import { profileOf } from '../../../src/collectors/pytest/profile.ts';
import { counts, type Line, sessionLine, startLine, testLines, textOf } from './lines.ts';

const SINGLE: readonly Line[] = [
  startLine(100),
  sessionLine(101, { coverage: true, marks: 'not slow' }),
  { k: 'collected', from: 101, to: 103, n: 3 },
  { k: 'loop', at: 103 },
  ...testLines(1, 'tests/unit/test_a.py::test_1', 103, 104, { marks: ['unit'], s: 0.4, c: 0.6 }),
  ...testLines(2, 'tests/unit/test_a.py::test_2[x/y::z]', 104, 107, { o: 'failed' }),
  ...testLines(3, 'test_top.py::test_3', 107, 107.5, { o: 'skipped' }),
  { k: 'coverage', from: 108, to: 110.5 },
  { k: 'looped', at: 110.5, counts: counts(1, 1, 1) },
  {
    k: 'fixtures',
    rows: [
      ['db', 'session', 'tests', 1, 0.4, 0.4, 0.25],
      ['row', 'function', 'tests', 2, 0.1, 0.07],
    ],
  },
  { k: 'end', at: 111, counts: counts(1, 1, 1) },
];

describe('one process', () => {
  const profile = profileOf(readProbe(textOf(SINGLE)), 14)!;

  test('is parted into a path that sums to the wall time of the container', () => {
    expect(profile.path).toEqual({ start: 3, collection: 2, tests: 4.5, report: 3.5, outside: 1 });
  });

  test('gives tests by their cost, with the phases that it is made of', () => {
    expect(profile.slowestTests.map(({ id }) => id)).toEqual([
      'tests/unit/test_a.py::test_2[x/y::z]',
      'tests/unit/test_a.py::test_1',
      'test_top.py::test_3',
    ]);
    expect(profile.slowestTests[1]).toMatchObject({ seconds: 1, setup: 0.4, call: 0.6, worker: 'main' });
  });

  test('gives categories by marker, directory and file', () => {
    expect(profile.markers).toEqual([{ name: 'unit', tests: 1, seconds: 1 }]);
    expect(profile.directories).toEqual([
      { name: 'tests/unit', tests: 2, seconds: 4 },
      { name: '.', tests: 1, seconds: 0.5 },
    ]);
    expect(profile.files.map(({ name }) => name)).toEqual(['tests/unit/test_a.py', 'test_top.py']);
  });

  test('gives counts, the time of the coverage report, fixtures, and the configuration in effect', () => {
    expect(profile).toMatchObject({ tests: counts(1, 1, 1), coverageReportSeconds: 2.5, unfinishedTest: null });
    expect(profile.failedTests).toEqual(['tests/unit/test_a.py::test_2[x/y::z]']);
    expect(profile.fixtures[0]).toEqual({
      name: 'db',
      scope: 'session',
      where: 'tests',
      count: 1,
      seconds: 0.4,
      slowest: 0.4,
      teardown: 0.25,
    });
    expect(profile.configuration).toMatchObject({
      workers: 0,
      distribution: null,
      coverage: true,
      markers: 'not slow',
    });
  });
});

test('a container that the engine counts from later than its first process gives the difference to the engine', () => {
  const { path } = profileOf(readProbe(textOf(SINGLE)), 12.9)!;
  expect(path.start).toBeCloseTo(2.9, 6);
  expect(path).toMatchObject({ tests: 4.5, outside: 0 });
});

describe('the set of tests', () => {
  const ran = (ids: readonly string[], outcome = 'passed') => {
    const lines = ids.flatMap((id, i) => testLines(i, id, 10 + i, 11 + i, { o: outcome }));
    return profileOf(readProbe(textOf([startLine(1), sessionLine(2), ...lines])), null)!.testSet;
  };

  test('is the same in whatever order they ran', () => {
    expect(ran(['a::1', 'b::2'])).toEqual(ran(['b::2', 'a::1']));
  });

  test('is another with another test, and without those that were skipped', () => {
    expect(ran(['a::1', 'b::2']).digest).not.toBe(ran(['a::1', 'b::3']).digest);
    expect(ran(['a::1'], 'skipped')).toEqual(ran([]));
  });
});

describe('workers of xdist', () => {
  const controller = [
    startLine(100),
    sessionLine(101, { workers: 2, dist: 'load', controller: true }),
    { k: 'loop', at: 101.5 },
    { k: 'looped', at: 121, counts: counts(3) },
    { k: 'end', at: 122, counts: counts(3) },
  ];
  const worker = (name: string, pid: number, tests: readonly Line[], collected: number) => [
    startLine(102, { pid, parent: 1, worker: name, age: 4 }),
    sessionLine(102.5),
    { k: 'collected', from: 102.5, to: collected, n: 3 },
    ...tests,
    { k: 'end', at: 120.5 },
  ];
  const texts = [
    textOf(worker('gw1', 8, testLines(1, 't.py::b', 105, 108), 105)),
    textOf(controller),
    textOf(worker('gw0', 7, [...testLines(1, 't.py::a', 104, 110), ...testLines(2, 't.py::c', 110, 120)], 104)),
  ];
  const profile = profileOf(texts.flatMap(readProbe), 24.5)!;

  test('are put on one path: the last collection, then the last test', () => {
    expect(profile.path).toEqual({ start: 3, collection: 4, tests: 15, report: 2, outside: 0.5 });
  });

  test('show how they shared the work', () => {
    expect(profile.workers).toEqual([
      { worker: 'gw0', tests: 2, busySeconds: 16, startSeconds: null, cpuSeconds: null },
      { worker: 'gw1', tests: 1, busySeconds: 3, startSeconds: null, cpuSeconds: null },
    ]);
    expect(profile.configuration).toMatchObject({ workers: 2, distribution: 'load' });
  });
});

test('pytest that ran twice is one profile of both', () => {
  const again = (at: number, pid: number) => [
    startLine(at, { pid, age: at - 98 }),
    sessionLine(at + 1),
    ...testLines(1, `t.py::at_${at}`, at + 2, at + 3),
    { k: 'end', at: at + 4, counts: counts(1) },
  ];
  const profile = profileOf(
    [again(100, 5), again(110, 6)].flatMap((lines) => readProbe(textOf(lines))),
    20,
  )!;
  expect(profile).toMatchObject({ sessions: 2, tests: counts(2), testSet: { count: 2 } });
  expect(Object.values(profile.path).reduce((a, b) => a + b)).toBeCloseTo(20, 6);
});

test('a run that was cut off names the test that was running', () => {
  const profile = profileOf(
    readProbe(textOf([...SINGLE.slice(0, 6), { k: 'test', n: 2, id: 't.py::hangs', at: 105 }])),
    60,
  )!;
  expect(profile.unfinishedTest).toBe('t.py::hangs');
  expect(profile.path).toMatchObject({ tests: 2, report: 0, outside: 53 });
});

describe('what a run that was cut off was at', () => {
  const start = [
    startLine(100),
    sessionLine(101),
    { k: 'collected', from: 101, to: 103, n: 9 },
    { k: 'loop', at: 103 },
  ];
  const ended = testLines(1, 't.py::ends', 103, 104);
  const cutOff = (lines: readonly Line[]) => {
    const profile = profileOf(readProbe(textOf(lines)), 12)!;
    return { words: cutOffWords(profile), counts: profile.tests };
  };

  test.each([
    ['collecting', start.slice(0, 2), 'No test had started: pytest was still collecting.', counts(0)],
    [
      'a test',
      [...start, ...ended, { k: 'test', n: 2, id: 't.py::hangs', at: 105 }],
      '`t.py::hangs` had been running for 5 s.',
      counts(1),
    ],
    ['nothing that is known', [...start, ...ended], null, counts(1)],
    [
      'its reports',
      [...start, ...ended, { k: 'looped', at: 104, counts: counts(1) }],
      'All tests had ended: pytest was in its tear-down or writing reports.',
      counts(1),
    ],
    ['nothing any more', [...start, ...ended, { k: 'end', at: 105, counts: counts(1) }], null, counts(1)],
  ])('%s', (_, lines, words, expected) => {
    expect(cutOff(lines)).toEqual({ words, counts: expected });
  });

  test('with workers: the test that has run longest first, and how many more; counts are of what had ended', () => {
    const worker = (name: string, pid: number, lines: readonly Line[]) => [
      startLine(102, { pid, parent: 1, worker: name, age: 4 }),
      sessionLine(102.5),
      ...lines,
    ];
    const texts = [
      [startLine(100), sessionLine(101, { workers: 2, dist: 'load', controller: true })],
      worker('gw0', 7, [
        ...testLines(1, 't.py::a', 104, 105, { o: 'failed' }),
        { k: 'test', n: 2, id: 't.py::b', at: 106 },
      ]),
      worker('gw1', 8, [{ k: 'test', n: 1, id: 't.py::c', at: 104 }]),
    ];
    const profile = profileOf(
      texts.flatMap((lines) => readProbe(textOf(lines))),
      22,
    )!;
    expect(cutOffWords(profile)).toBe('`t.py::c` had been running for 16 s, and 1 more at the same time.');
    expect(profile).toMatchObject({ tests: counts(0, 1), unfinishedTest: 't.py::c' });
  });
});

test('nothing is made of a pytest whose session never began', () => {
  expect(profileOf(readProbe(textOf([startLine(100)])), 3)).toBeNull();
});

test('addopts are those of the project: the report that Paceline asks for is left out', () => {
  const session = sessionLine(101, {
    addopts: ['-n', '4'],
    environment: '--cov --junitxml=/paceline-results/junit.xml',
  });
  const { configuration } = profileOf(readProbe(textOf([startLine(100), session])), 3)!;
  expect(configuration.addopts).toEqual(['-n', '4', '--cov']);
});

test('20,000 tests become a profile of a few rows', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) =>
    testLines(n, `d${n % 50}/t${n % 500}.py::test[${n}]`, n, n + 1),
  );
  const profile = profileOf(readProbe(textOf([startLine(0), sessionLine(0), ...lines.flat()])), null)!;
  expect(profile.testSet.count).toBe(20_000);
  expect(profile.directories.reduce((sum, { tests }) => sum + tests, 0)).toBe(20 * 400);
  const { table, ...rest } = profile;
  expect(JSON.stringify(rest).length).toBeLessThan(20_000);
  expect(table).toMatchObject({ leftOut: 0, worker: { length: 20_000 } });
});

describe('whatever was written', () => {
  const whole = textOf(SINGLE);

  test('is read as far as it goes, wherever it is cut off', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const profile = profileOf(readProbe(whole.slice(0, length)), 14);
        const parts = profile === null ? 14 : Object.values(profile.path).reduce((a, b) => a + b);
        expect(parts).toBeCloseTo(14, 6);
      }),
    );
  });

  test('never throws, and gives finite figures', () => {
    const kind = fc.constantFrom(
      'start',
      'session',
      'collected',
      'loop',
      'looped',
      'coverage',
      'fixtures',
      'test',
      'done',
      'end',
      '__proto__',
    );
    const key = fc.constantFrom(
      'at',
      'since',
      'age',
      'own',
      'pid',
      'parent',
      'worker',
      'n',
      'id',
      'marks',
      's',
      'c',
      'd',
      'o',
      'rows',
      'from',
      'to',
      'workers',
      'addopts',
      'counts',
    );
    const value = fc.oneof(fc.jsonValue(), fc.nat(5), fc.double());
    const line = fc.oneof(
      fc.tuple(kind, fc.dictionary(key, value)).map(([k, row]) => JSON.stringify({ ...row, k })),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.option(fc.float({ min: 0, max: 1e6, noNaN: true })),
        (lines, seconds) => {
          const profile = profileOf(
            readProbe(['{"k":"start","at":1}', '{"k":"session","at":2}', ...lines].join('\n')),
            seconds,
          );
          expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
        },
      ),
    );
  });
});
