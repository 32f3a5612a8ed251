import { describe, expect, test } from 'vitest';
import { explainRuns } from '../../../src/analysis/attribution/explain.ts';
import { explanationJson, renderExplanation } from '../../../src/report/explanation.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { built, compose, dockerfile, many, service, started, tested } from './sides.ts';

const FILE = 'RUN make';

function madeIn(seconds: number, text = FILE): RunFacts {
  return built([[`[2/2] ${text}`, seconds]], { projectFiles: dockerfile('FROM a', text) });
}

function moved(base: RunFacts, head: RunFacts) {
  return explainRuns(base, head)
    .filter((figure) => figure.moved)
    .map(({ title, causes }) => [title, causes[0]?.name]);
}

describe('two runs', () => {
  test.each([
    ['nothing where nothing changed', madeIn(10), madeIn(10), []],
    ['nothing for what two runs of the same code may differ by', madeIn(10), madeIn(11.8), []],
    [
      'a small difference that a changed instruction explains',
      madeIn(10),
      madeIn(11.8, 'RUN make all'),
      'RUN make all',
    ],
    ['a large difference, even if nothing is known to have changed', madeIn(10), madeIn(14), 'RUN make'],
    ['what became faster', madeIn(14), madeIn(10), 'RUN make'],
  ])('have %s', (_, base, head, name) => {
    expect(moved(base, head)).toEqual(typeof name === 'string' ? [['Docker build (cold)', name]] : []);
  });

  test('each figure for itself', () => {
    const tests = (call: number) => tested({ tests: many('a.py::t', 6, { call }) }).trials;
    const base = { ...madeIn(10), trials: tests(1), startup: started([service('db', [1, 2, 3])]).startup };
    const head = { ...madeIn(20), trials: tests(2), startup: started([service('db', [1, 8, 9])]).startup };
    expect(moved(base, head)).toEqual([
      ['Docker build (cold)', 'RUN make'],
      ['Service start-up', 'db'],
      ['Full Test Suite', '6 tests of a.py::t'],
    ]);
  });

  test('a figure that one of them lacks is left out', () => {
    const head = { ...madeIn(20), startup: null };
    expect(explainRuns(madeIn(10), head).map(({ title }) => title)).not.toContain('Service start-up');
  });
});

describe('as text and JSON', () => {
  const base = started([service('db', [1, 2, 3])], compose({ 'services.db.healthcheck.interval': '1s' }));
  const head = started([service('db', [1, 2, 7])], compose({ 'services.db.healthcheck.interval': '6s' }));
  const explained = { base, head, figures: explainRuns(base, head), notes: ['A note.'] };

  test('it says what moved and why, and what did not', () => {
    const text = renderExplanation(explained, { color: false, width: 100 });
    expect(text).toContain('Service start-up: 3 s → 7 s, +133 %');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('healthcheck of db: interval 1s → 6s (compose.yml:1)');
    expect(text).toContain('Did not move: Docker build (cold)');
    expect(text).toContain('A note.');
  });

  test('nothing moved', () => {
    const still = { ...explained, head: base, figures: explainRuns(base, base) };
    expect(renderExplanation(still, { color: false, width: 100 })).toContain('Nothing moved.');
  });

  test('JSON has the causes and their sentences', () => {
    expect(explanationJson(explained).figures.find((figure) => figure.moved)).toMatchObject({
      figure: { phase: 'startup' },
      differenceSeconds: 4,
      causes: [{ class: 'healthcheck', share: 1 }],
      sentences: [expect.stringContaining('explains 4 s of 4 s')],
    });
  });
});
