/** Files as strangers' tools and scripts leave them: nothing of them is lost or taken for something else without a word. */
import { expect, test } from 'vitest';
import { decodedText } from '../../../src/data/interchange/text.ts';
import { readFigures } from '../../../src/data/interchange/index.ts';

const CONTEXT = { file: 'results', at: '2026-03-01T12:00:00.000Z', commit: null };

function read(text: string) {
  const { points, notes } = readFigures(text, null, CONTEXT);
  return {
    figures: points.map(({ name, value }) => [name, value]),
    notes: notes.map(({ kind }) => kind),
    points,
    told: notes,
  };
}

function hyperfine(...results: object[]): string {
  const result = { command: 'make test', mean: 2, stddev: null, median: 2, user: 1, system: 1, min: 2, max: 2 };
  return JSON.stringify({ results: results.map((more) => ({ ...result, ...more })) });
}

function pytestBenchmark(more: { id?: string; datetime?: string; extra?: string; benchmarks?: object[] }): string {
  const benchmark = {
    group: null,
    name: 'test_a',
    fullname: 't.py::test_a',
    stats: { median: 0.14, q1: 0.13, q3: 0.15 },
  };
  const report = {
    commit_info: { id: more.id ?? 'abc1234' },
    benchmarks: (more.benchmarks ?? [{}]).map((each) => ({ ...benchmark, ...each, extra_info: { loss: 'EXTRA' } })),
    datetime: more.datetime ?? '2026-01-05T03:04:05.678901',
  };
  return JSON.stringify(report).replaceAll('"EXTRA"', more.extra ?? '0');
}

function dataJs(runs: object[], tool = 'customSmallerIsBetter'): string {
  const run = { commit: { id: 'abc1234' }, date: 1_772_366_400_000, tool };
  return `window.BENCHMARK_DATA = ${JSON.stringify({ entries: { suite: runs.map((more) => ({ ...run, ...more })) } })}`;
}

test.each<[string, string, [string, number][], string[]]>([
  [
    "hyperfine's parameters",
    hyperfine({ parameters: { jobs: '1', cc: 'gcc' } }, { median: 1, parameters: { jobs: '2', cc: 'gcc' } }),
    [
      ['make test (jobs=1)', 2],
      ['make test (jobs=2)', 1],
    ],
    ['keptApart', 'keptApart'],
  ],
  [
    "hyperfine's parameter of old",
    hyperfine({ parameter: 1 }, { median: 1, parameter: 2 }),
    [
      ['make test (parameter=1)', 2],
      ['make test (parameter=2)', 1],
    ],
    ['keptApart', 'keptApart'],
  ],
  [
    'the same command twice',
    hyperfine({}, { median: 1 }, { median: 3 }),
    [
      ['make test', 2],
      ['make test (2)', 1],
      ['make test (3)', 3],
    ],
    ['keptApart', 'keptApart'],
  ],
  ['the same figure twice', hyperfine({}, {}), [['make test', 2]], ['leftOut']],
  [
    'a command of which a run failed',
    hyperfine({ exit_codes: [0, 2] }, { command: 'true', exit_codes: [0, 0] }, { command: 'x', exit_codes: [null] }),
    [['true', 2]],
    ['leftOut', 'leftOut'],
  ],
  [
    'two figures of one name in a run of github-action-benchmark',
    dataJs([
      {
        benches: [
          { name: 'A', value: 2000, unit: 'ms' },
          { name: 'A', value: 2100, unit: 'ms' },
          { name: 'A (2)', value: 3, unit: 'ms' },
        ],
      },
    ]),
    [
      ['A', 2000],
      ['A (2)', 2100],
      ['A (2) (2)', 3],
    ],
    ['keptApart', 'keptApart'],
  ],
  [
    'a benchmark in several groups of pytest-benchmark',
    pytestBenchmark({ benchmarks: [{ group: 'small' }, { group: 'large', stats: { median: 2 } }] }),
    [
      ['t.py::test_a (small)', 0.14],
      ['t.py::test_a (large)', 2],
    ],
    ['keptApart', 'keptApart'],
  ],
  [
    "hyperfine's CSV",
    'command,mean,stddev,median,user,system,min,max,parameter_jobs\nmake,2,0.1,2,1,1,1,3,1\nmake,1,0.1,1,1,1,1,1,2\n',
    [
      ['make (jobs=1)', 2],
      ['make (jobs=2)', 1],
    ],
    ['keptApart', 'keptApart'],
  ],
  [
    'a bare column of CSV',
    'value\n1\n2\n',
    [
      ['results', 1],
      ['results (2)', 2],
    ],
    ['keptApart'],
  ],
  [
    'a day and a time of day',
    'date,time,name,value\n2026-03-01,12:00:00Z,a,1\n2026-03-01,13:00:00Z,a,2\n',
    [
      ['a', 1],
      ['a', 2],
    ],
    [],
  ],
  [
    'two test beds of Bencher',
    JSON.stringify({
      results: ['arm', 'x86'].map((name, index) => ({
        benchmark: { name: 'a' },
        measure: { name: 'latency', units: 'ns' },
        testbed: { name },
        metrics: [{ start_time: '2026-03-01T00:00:00Z', metric: { value: index } }],
      })),
    }),
    [
      ['a (arm)', 0],
      ['a (x86)', 1],
    ],
    ['keptApart', 'keptApart'],
  ],
])('renames figures with one name and moment, or reports what it drops: %s', (_, text, figures, notes) => {
  expect(read(text)).toMatchObject({ figures, notes });
});

test('reports the place of what it renames or drops', () => {
  expect(read(hyperfine({}, {}, { median: 1 }, { exit_codes: [3, 0] })).told).toEqual([
    { kind: 'leftOut', place: 'results[3]', name: 'make test', why: '1 of its 2 runs failed (exit code 3)' },
    { kind: 'leftOut', place: 'results[1]', name: 'make test', why: 'it is identical to the figure in results[0]' },
    { kind: 'keptApart', place: 'results[2]', name: 'make test', as: 'make test (2)' },
  ]);
});

test('reports a series with several units, and does not change its figures', () => {
  const text = dataJs([
    { benches: [{ name: 'A', value: 1.9, unit: 's' }] },
    { date: 1_772_366_500_000, benches: [{ name: 'A', value: 2000, unit: 'ms' }] },
  ]);
  expect(read(text)).toMatchObject({
    figures: [
      ['A', 1.9],
      ['A', 2000],
    ],
    told: [{ kind: 'severalUnits', name: 'A', units: ['s', 'ms'] }],
  });
});

test.each([
  '{"a":{"latency":{"value":1}},\n"a":{"latency":{"value":2}}}',
  '{"a":{"latency":{"value":1},\n"latency":{"value":2}}}',
])('a key that is there twice is refused, for JSON keeps the last alone: %s', (text) => {
  expect(() => read(text)).toThrow(/line 2, column 1: the key "(?:a|latency)" occurs twice in one object/);
});

test.each(['unknown', '(unknown)', 'unversioned', ''])('%j is not a commit', (id) => {
  expect(read(pytestBenchmark({ id })).points).toMatchObject([{ commit: null }]);
  const given = readFigures(pytestBenchmark({ id }), null, { ...CONTEXT, commit: 'feed123' });
  expect(given.points).toMatchObject([{ commit: 'feed123' }]);
});

test('reports a branch in the place of a commit', () => {
  for (const text of [
    pytestBenchmark({ id: 'main' }),
    dataJs([{ commit: { id: 'main' }, benches: [{ name: 'A', value: 1 }] }]),
    'value,commit\n1,main',
  ]) {
    expect(read(text)).toMatchObject({ points: [{ commit: null }], told: [{ kind: 'noCommit', text: 'main' }] });
  }
});

test.each(['NaN', 'Infinity', '-Infinity', 'nan', '-inf'])(
  '%s in a place that is not read is not an error',
  (extra) => {
    expect(read(pytestBenchmark({ extra })).figures).toEqual([['t.py::test_a', 0.14]]);
  },
);

test('NaN in a text stays a text, and an error next to NaN has its place', () => {
  expect(read(pytestBenchmark({ benchmarks: [{ fullname: 'test[NaN, Infinity]' }], extra: 'NaN' })).figures).toEqual([
    ['test[NaN, Infinity]', 0.14],
  ]);
  expect(() => read('{"results": [{"x": NaN},\n {"y": -Infinity},,]}')).toThrow(
    'line 2, column 19: this is not valid JSON',
  );
});

test.each([
  [
    pytestBenchmark({ benchmarks: [{ stats: { median: 0 } }] }).replace('"median":0', '"median":NaN'),
    'benchmarks[0].stats.median: ',
  ],
  [dataJs([{ benches: [{ name: 'A', value: 7 }] }]).replace('"value":7', '"value":-Infinity'), 'benches[0].value: '],
  [hyperfine({ median: -2 }), 'results[0].median: '],
  ['seconds\n-2', 'line 2: its duration is -2, below 0'],
  ['value\n1e999', 'line 2: "1e999" is not a number'],
  ['name,value\na,0x10', 'line 2: "0x10" is not a number'],
  ['name;value\na;1,5', 'line 2: "1,5" is not a number: write a decimal point, not a comma'],
  ['name,value\na,1,5', 'line 2: it has 3 cells, but the header has 2'],
  ['name,value,better\na,1,sideways', 'line 2: "sideways" is neither "lower" nor "higher"'],
  ['test,value,time\nlogin,3,1.5\nlogin,4,2.5', 'line 2: "1.5" is not a date'],
  ['', 'the file is empty'],
  ['\u{feff} \r\n', 'the file is empty'],
])('what cannot be a figure is refused with its place: %s', (text, said) => {
  expect(() => read(text)).toThrow(said);
});

test('figures may be 0, below 0 and huge where they are not durations', () => {
  expect(read('name,value\na,0\nb,-3\nc,1e300').figures).toEqual([
    ['a', 0],
    ['b', -3],
    ['c', 1e300],
  ]);
});

test.each([
  ['JSON', pytestBenchmark({})],
  ['JavaScript', dataJs([{ benches: [{ name: 'A', value: 1 }] }])],
  ['CSV', 'name,value\na,1\n'],
  [
    'JSON lines',
    '{"name":"a","measure":"m","unit":"","better":"lower","value":1,"low":null,"high":null,"commit":null,"at":"2026-03-01T00:00:00Z"}\r\n'
      .repeat(2)
      .replace('\n{', '\n\u{feff}{')
      .replace('"a"', '"b"'),
  ],
])('accepts a byte order mark: %s', (_, text) => {
  expect(readFigures(`\u{feff}${text}`, null, CONTEXT)).toEqual(readFigures(text, null, CONTEXT));
});

test('reads UTF-16 with its mark, and refuses invalid bytes with their line', () => {
  const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding);
  expect(decodedText(bytes('\u{feff}é', 'utf16le'))).toEqual({ kind: 'text', text: 'é' });
  expect(decodedText(bytes('\u{feff}é', 'utf16le').swap16())).toEqual({ kind: 'text', text: 'é' });
  expect(decodedText(bytes('\u{feff}é', 'utf8'))).toEqual({ kind: 'text', text: 'é' });
  expect(decodedText(bytes('a\nb\né', 'latin1'))).toEqual({ kind: 'faulty', line: 3 });
});

test.each([
  'window.BENCHMARK_DATA={}',
  '// generated\n/* by x */ window.BENCHMARK_DATA = {};\n',
  'globalThis["BENCHMARK_DATA"] = {}',
  'const BENCHMARK_DATA = {};',
])('the script around the data may be written as people write it: %s', (wrapper) => {
  const data = JSON.stringify({
    entries: { suite: [{ commit: { id: '' }, date: 1_772_366_400_000, benches: [{ name: 'A', value: 1 }] }] },
  });
  expect(read(wrapper.replace('{}', data)).figures).toEqual([['A', 1]]);
});

test.each([
  ['customBiggerIsBetter', '', 'higher'],
  ['customSmallerIsBetter', 'MB/s', 'lower'],
  ['jmh', 'ops/s', 'higher'],
  ['jmh', 'ms/op', 'lower'],
  ['go', 'MB/s', 'higher'],
  ['go', 'ns/op', 'lower'],
  ['go', 'B/op', 'lower'],
  ['cargo', 'ns/iter', 'lower'],
  ['pytest', 'iter/sec', 'higher'],
  ['benchmarkjs', '', 'higher'],
] as const)('%s in %j: %s is better', (tool, unit, better) => {
  expect(read(dataJs([{ benches: [{ name: 'A', value: 1, unit }] }], tool)).points).toMatchObject([{ better }]);
});

test.each([
  ['name,value,unit\na,1,req/sec', 'higher'],
  ['name,value,unit\na,1,ms', 'lower'],
  ['name,measure,value\na,throughput,1', 'higher'],
  ['name,value,better\na,1,Higher', 'higher'],
  ['name,value,unit,better\na,1,ops/s,smaller is better', 'lower'],
  ['name,value,better\na,1,biggerIsBetter', 'higher'],
])('CSV says which way is better by its column, its unit or its measure: %j', (text, better) => {
  expect(read(text).points).toMatchObject([{ better }]);
});

test("JMH's JSON and CSV: throughput is better when it is higher, and parameters tell benchmarks apart", () => {
  const result = (mode: string, n: string, score: number, scoreUnit: string) => ({
    jmhVersion: '1.37',
    benchmark: 'org.X.a',
    mode,
    threads: 1,
    params: { n },
    primaryMetric: { score, scoreError: n === '1' ? 'NaN' : 0.5, scoreUnit },
  });
  const json = JSON.stringify([
    result('thrpt', '1', 5, 'ops/s'),
    result('thrpt', '2', 6, 'ops/s'),
    result('avgt', '2', 3, 'ms/op'),
  ]);
  expect(read(json).points).toMatchObject([
    { name: 'org.X.a (n=1)', measure: 'thrpt', unit: 'ops/s', better: 'higher', value: 5, low: null },
    { name: 'org.X.a (n=2)', measure: 'thrpt', better: 'higher', value: 6, low: 5.5, high: 6.5 },
    { name: 'org.X.a', measure: 'avgt', unit: 'ms/op', better: 'lower', value: 3 },
  ]);
  const csv = `"Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit","Param: n"
"org.X.a","thrpt",1,5,5.0,NaN,"ops/s",1
"org.X.a","thrpt",1,5,6.0,0.5,"ops/s",2
"org.X.a","avgt",1,5,3.0,0.5,"ms/op",2
`;
  expect(read(csv).points).toMatchObject([
    { name: 'org.X.a (Mode=thrpt, n=1)', unit: 'ops/s', better: 'higher', value: 5 },
    { name: 'org.X.a (Mode=thrpt, n=2)', better: 'higher', value: 6 },
    { name: 'org.X.a (Mode=avgt, n=2)', better: 'lower', value: 3 },
  ]);
});

test('reads a time without a zone as UTC and reports it; pytest-benchmark always writes UTC', () => {
  expect(read('value,date\n1,2026-03-29 02:30\n').told).toEqual([
    { kind: 'zoneAssumed', place: 'line 2', time: '2026-03-29 02:30' },
  ]);
  expect(read(pytestBenchmark({}))).toMatchObject({ points: [{ at: '2026-01-05T03:04:05.678Z' }], notes: [] });
});

test('ignores comments, blank lines and a comma at the end of each line of CSV', () => {
  expect(read('# by x\r\nname,value,\r\na,1,\r\n# more\r\n,,\r\nb,2,\r\n').figures).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});
