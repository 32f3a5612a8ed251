import { describe, expect, test } from 'vitest';
import { factsFileOf, parseFactsFile, resultOfFacts } from '../../src/analysis/facts-file.ts';
import type { PacelineError } from '../../src/model/failure.ts';
import { factsOf } from './facts.ts';

function problemOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    return (error as PacelineError).problem.what;
  }
}

describe('a facts.json', () => {
  test('is read as it was written', () => {
    const file = factsFileOf(factsOf(), null);
    expect(parseFactsFile(JSON.stringify(file), 'facts.json')).toEqual(file);
  });

  test.each([
    ['no JSON', 'verdict: pass', 'x.json is not the facts.json of a run.'],
    ['a result.json', '{"schemaVersion": 1, "verdict": "pass"}', 'x.json is not the facts.json of a run.'],
    ['a version without facts', '{"factsVersion": 1}', 'x.json is not the facts.json of a run.'],
    [
      'a newer version',
      '{"factsVersion": 99, "facts": {}}',
      'x.json was written by a newer Paceline: its factsVersion is 99, and this version reads up to 1.',
    ],
  ])('is refused in one line: %s', (_, text, what) => {
    expect(problemOf(() => parseFactsFile(text, 'x.json'))).toBe(what);
  });

  test('whose facts lack what every run has is refused, and not called a defect', () => {
    const file = parseFactsFile('{"factsVersion": 1, "facts": {"project": "shop"}, "compared": null}', 'x.json');
    expect(problemOf(() => resultOfFacts(file, 'x.json'))).toMatch(/^The facts in x\.json are not complete: /);
  });
});
