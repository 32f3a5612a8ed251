import { describe, expect, test } from 'vitest';
import { explainRuns } from '../../../src/analysis/attribution/explain.ts';
import { explanationJson, renderExplanation } from '../../../src/report/explanation.ts';
import { measured } from '../../../src/model/measurement.ts';
import type { RunFacts } from '../../../src/model/run.ts';
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
  /** Its trial had a CPU for a tenth of its time, and waited for one `waits` times as long. */
  const busy = (facts: RunFacts, waits: number): RunFacts =>
    withTrial(facts, {
      resources: { containers: [], total: { cpuSeconds: 0.1 * SECONDS }, cpuPressureRatio: 0.1 * waits },
    });
  const SECONDS = 100;
  const withTrial = (facts: RunFacts, profile: object): RunFacts => {
    const [trial] = tested({ tests: {}, record: { disturbed: { reason: REASON }, seconds: SECONDS } }).trials;
    return {
      ...facts,
      trials: [{ ...trial!, profile: { ...trial!.profile!, ...profile } }],
    };
  };
  const made = (seconds: number, text = FILE) =>
    built([[`[2/2] ${text}`, seconds]], { projectFiles: dockerfile('FROM a', text), inputs: NO_INPUTS });
  const cold = (base: RunFacts, head: RunFacts) => explainRuns(base, head)[0]!;
  const textOf = (base: RunFacts, head: RunFacts) => {
    const explained = { base, head, figures: explainRuns(base, head), notes: [] };
    return renderExplanation(explained, { color: false, width: 100 }).replaceAll(/\s+/g, ' ');
  };

  test('a build that nothing changed for is not blamed for what the load explains', () => {
    const figure = cold(made(10), busy(made(18), 2));
    expect(figure).toMatchObject({ moved: false, causes: [], undecided: { kind: 'otherWork', reason: REASON } });
    expect(cold(busy(made(18), 2), made(10))).toMatchObject({ moved: false, undecided: { kind: 'otherWork' } });
  });

  test.each([
    ['if the instruction changed', made(10), busy(made(18, 'RUN make all'), 2)],
    ['if it is slower than what its trials waited for a CPU can make it', made(10), busy(made(37), 2)],
    ['however high the load is', made(10), busy(made(60), 2)],
    ['if only the faster side was disturbed', busy(made(10), 2), made(18)],
    ['if the inputs are not known', madeIn(10), busy(madeIn(18), 2)],
  ])('it moved %s', (_, base, head) => {
    expect(cold(base, head)).toMatchObject({ moved: true, undecided: null });
  });

  test('what the build itself found busy counts without a trial, and how much it explains cannot be told', () => {
    const head = made(18);
    const [build] = head.builds;
    const disturbed = { ...head, builds: [{ ...build!, disturbed: { reason: REASON } }] };
    const figure = cold(made(10), disturbed);
    expect(figure).toMatchObject({ moved: false, undecided: { kind: 'cannotTell', reason: REASON } });
    expect(textOf(made(10), disturbed)).toContain('cannot be told');
  });

  test('the load alone is a bound, and tells nothing below it', () => {
    const loaded = (seconds: number) => withTrial(made(seconds), { host: { loadAverageMax: 8 } });
    expect(cold(made(10), loaded(18))).toMatchObject({ moved: false, undecided: { kind: 'cannotTell' } });
    expect(cold(made(10), loaded(60))).toMatchObject({
      moved: true,
      unexplained: { otherWork: { kind: 'tooLittle' } },
    });
  });

  test('what a limit of the project held back does not count as other work', () => {
    const resources = {
      containers: [],
      total: { cpuSeconds: 0.1 * SECONDS, throttledSeconds: 0.2 * SECONDS },
      cpuPressureRatio: 0.2,
    };
    expect(cold(made(10), withTrial(made(18), { resources }))).toMatchObject({ moved: true });
  });

  test('what is slower than other work explains is said to be so, though no input changed', () => {
    const [base, head] = [made(10), busy(made(37), 2)];
    expect(cold(base, head)).toMatchObject({
      moved: true,
      unexplained: { inputs: 'none', otherWork: { kind: 'tooLittle', mostRatio: 3.6 } },
    });
    expect(textOf(base, head)).toContain('Slower, and no input changed.');
    expect(textOf(base, head)).toContain(`disturbed (${REASON}), which makes it up to 3.6 times as long`);
  });

  test('where the stage stored nothing of other work, that cannot be told', () => {
    expect(cold(made(10), made(18)).unexplained).toEqual({ inputs: 'none', otherWork: { kind: 'unknown' } });
    expect(textOf(made(10), made(18))).toContain('Whether other work is behind it cannot be told.');
    const [build] = made(18).builds;
    const quiet = { ...made(18), builds: [{ ...build!, disturbed: null }] };
    expect(cold(made(10), quiet).unexplained).toEqual({ inputs: 'none', otherWork: { kind: 'none' } });
  });

  test('a cause with an input that changed is kept, however small its share is', () => {
    const two = (make: number, lint: number, text: string) =>
      built(
        [
          ['[2/3] RUN make', make],
          [`[3/3] ${text}`, lint],
        ],
        { projectFiles: dockerfile('FROM a', 'RUN make', text), inputs: NO_INPUTS },
      );
    const [base, head] = [two(10, 1, 'RUN lint'), busy(two(18, 2.5, 'RUN lint all'), 2)];
    const figure = cold(base, head);
    expect(figure).toMatchObject({ moved: false, undecided: { kind: 'otherWork' } });
    expect(figure.causes.map(({ name }) => name)).toEqual(['RUN lint all']);
    expect(textOf(base, head)).toContain('RUN lint → RUN lint all');
    expect(textOf(base, head)).toContain(REASON);
    // Of a difference that two runs of the same code may have as well.
    const small = cold(base, busy(two(12, 1.4, 'RUN lint all'), 2));
    expect(small).toMatchObject({ moved: false, undecided: { kind: 'otherWork' }, causes: [{ name: 'RUN lint all' }] });
  });

  test('the cache that lost a step is none of the project’s', () => {
    const step = '[2/2] RUN make';
    const warm = (seconds: number | 'cached') =>
      built([[step, seconds]], { mode: 'warm', inputs: NO_INPUTS, projectFiles: dockerfile('FROM a', FILE) });
    expect(cold(busy(warm(1.5), 2), warm('cached'))).toMatchObject({ moved: false });
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
    const [base, head] = [made(10), busy(made(18), 2)];
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
