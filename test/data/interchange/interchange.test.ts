import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  formatOf,
  type ImportFormat,
  pointsThatFit,
  readPoints,
  writePoints,
} from '../../../src/data/interchange/index.ts';
import type { ExternalPoint } from '../../../src/model/external-point.ts';

const CONTEXT = { file: 'results', at: '2026-03-01T12:00:00.000Z', commit: 'abc1234' };

function point(more: Partial<ExternalPoint> = {}): ExternalPoint {
  return {
    name: 'shop/full-test-suite',
    measure: 'test.duration',
    unit: 's',
    better: 'lower',
    value: 31.5,
    low: 30,
    high: 33,
    commit: 'abc1234',
    at: '2026-03-01T12:00:00.000Z',
    ...more,
  };
}

/** As github-action-benchmark 1.x leaves it on the gh-pages branch. */
const DATA_JS = `window.BENCHMARK_DATA = {
  "lastUpdate": 1690705393519,
  "repoUrl": "https://github.com/someone/something",
  "entries": {
    "Benchmark": [
      {
        "commit": {
          "author": { "email": "a@example.invalid", "name": "A", "username": "a" },
          "distinct": true,
          "id": "bce491700ba3728f331ea31e4a1785d443c9b8df",
          "message": "update data",
          "timestamp": "2023-07-30T13:52:50+05:30",
          "url": "https://github.com/someone/something/commit/bce4917"
        },
        "date": 1690705390969,
        "tool": "customSmallerIsBetter",
        "benches": [
          { "name": "CPU Load", "value": 50, "unit": "Percent" },
          { "name": "Memory Used", "value": 100, "unit": "Megabytes", "range": "3", "extra": "anything" }
        ]
      },
      {
        "commit": { "id": "d06e217692066b2f20e87e20b244012e5987d0a7" },
        "date": 1690791790969,
        "tool": "pytest",
        "benches": [
          { "name": "bench.py::test_fib_10", "value": 48347.1, "unit": "iter/sec", "range": "stddev: 0.00002" }
        ]
      }
    ]
  }
}`;

test("github-action-benchmark's data.js: every run of every suite, rates being better when higher", () => {
  expect(readPoints(DATA_JS, null, CONTEXT)).toEqual([
    {
      name: 'CPU Load',
      measure: 'Benchmark',
      unit: 'Percent',
      better: 'lower',
      value: 50,
      low: null,
      high: null,
      commit: 'bce491700ba3728f331ea31e4a1785d443c9b8df',
      at: '2023-07-30T08:23:10.969Z',
    },
    expect.objectContaining({ name: 'Memory Used', value: 100, low: 97, high: 103 }),
    expect.objectContaining({ name: 'bench.py::test_fib_10', better: 'higher', value: 48347.1 }),
  ]);
});

test("Bencher's metric format: its example", () => {
  const text = `{
    "benchmark_name": {
      "latency": { "value": 88.0, "lower_value": 87.42, "upper_value": 88.88 },
      "throughput": { "value": 5.55 }
    },
    "/bin/sh -c ./my_build_script.sh": { "build-time": { "value": 87.0 } }
  }`;
  expect(readPoints(text, null, CONTEXT)).toEqual([
    point({ name: 'benchmark_name', measure: 'latency', unit: 'ns', value: 88, low: 87.42, high: 88.88 }),
    point({
      name: 'benchmark_name',
      measure: 'throughput',
      unit: 'ops/s',
      better: 'higher',
      value: 5.55,
      low: null,
      high: null,
    }),
    point({
      name: '/bin/sh -c ./my_build_script.sh',
      measure: 'build-time',
      value: 87,
      low: null,
      high: null,
    }),
  ]);
});

test('a figure of Bencher may have a bound that is NaN, but not a value that is', () => {
  const text = (value: string) => `{ "a": { "latency": { "value": ${value}, "lower_value": NaN, "upper_value": 9 } } }`;
  expect(readPoints(text('8'), null, CONTEXT)).toEqual([
    point({ name: 'a', measure: 'latency', unit: 'ns', value: 8, low: null, high: 9 }),
  ]);
  expect(() => readPoints(text('NaN'), null, CONTEXT)).toThrow(/value/);
});

test('what `bencher perf` answers: a series with times and commits', () => {
  const metrics = [1, 2].map((day) => ({
    report: 'a-uuid',
    iteration: 0,
    start_time: `2024-05-0${day}T00:00:00Z`,
    end_time: `2024-05-0${day}T00:00:09Z`,
    version: { number: day, hash: `c${day}` },
    metric: { uuid: 'a-uuid', value: 100 + day, lower_value: null, upper_value: null },
    threshold: null,
    boundary: null,
    alert: null,
  }));
  const text = JSON.stringify({
    project: {},
    results: [{ benchmark: { name: 'parse' }, measure: { name: 'Latency', units: 'nanoseconds (ns)' }, metrics }],
  });
  expect(readPoints(text, null, CONTEXT)).toMatchObject([
    { name: 'parse', measure: 'Latency', value: 101, commit: 'c1', at: '2024-05-01T00:00:00.000Z' },
    { value: 102, commit: 'c2', at: '2024-05-02T00:00:00.000Z' },
  ]);
});

test('pytest-benchmark: the median with its quartiles, at the time and commit that it tells', () => {
  const text = JSON.stringify({
    machine_info: { node: 'n' },
    commit_info: { id: '9d55ab0434c9', time: '2019-11-16T12:10:30+09:00', dirty: true, branch: 'pytest' },
    benchmarks: [
      {
        group: null,
        name: 'test_fib_10',
        fullname: 'bench.py::test_fib_10',
        stats: {
          min: 2.2e-5,
          max: 3.1e-4,
          mean: 2.4e-5,
          stddev: 6e-6,
          rounds: 38_523,
          median: 2.23e-5,
          q1: 2.22e-5,
          q3: 2.35e-5,
        },
      },
    ],
    datetime: '2019-11-17T02:22:16.817862',
    version: '3.2.2',
  });
  expect(readPoints(text, null, CONTEXT)).toEqual([
    {
      name: 'bench.py::test_fib_10',
      measure: 'duration',
      unit: 's',
      better: 'lower',
      value: 2.23e-5,
      low: 2.22e-5,
      high: 2.35e-5,
      commit: '9d55ab0434c9',
      at: '2019-11-17T02:22:16.817Z',
    },
  ]);
});

test('hyperfine: the median of each command; versions without one have their mean', () => {
  const result = { command: 'sleep 0.1', mean: 0.105, stddev: 0.001, user: 0, system: 0, min: 0.1, max: 0.11 };
  const text = JSON.stringify({
    results: [
      { ...result, median: 0.104, times: [0.1, 0.11], exit_codes: [0, 0], parameters: { n: '1' } },
      { ...result, command: 'true', stddev: null },
    ],
  });
  expect(readPoints(text, null, CONTEXT)).toMatchObject([
    { name: 'sleep 0.1', measure: 'duration', unit: 's', value: 0.104, low: 0.1, high: 0.11, commit: 'abc1234' },
    { name: 'true', value: 0.105 },
  ]);
});

test.each<[string, string, Partial<ExternalPoint>[]]>([
  ['a bare column', 'value\n1\n2\n', [{ name: 'results', measure: 'value', value: 1 }, { value: 2 }]],
  [
    "hyperfine's",
    'command,mean,stddev,median\n"echo ""a,b""",0.5,,0.4\n',
    [{ name: 'echo "a,b"', value: 0.4, unit: 's' }],
  ],
  [
    'seconds since 1970',
    'time,value\n1772366400,5\n1772366400000,6',
    [{ at: '2026-03-01T12:00:00.000Z' }, { at: '2026-03-01T12:00:00.000Z' }],
  ],
  ['a byte-order mark and blank lines', '\u{feff}Name;x,Value\r\nn,3\r\n\r\n', [{ value: 3 }]],
  ['line ends in quotes', 'name,value\n"a\nb",1\nc,2', [{ name: 'a\nb' }, { name: 'c' }]],
])('CSV with %s', (_, text, expected) => {
  expect(readPoints(text, null, CONTEXT)).toMatchObject(expected);
});

/** Characters that formats quote, escape or split at. */
const TEXT = fc.string({ unit: fc.constantFrom(...Array.from('ab,"\\\'\n\r\t{}:;é🐢 ')), minLength: 1, maxLength: 12 });
const NAME = TEXT.map((text) => text.trim()).filter((text) => text !== '' && text !== '__proto__');
const VALUE = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9, max: 1e12 });
const POINT = fc.record({
  name: NAME,
  measure: NAME,
  unit: fc.constantFrom('s', 'byte', 'ratio'),
  better: fc.constantFrom('lower' as const, 'higher' as const),
  value: VALUE,
  low: fc.option(VALUE),
  high: fc.option(VALUE),
  commit: fc.option(fc.constantFrom('abc', 'def')),
  at: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
});

/** What a format can hold of a point. */
const HELD: Record<
  ImportFormat & ExportFormat,
  { readonly made: Partial<ExternalPoint>; readonly kept: readonly (keyof ExternalPoint)[] }
> = {
  jsonl: { made: {}, kept: ['name', 'measure', 'unit', 'better', 'value', 'low', 'high', 'commit', 'at'] },
  csv: { made: { commit: 'abc' }, kept: ['name', 'measure', 'unit', 'better', 'value', 'low', 'high', 'commit', 'at'] },
  'github-action-benchmark': { made: {}, kept: ['name', 'measure', 'unit', 'better', 'value', 'commit', 'at'] },
  bencher: { made: {}, kept: ['name', 'measure', 'value', 'low', 'high'] },
  'pytest-benchmark': { made: { unit: 's', measure: 'duration' }, kept: ['name', 'unit', 'value'] },
  hyperfine: { made: { unit: 's', measure: 'duration' }, kept: ['name', 'unit', 'value'] },
};

test.each(Object.keys(HELD) as (ImportFormat & ExportFormat)[])(
  'what is written as %s is read again as it was',
  (format) => {
    const { made, kept } = HELD[format];
    const pick = (points: readonly ExternalPoint[]) =>
      points.map((each) => JSON.stringify(Object.fromEntries(kept.map((key) => [key, each[key]])))).sort();
    fc.assert(
      fc.property(fc.uniqueArray(POINT, { maxLength: 8, selector: ({ name }) => name }), (points) => {
        const given = points.map((each) => ({ ...each, ...made }));
        const text = writePoints(given, format);
        expect(pick(readPoints(text, format, CONTEXT))).toEqual(pick(given));
        expect(given.length === 0 ? format : formatOf(text)).toBe(format);
      }),
      { numRuns: 200 },
    );
  },
);

test('a format of one moment is given the newest point of each figure', () => {
  const points = [
    point({ value: 1, at: '2026-01-01T00:00:00.000Z' }),
    point({ value: 2, at: '2026-01-03T00:00:00.000Z' }),
  ];
  for (const format of ['bencher', 'pytest-benchmark', 'hyperfine'] as const) {
    const read = readPoints(
      writePoints([...points, point({ value: 9, at: '2026-01-02T00:00:00.000Z' })], format),
      format,
      CONTEXT,
    );
    expect(read.map(({ value }) => value)).toEqual([2]);
  }
});

test('OpenMetrics: families with type, unit and help, samples in order of time, and an end', () => {
  const text = writePoints(
    [
      point({ value: 2, at: '2026-01-02T00:00:00.000Z' }),
      point({ value: 1, at: '2026-01-01T00:00:00.500Z' }),
      point({ name: 'a "b"\n\\', measure: 'memory.workingSet.peak', unit: 'byte', value: 3 }),
      point({ measure: 'Benchmark', unit: 'iter/sec', value: 4 }),
    ],
    'openmetrics',
  );
  expect(text).toBe(`# TYPE paceline_test_duration_seconds gauge
# UNIT paceline_test_duration_seconds seconds
# HELP paceline_test_duration_seconds test.duration
paceline_test_duration_seconds{name="shop/full-test-suite"} 1 1767225600.5
paceline_test_duration_seconds{name="shop/full-test-suite"} 2 1767312000
# TYPE paceline_memory_workingSet_peak_bytes gauge
# UNIT paceline_memory_workingSet_peak_bytes bytes
# HELP paceline_memory_workingSet_peak_bytes memory.workingSet.peak
paceline_memory_workingSet_peak_bytes{name="a \\"b\\"\\n\\\\"} 3 1772366400
# TYPE paceline_Benchmark gauge
# HELP paceline_Benchmark Benchmark (iter/sec)
paceline_Benchmark{name="shop/full-test-suite"} 4 1772366400
# EOF
`);
});

test.each<[ImportFormat | null, string, string]>([
  [null, '{\n  "results": [1,,2]\n}', 'results cannot be imported: line 2, column 17: this is not valid JSON.'],
  ['github-action-benchmark', 'window.BENCHMARK_DATA = {\n"entries": }', 'line 2, column 12: this is not valid JSON.'],
  ['hyperfine', '{"results":[{"command":"a","mean":"1"}]}', 'results[0].mean: this must be a number.'],
  ['hyperfine', '{"results":[{"command":"a","mean":1e999}]}', 'results[0].mean: this must be a number.'],
  ['pytest-benchmark', '{"benchmarks":[{"name":"a","stats":{}}]}', 'benchmarks[0].stats.median: this is missing.'],
  ['pytest-benchmark', '{"datetime":"soon","benchmarks":[]}', 'datetime: "soon" is not a date: '],
  ['bencher', '{"a":{"b":{"value":null}}}', 'a.b.value: '],
  ['bencher', '[]', 'results cannot be imported: this must be an object.'],
  [
    'github-action-benchmark',
    DATA_JS.replace('"value": 50', '"value": "fast"'),
    'entries.Benchmark[0].benches[0].value: ',
  ],
  [
    'jsonl',
    `${JSON.stringify(point())}\n{"name": "x"}\n`,
    'results, line 2 cannot be imported: measure: this is missing.',
  ],
  ['jsonl', JSON.stringify({ ...point(), better: undefined }), 'line 1 cannot be imported: better: this is missing.'],
  ['jsonl', JSON.stringify({ ...point(), better: 'less' }), 'better: this must be "lower" or "higher".'],
  ['jsonl', JSON.stringify({ ...point(), name: '' }), 'name: this must not be empty.'],
  ['csv', 'name,value\na,1\nb,fast\n', 'line 3: "fast" is not a number.'],
  ['csv', 'name,value\na,\n', 'line 2: it has no value.'],
  ['csv', 'name,value\n"a,1\n', 'line 2: a quote is opened but never closed.'],
  ['csv', 'name,at,value\na,yesterday,1\n', 'line 2: "yesterday" is not a date: '],
  ['csv', 'a,b\n1,2\n', 'line 1: no column is called `value`'],
  ['csv', `name,value\n${'x'.repeat(2000)},1`, 'line 2: its name is longer than 1024 characters.'],
])('reports a mistake with file and place: as %s, %s', (format, text, said) => {
  expect(() => readPoints(text, format, CONTEXT)).toThrow(said);
});

test('any text is read or refused in words', () => {
  const refusals = (text: string) =>
    ([null, 'bencher', 'hyperfine', 'pytest-benchmark', 'csv', 'jsonl'] as const).flatMap((format) => {
      try {
        readPoints(text, format, CONTEXT);
        return [];
      } catch (error) {
        return [(error as Error).name];
      }
    });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        TEXT.map((text) => `name,value\n${text},1`),
      ),
      (text) => {
        expect(refusals(text).filter((name) => name !== 'PacelineError')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

test('thirty thousand points are read and written', () => {
  const points = Array.from({ length: 30_000 }, (_, i) =>
    point({ value: i + 1, at: new Date(1.7e12 + i * 1000).toISOString() }),
  );
  for (const format of ['csv', 'jsonl', 'github-action-benchmark'] as const) {
    expect(readPoints(writePoints(points, format), format, CONTEXT)).toHaveLength(points.length);
  }
}, 60_000);

test.each<ExportFormat & ImportFormat>([
  'bencher',
  'pytest-benchmark',
  'hyperfine',
  'jsonl',
  'github-action-benchmark',
])('nothing at all is a whole file of %s', (format) => {
  expect(readPoints(writePoints([], format), format, CONTEXT)).toEqual([]);
});

test('nothing at all is a header of CSV, and the end of OpenMetrics', () => {
  expect(EXPORT_FORMATS).toContain('openmetrics');
  expect(writePoints([], 'csv')).toBe('name,measure,unit,better,value,low,high,commit,at\r\n');
  expect(writePoints([], 'openmetrics')).toBe('# EOF\n');
});

test.each(['pytest-benchmark', 'hyperfine'] as const)(
  '%s tells figures apart by their name alone: measures of one name come back as many',
  (format) => {
    const point = { unit: 's', better: 'lower' as const, low: null, high: null, commit: 'c1' };
    const points = [
      { ...point, name: 'shop', measure: 'build.cold.duration', value: 60, at: '2026-03-01T00:00:00.000Z' },
      { ...point, name: 'shop', measure: 'total.duration', value: 90, at: '2026-03-01T00:00:00.000Z' },
      { ...point, name: 'shop/full', measure: 'trial.duration', value: 25, at: '2026-03-01T00:00:00.000Z' },
      { ...point, name: 'shop/full', measure: 'trial.duration', value: 30, at: '2026-03-02T00:00:00.000Z' },
    ];
    const back = readPoints(writePoints(points, format), null, { file: 'x', at: points[0]!.at, commit: null });
    expect(back.map(({ name, value }) => [name, value])).toEqual([
      ['shop: build.cold.duration', 60],
      ['shop: total.duration', 90],
      ['shop/full', 30],
    ]);
    expect(pointsThatFit(points, format)).toHaveLength(3);
  },
);

test('recognises OpenMetrics and reports that it can only be exported', () => {
  const text = '# TYPE paceline_total_duration_seconds gauge\n# EOF\n';
  expect(() => readPoints(text, null, { file: 'x.om', at: '2026-03-01T00:00:00.000Z', commit: null })).toThrow(
    /x\.om cannot be imported: it is OpenMetrics, which can only be exported/,
  );
});
