/** Formats of lists of figures: Bencher, github-action-benchmark and CSV, read by what reads them. */
import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readPoints } from '../../../../src/data/interchange/index.ts';
import { renderBencher } from '../../../../src/report/formats/exchange/bencher.ts';
import { renderCsv } from '../../../../src/report/formats/exchange/csv.ts';
import { figuresOf, measuredFigures } from '../../../../src/report/formats/exchange/figures.ts';
import { renderGithubActionBenchmark } from '../../../../src/report/formats/exchange/github-action-benchmark.ts';
import { RUN_FORMATS, RUN_FORMAT_NAMES } from '../../../../src/report/formats/run-formats.ts';
import { CASES, goldenResult, HOSTILE_NAMES, renamed } from './results.ts';

const PASS = goldenResult('pass');
const RESULTS = [...CASES.map(goldenResult), ...HOSTILE_NAMES.map((name) => renamed(PASS, name))];

/** As https://bencher.dev/bmf.json has it. */
const FIGURE = {
  type: 'object',
  required: ['value'],
  properties: { value: { type: 'number' }, lower_value: { type: 'number' }, upper_value: { type: 'number' } },
};
const MEASURES = { type: 'object', patternProperties: { '.+': FIGURE } };
const isBencher = new Ajv().compile({ type: 'object', patternProperties: { '.+': MEASURES } });

test('Bencher: valid by its schema, and each figure is there once', () => {
  for (const result of RESULTS) {
    const json = JSON.parse(renderBencher(result)) as Record<string, Record<string, unknown>>;
    expect(isBencher(json), JSON.stringify(isBencher.errors)).toBe(true);
    const count = Object.values(json).reduce((sum, measures) => sum + Object.keys(measures).length, 0);
    expect(count).toBe(measuredFigures(result).length);
  }
});

test('Bencher: our own import reads the values back', () => {
  const points = readPoints(renderBencher(PASS), 'bencher', { file: 'x', at: PASS.startedAt, commit: null });
  const rowsOf = (rows: readonly { readonly name: string; readonly measure: string; readonly value: number }[]) =>
    rows.map(({ name, measure, value }) => JSON.stringify([name, measure, value])).sort();
  expect(rowsOf(points)).toEqual(rowsOf(measuredFigures(PASS)));
});

test('an interval of a median is in both formats that have a place for it', () => {
  const [first, ...others] = PASS.scenarios;
  const interval = { low: 37, high: 41, coverage: 0.95 };
  const result = { ...PASS, scenarios: [{ ...first!, interval }, ...others] };
  expect(renderBencher(result)).toContain('"lower_value": 37');
  expect(renderGithubActionBenchmark(result)).toContain('"range": "± 2"');
});

/** The check of the action itself, src/extract.ts of v1.22.0, without its coercion: what we write needs none. */
const BENCHMARKS = z.array(
  z.strictObject({
    name: z.string().min(1),
    value: z.number(),
    unit: z.string(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
);

test('github-action-benchmark: the shape of customSmallerIsBetter, one name for each figure', () => {
  for (const result of RESULTS) {
    const benches = BENCHMARKS.parse(JSON.parse(renderGithubActionBenchmark(result)));
    expect(new Set(benches.map(({ name }) => name)).size).toBe(measuredFigures(result).length);
  }
});

describe('CSV', () => {
  const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true, relax_column_count: false });

  test('has a row for each figure; what was not measured has a reason and no value', () => {
    for (const result of RESULTS) {
      const rows = rowsOf(renderCsv(result));
      expect(rows).toHaveLength(figuresOf(result).length);
      for (const { value, reason } of rows) expect((value === '') !== (reason === '')).toBe(true);
    }
  });

  test.each(['=cmd|calc', '+1', '-2', '@x'])('writes the name %s as text, not as a formula', (name) => {
    for (const { project } of rowsOf(renderCsv(renamed(PASS, name)))) expect(project).toBe(`'${name}`);
  });

  test('keeps commas, quotes and other letters of a name', () => {
    expect(rowsOf(renderCsv(renamed(PASS, 'a "b", 表')))[0]!['project']).toBe('a "b", 表');
  });
});

test('each format has a file of its own', () => {
  expect(new Set(RUN_FORMAT_NAMES.map((name) => RUN_FORMATS[name].file)).size).toBe(RUN_FORMAT_NAMES.length);
});
