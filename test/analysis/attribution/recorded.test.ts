import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainRuns } from '../../../src/analysis/attribution/explain.ts';
import type { RunFacts } from '../../../src/model/run.ts';

/** Of real runs of `npm run bench:causes`, cut down to the figure that the case is about. */
function recorded(name: string): RunFacts {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as RunFacts;
}

test.each([
  ['new-step', 'newStep', 'RUN echo lint && sleep 3', { place: { file: 'Dockerfile.test', line: 6 } }],
  [
    'longer-step',
    'step',
    'RUN echo install && sleep 5',
    { base: 'RUN echo install && sleep 2', head: 'RUN echo install && sleep 5' },
  ],
  [
    'base-image',
    'baseImage',
    'paceline-bench-causes:heavy',
    { base: 'FROM paceline-bench-causes:python', head: 'FROM paceline-bench-causes:heavy' },
  ],
])('a build with %s', (name, cls, of, evidence) => {
  const [first] = causesIn('build-base', name);
  expect(first).toMatchObject({ class: cls, name: of });
  expect(first!.evidence[0]).toMatchObject(evidence);
  expect(first!.share).toBeGreaterThan(0.85);
});

test.each([
  ['slow-service', 'cache', { kind: 'changedKey', key: 'services.cache.command' }],
  ['init-script', 'db', { kind: 'readiness', service: 'db' }],
])('a start-up with %s', (name, of, evidence) => {
  const [first] = causesIn('startup-base', name);
  expect(first).toMatchObject({ class: 'readiness', name: of });
  expect(first!.evidence[0]).toMatchObject(evidence);
  expect(first!.share).toBeGreaterThan(0.7);
});

/** On a machine so busy that containers were created seconds later: that rest is unknown, and comes after what is known. */
test.each([
  ['interval', 'healthcheck', 'db', { key: 'services.db.healthcheck.interval', base: '1s', head: '6s' }],
  ['edge', 'dependencyEdge', 'cache waits for db', { key: 'services.cache.depends_on.db.condition', base: null }],
])('a start-up with %s', (name, cls, of, evidence) => {
  const [first, ...others] = causesIn('startup-base', name);
  expect(first).toMatchObject({ class: cls, name: of });
  expect(first!.evidence[0]).toMatchObject(evidence);
  expect(others.at(-1)).toMatchObject({ class: 'unknown' });
});

/** Recorded while other work took nine tenths of the CPUs: that comes after what changed in the project. */
test.each([
  ['slow-test', 'test', 'tests/test_reports.py::test_last'],
  ['slow-fixture', 'fixture', 'cache (tests)'],
  ['slow-tear-down', 'fixture', 'cache (tests)'],
  ['coverage', 'coverage', 'coverage'],
  ['new-tests', 'newTests', '30 tests of tests/test_stock.py'],
  ['collection', 'collection', 'collection'],
])('tests with %s', (name, cls, of) => {
  const [first] = causesIn('test-base', name);
  expect(first).toMatchObject({ class: cls, name: of });
  expect(first!.share).toBeGreaterThan(0.25);
});

/** Recorded at a load of 12 to 19 on two cores. The base's own build and start-up took up to twice as long as the head's. */
test.each([
  ['comment-base', 'comment'],
  ['null-base', 'documentation'],
])('against %s, %s: nothing that the builds and the start-ups read changed, so nothing is blamed', (base, head) => {
  const figures = explainRuns(recorded(base), recorded(head));
  expect(figures.map(({ title }) => title)).toEqual(['Docker build (cold)', 'Service start-up']);
  expect(figures).toMatchObject(figures.map(() => ({ moved: false, undecided: {} })));
  // The step that copies all files is said to see another one.
  const evidence = figures.flatMap(({ causes }) => causes.map((cause) => cause.evidence));
  expect(evidence.every((each) => each.some(({ kind }) => kind === 'changedFiles'))).toBe(true);
});

function causesIn(base: string, head: string) {
  const [figure] = explainRuns(recorded(base), recorded(head));
  expect(figure).toMatchObject({ moved: true });
  return figure!.causes;
}
