import { describe, expect, test } from 'vitest';
import { renderOpenMetrics } from '../../../../src/report/formats/exchange/openmetrics.ts';
import { CASES, goldenResult, HOSTILE_NAMES, renamed } from './results.ts';

/** The lines of the specification's grammar that a gauge and a set of states need (ABNF, "Overall structure"). */
const DESCRIPTOR = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\n"\\]|\\["n\\])*)$/;
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{([a-zA-Z_][a-zA-Z0-9_]*="(?:[^\n"\\]|\\["n\\])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\n"\\]|\\["n\\])*")*)\} ([-+]?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?)$/;

/** @returns the samples by series; throws at what the grammar does not have */
function parsed(text: string): ReadonlyMap<string, number> {
  if (!text.endsWith('\n')) throw new Error('no line break at the end');
  const lines = text.slice(0, -1).split('\n');
  if (lines.pop() !== '# EOF') throw new Error('no end');
  const samples = new Map<string, number>();
  const finished = new Set<string>();
  let family = '';
  for (const line of lines) {
    const [, kind, name] = DESCRIPTOR.exec(line) ?? [];
    if (kind === 'TYPE') {
      if (finished.has(name!)) throw new Error(`two families ${name}`);
      family = name!;
      finished.add(family);
      continue;
    }
    if (kind !== undefined) {
      if (name !== family) throw new Error(`${line} is in the family ${family}`);
      if (kind === 'UNIT' && !family.endsWith(`_${line.split(' ').at(-1)}`)) throw new Error(`unit of ${family}`);
      continue;
    }
    const [, of, labels, value] = SAMPLE.exec(line) ?? [];
    if (of !== family) throw new Error(`not a sample of ${family}: ${line}`);
    const series = `${of}{${labels}}`;
    if (samples.has(series)) throw new Error(`two samples of ${series}`);
    samples.set(series, Number(value));
  }
  return samples;
}

/** GitLab's reader cuts a line at the first #, and splits the rest as a shell would. */
function asGitlabReads(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .filter((line) => line.trim() !== '');
}

describe.each(CASES)('%s', (name) => {
  test('obeys the grammar', () => {
    const samples = parsed(renderOpenMetrics(goldenResult(name)));
    expect([...samples].filter(([series, value]) => series.startsWith('paceline_verdict') && value === 1)).toHaveLength(
      1,
    );
  });
});

test.each(HOSTILE_NAMES)('obeys the grammar with the name %j, and GitLab sees each sample whole', (name) => {
  const text = renderOpenMetrics(renamed(goldenResult('pass'), name));
  const plain = parsed(renderOpenMetrics(goldenResult('pass')));
  const samples = parsed(text);
  expect([...samples.values()]).toEqual([...plain.values()]);
  for (const line of asGitlabReads(text)) expect(line).toMatch(SAMPLE);
  expect(asGitlabReads(text)).toHaveLength(plain.size);
});

test('holds the scenarios by name, in base units', () => {
  const samples = parsed(renderOpenMetrics(goldenResult('pass')));
  expect(samples.get('paceline_trial_duration_seconds{project="shop",scenario="Quick Tests Only"}')).toBe(21.7);
  expect(samples.get('paceline_memory_workingSet_peak_bytes{project="shop",scenario="Full Test Suite"}')).toBe(1.21e9);
});

test('has nothing for what was not measured, and nothing of failed tests', () => {
  const series = [...parsed(renderOpenMetrics(goldenResult('red-suite'))).keys()].join('\n');
  expect(series).not.toContain('paceline_total_duration_seconds');
  expect(series).not.toContain('scenario="Full Test Suite"');
});
