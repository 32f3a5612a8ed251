import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { RunResult } from '../../../../src/model/result.ts';
import { renderJunit } from '../../../../src/report/formats/exchange/junit.ts';
import { CASES, goldenResult, HOSTILE_NAMES, renamed } from './results.ts';

/** The schema of Jenkins' xUnit plugin, as pytest checks its own reports with it (pytest 9.2, testing/example_scripts). */
const SCHEMA = readFileSync(new URL('../../../fixtures/schemas/junit-10.xsd', import.meta.url), 'utf8');

async function problemsOf(results: readonly RunResult[]): Promise<readonly string[]> {
  const xml = results.map((result, index) => ({ fileName: `${index}.xml`, contents: renderJunit(result) }));
  const { errors } = await validateXML({ xml, schema: [{ fileName: 'junit.xsd', contents: SCHEMA }] });
  return errors.map(({ rawMessage }) => rawMessage);
}

test('every approved run is valid by the schema', async () => {
  expect(await problemsOf(CASES.map(goldenResult))).toEqual([]);
}, 60_000);

test('hostile names stay text', async () => {
  const results = HOSTILE_NAMES.map((name) => renamed(goldenResult('missed-total'), name));
  expect(await problemsOf(results)).toEqual([]);
  for (const result of results) expect(renderJunit(result)).not.toMatch(/<script|(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
}, 60_000);

test('the schema refuses a suite without counts', async () => {
  const broken = { fileName: 'x.xml', contents: '<testsuites><testsuite name="a"/></testsuites>' };
  const { errors } = await validateXML({ xml: broken, schema: [{ fileName: 'junit.xsd', contents: SCHEMA }] });
  expect(errors).not.toEqual([]);
}, 60_000);

describe('what is a failure', () => {
  test('a missed target, with the words of its alert', () => {
    expect(renderJunit(goldenResult('missed-total'))).toContain(
      '<failure type="target" message="Build, start-up and tests took 5 min 6 s; the target is under 5 min.">',
    );
  });

  test('red tests, with those that failed', () => {
    const xml = renderJunit(goldenResult('red-suite'));
    expect(xml).toContain('<failure type="tests" message="Full Test Suite: 3 of 312 tests failed.">');
    expect(xml).toContain('tests/test_cart.py::test_total: assert 12 == 13</failure>');
  });

  test('a confirmed regression, and not a suspicion', () => {
    const pass = goldenResult('pass');
    const alert = { kind: 'regression', metric: 'trial.duration', scenario: 'Quick Tests Only', gate: true } as const;
    const withState = (state: 'confirmed' | 'candidate') =>
      renderJunit({ ...pass, alerts: [{ ...alert, state, message: '30 % slower.' }] });
    expect(withState('confirmed')).toContain('<failure type="regression" message="30 % slower.">');
    expect(withState('candidate')).not.toContain('<failure');
  });

  test('an error of the infrastructure is an error, and what was not measured is skipped', () => {
    const xml = renderJunit(goldenResult('build-failed'));
    expect(xml).toContain('<error type="BuildFailed" message="The image of service test could not be built');
    expect(xml).toMatch(/<skipped>[^<]+<\/skipped>/);
    expect(xml).not.toContain('<failure');
  });

  test('nothing in a run that passed', () => {
    expect(renderJunit(goldenResult('pass'))).toMatch(/^<testsuites [^>]* failures="0" errors="0">$/m);
  });
});
