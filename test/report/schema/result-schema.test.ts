import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { SCHEMAS, schemaText } from '../../../scripts/schemas.ts';
import { analyze } from '../../../src/analysis/analyze.ts';
import { parseFactsFile } from '../../../src/analysis/facts-file.ts';
import { renderJson } from '../../../src/report/formats/json.ts';
import { resultJsonSchema, resultSchema } from '../../../src/report/schema/result-schema.ts';
import { factsOf } from '../../analysis/facts.ts';

const ROOT = new URL('../../../', import.meta.url);
const validate = new Ajv2020({ strict: true }).compile(resultJsonSchema());
const RESULT = analyze(factsOf());

describe('the published schema', () => {
  test.each(Object.entries(SCHEMAS))('%s is up to date; `npm run schemas` rewrites it', (file, schema) => {
    expect(readFileSync(new URL(file, ROOT), 'utf8')).toBe(schemaText(schema));
  });

  test.each(readdirSync(new URL('test/golden/', ROOT)))('accepts the result of %s', (name) => {
    const { facts } = parseFactsFile(readFileSync(new URL(`test/golden/${name}/facts.json`, ROOT), 'utf8'), name);
    expect(validate(JSON.parse(renderJson(analyze(facts))))).toBe(true);
  });

  test.each<[string, object]>([
    ['another version', { schemaVersion: 3 }],
    ['a verdict that there is not', { verdict: 'green' }],
    ['a key that there is not', { grade: 'A' }],
    ['a time below 0', { phases: { ...RESULT.phases, build: { ...RESULT.phases.build, seconds: -1 } } }],
    [
      'a trial 0',
      { scenarios: [{ ...RESULT.scenarios[0], trials: [{ ...RESULT.scenarios[0]!.trials[0], trial: 0 }] }] },
    ],
    [
      'a phase without its reason',
      { phases: { ...RESULT.phases, total: { seconds: null, target: 1, verdict: 'pass' } } },
    ],
    ['no notes', { notes: undefined }],
  ])('refuses %s, as its definition does', (_, change) => {
    const changed: unknown = JSON.parse(JSON.stringify({ ...RESULT, ...change }));
    expect(validate(changed)).toBe(false);
    expect(resultSchema.safeParse(changed).success).toBe(false);
  });
});

test('docs/result.md explains every key', () => {
  const page = readFileSync(new URL('docs/result.md', ROOT), 'utf8');
  const missing = [...keysOf(resultJsonSchema())].filter((key) => !page.includes(`\`${key}\``));
  expect(missing).toEqual([]);
});

describe('the JSON', () => {
  test('is the result, and the same text each time', () => {
    expect(JSON.parse(renderJson(RESULT))).toEqual(RESULT);
    expect(renderJson(structuredClone(RESULT))).toBe(renderJson(RESULT));
  });

  test('holds no character that a terminal would obey', () => {
    const text = renderJson({ ...RESULT, project: 'a\u009b2J\u202e\u001b[31m' });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(JSON.parse(text)).toMatchObject({ project: 'a\u009b2J\u202e\u001b[31m' });
  });
});

/** The keys of all objects in a JSON Schema. */
function keysOf(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const properties = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return new Set([...properties, ...Object.values(schema).flatMap((part) => [...keysOf(part)])]);
}
