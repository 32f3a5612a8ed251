import { describe, expect, test } from 'vitest';
import { explainRuns } from '../../../src/analysis/attribution/explain.ts';
import { explanationJson, renderExplanation } from '../../../src/report/explanation.ts';
import { measured } from '../../../src/model/measurement.ts';
import type { RunFacts, TrialRecord } from '../../../src/model/run.ts';
import { built, compose, dockerfile, many, NO_INPUTS, service, started, tested } from './sides.ts';

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

describe('on a machine with other work', () => {
  const REASON = 'other work took 60 % of its CPU time';
  /** `load` is the highest load average of its trial, on four cores. */
  const busy = (facts: RunFacts, load: number): RunFacts => {
    const host = { loadAverageMax: load };
    const [trial] = tested({ tests: {}, record: { disturbed: { reason: REASON } } }).trials;
    return {
      ...facts,
      trials: [{ ...trial!, profile: { ...trial!.profile!, host } as unknown as TrialRecord['profile'] }],
    };
  };
  const made = (seconds: number, text = FILE) =>
    built([[`[2/2] ${text}`, seconds]], { projectFiles: dockerfile('FROM a', text), inputs: NO_INPUTS });
  const cold = (base: RunFacts, head: RunFacts) => explainRuns(base, head)[0]!;

  test('a build that nothing changed for is not blamed for what the load explains', () => {
    const figure = cold(made(10), busy(made(18), 8));
    expect(figure).toMatchObject({ moved: false, causes: [], undecided: { kind: 'otherWork', reason: REASON } });
    expect(cold(busy(made(18), 8), made(10))).toMatchObject({ moved: false, undecided: { kind: 'otherWork' } });
  });

  test.each([
    ['if the instruction changed', made(10), busy(made(18, 'RUN make all'), 8)],
    ['if it is slower than the load can make it', made(10), busy(made(60), 8)],
    ['if only the faster side was disturbed', busy(made(10), 8), made(18)],
    ['if the inputs are not known', madeIn(10), busy(madeIn(18), 8)],
  ])('it moved %s', (_, base, head) => {
    expect(cold(base, head)).toMatchObject({ moved: true, undecided: null });
  });

  test('what the build itself found busy counts without a trial', () => {
    const head = made(18);
    const [build] = head.builds;
    const disturbed = { ...head, builds: [{ ...build!, disturbed: { reason: REASON } }] };
    expect(cold(made(10), disturbed)).toMatchObject({ moved: false, undecided: { reason: REASON, mostRatio: 2 } });
  });

  test('the cache that lost a step is none of the project’s', () => {
    const step = '[2/2] RUN make';
    const warm = (seconds: number | 'cached') =>
      built([[step, seconds]], { mode: 'warm', inputs: NO_INPUTS, projectFiles: dockerfile('FROM a', FILE) });
    expect(cold(busy(warm(1.5), 8), warm('cached'))).toMatchObject({ moved: false });
  });

  test('a start-up within the spread of the start-ups of both runs', () => {
    const up = (seconds: number, trials: readonly number[]): RunFacts => ({
      ...started([service('db', [1, 2, seconds])], compose({})),
      measurements: trials.map((value) => measured('startup.trial.duration', value, 'readiness')),
    });
    const startup = (base: RunFacts, head: RunFacts) =>
      explainRuns(base, head).find(({ figure }) => figure.phase === 'startup');
    expect(startup(up(3, [5.5]), up(6, [4]))).toMatchObject({ moved: false, undecided: { kind: 'withinSpread' } });
    expect(startup(up(3, [3.1]), up(6, [5.9]))).toMatchObject({ moved: true, undecided: null });
  });

  test('the text says that it was disturbed, and by what', () => {
    const [base, head] = [made(10), busy(made(18), 8)];
    const explained = { base, head, figures: explainRuns(base, head), notes: [] };
    const text = renderExplanation(explained, { color: false, width: 100 }).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Docker build (cold): 10 s → 18 s');
    expect(text).toContain(REASON);
    expect(text).not.toContain('Did not move: Docker build (cold)');
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
