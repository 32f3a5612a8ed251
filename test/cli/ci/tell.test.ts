import { expect, test } from 'vitest';
import { annotationsOf, outputsOf } from '../../../src/cli/ci/tell.ts';
import type { CiOutcome, MovedFigure } from '../../../src/model/ci-outcome.ts';

const MOVED: MovedFigure = {
  title: 'All',
  metric: 'trial.duration',
  scenario: 'All',
  state: 'confirmed',
  direction: 'slower',
  baseSeconds: 3,
  headSeconds: 6,
  ratio: 2,
  interval: null,
  pairs: 5,
  message: 'All took 6 s,\n::error::100% injected',
  causes: [
    { text: 'test a', kind: 'test', name: 'a', share: 1, place: { file: 'services/api,1/tests/test_a.py', line: 12 } },
  ],
};

const OUTCOME: CiOutcome = {
  ciVersion: 1,
  project: 'shop',
  verdict: 'regressed',
  fails: true,
  summary: 'slower',
  task: 'check',
  hardware: 'x',
  pullRequest: 7,
  repository: 'o/shop',
  headCommit: null,
  baseCommit: null,
  totalSeconds: 12.3456,
  moved: [MOVED],
  unchanged: [],
  undecided: [],
  alerts: [{ kind: 'target', state: 'raised', metric: null, scenario: null, message: 'Total took 9 s.' }],
  bestRemedy: null,
  errors: [],
  notes: [],
  comparedInPairs: [],
  links: { job: null },
  files: { report: '/r/report.html', markdown: '/r/report.md', result: null, comparison: null },
};

test('what is slower is an error at its file and line, and a foreign text cannot give commands', () => {
  const [slower, target] = annotationsOf(OUTCOME);
  expect(slower).toBe(
    '::error file=services/api%2C1/tests/test_a.py,line=12,title=Paceline%3A shop::All took 6 s,%0A::error::100%25 injected',
  );
  expect(target).toMatch(/^::warning /);
});

test('nothing is an error in a job that does not fail', () => {
  expect(annotationsOf({ ...OUTCOME, fails: false }).filter((line) => line.startsWith('::error'))).toEqual([]);
});

test('what became faster has no annotation', () => {
  expect(annotationsOf({ ...OUTCOME, alerts: [], moved: [{ ...MOVED, direction: 'faster' }] })).toEqual([]);
});

test('outputs are one value each, whatever they hold', () => {
  const text = outputsOf({ ...OUTCOME, files: { ...OUTCOME.files, report: '/r\nverdict=pass' } }, true, 'END');
  expect(text).toContain('verdict<<END\nregressed\nEND\n');
  expect(text).toContain('total<<END\n12.346\nEND\n');
  expect(text).toContain('report<<END\n/r\nverdict=pass\nEND\n');
  const [, alerts] = /^alerts<<END\n(.*)\nEND$/m.exec(text) ?? [];
  expect(JSON.parse(alerts ?? '')).toEqual(OUTCOME.alerts);
});

test('a total that was not measured is empty, never 0', () => {
  expect(outputsOf({ ...OUTCOME, totalSeconds: null }, false, 'END')).toContain('total<<END\n\nEND\n');
});
