/** The facts of a run as large as Paceline measures: 20,000 tests in the primary scenario, and 1,000 trials. */
import { readFileSync } from 'node:fs';
import { parseFactsFile } from '../../src/analysis/facts-file.ts';
import type { TestTable } from '../../src/model/profile/test-table.ts';
import type { RunFacts, TrialRecord } from '../../src/model/run.ts';

export const TESTS = 20_000;
export const TRIALS = 1_000;
/** Trials that have the table of all tests. */
const WITH_TABLE = 40;

export function largeRun(): RunFacts {
  const text = readFileSync(new URL('../golden/pass/facts.json', import.meta.url), 'utf8');
  const { facts } = parseFactsFile(text, 'facts.json');
  const [first] = facts.trials;
  const start = Date.parse(first!.startedAt!);
  // The one that stands for the others is among them.
  const table = tableOf();
  const trials = Array.from({ length: TRIALS }, (_, i): TrialRecord => {
    const of = facts.trials[i % facts.trials.length]!;
    const at = (seconds: number) => new Date(start + (i * 70 + seconds) * 1000).toISOString();
    const profile =
      of.profile?.pytest == null || i >= WITH_TABLE
        ? of.profile
        : { ...of.profile, pytest: { ...of.profile.pytest, table } };
    return {
      ...of,
      trial: Math.floor(i / facts.trials.length) + 1,
      seconds: of.seconds === null ? null : of.seconds * (1 + (i % 7) / 100),
      startedAt: at(0),
      finishedAt: at(of.seconds ?? 1),
      ...(profile === undefined ? {} : { profile }),
    };
  });
  return { ...facts, trials, finishedAt: new Date(start + TRIALS * 70_000).toISOString() };
}

function tableOf(): TestTable {
  const rows = Array.from({ length: TESTS }, (_, i) => i);
  const seconds = rows.map((i) => 0.001 + (i % 997) / 1000);
  return {
    files: rows.slice(0, 400).map((i) => `tests/part_${i % 20}/test_of_a_module_with_a_long_name_${i}.py`),
    file: rows.map((i) => i % 400),
    name: rows.map((i) => `TestOfAClass::test_that_something_happens[case-${i}]`),
    workers: ['gw0', 'gw1', 'gw2', 'gw3'],
    worker: rows.map((i) => i % 4),
    at: rows.map((i) => Math.floor(i / 4) * 0.5),
    seconds,
    setup: seconds.map((each) => each / 10),
    call: seconds.map((each) => (each * 8) / 10),
    teardown: seconds.map((each) => each / 10),
    cpu: seconds,
    fixtures: ['database|session|tests/conftest.py', 'client|function|tests/conftest.py'],
    uses: rows.map((i) => (i % 3 === 0 ? [0, 1] : [1])),
    leftOut: 0,
  };
}
