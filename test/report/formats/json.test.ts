import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type FactsFile, parseFactsFile } from '../../../src/analysis/facts-file.ts';
import type { TestTable } from '../../../src/model/profile/test-table.ts';
import { renderFacts } from '../../../src/report/formats/json.ts';

const FILE = new URL('../../golden/pass/facts.json', import.meta.url);
const NAMES = ['"table": "(table 0)"', 'a\u009bb', '$1 $&'];
const TABLE: TestTable = {
  files: ['t.py'],
  file: [0, 0, 0],
  name: NAMES,
  workers: ['main'],
  worker: [0, 0, 0],
  at: [0, 1, 2],
  seconds: [1, 1, 1],
  setup: [0, 0, 0],
  call: [1, 1, 1],
  teardown: [0, 0, 0],
  cpu: null,
  fixtures: [],
  uses: [[], [], []],
  leftOut: 0,
};

function withTables(): FactsFile {
  const file = parseFactsFile(readFileSync(FILE, 'utf8'), 'facts.json');
  const trials = file.facts.trials.map((trial) => ({
    ...trial,
    profile: trial.profile?.pytest ? { ...trial.profile, pytest: { ...trial.profile.pytest, table: TABLE } } : null,
  }));
  return { ...file, facts: { ...file.facts, trials } };
}

test('facts.json has the table of tests on one line, and reads back as it was', () => {
  const file = withTables();
  const text = renderFacts(file);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(file)));
  const lines = text.split('\n').filter((line) => /^ *"table": \{"files":/.test(line));
  expect(lines).toHaveLength(file.facts.trials.filter(({ profile }) => profile !== null).length);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
