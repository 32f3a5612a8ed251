import { describe, expect, test } from 'vitest';
import { attribute, attributePart, baseRunOf } from '../../../src/analysis/attribution/attribute.ts';
import { attributionSentence, attributionWords, causeWords } from '../../../src/analysis/attribution/sentence.ts';
import type { Cause, CauseEvidence } from '../../../src/model/cause.ts';
import { factsOf, FULL } from '../facts.ts';
import { KEY } from '../regression/history.ts';
import { built, many, service, started, tested } from './sides.ts';

describe('what moved', () => {
  test('of a series is what its own part shows', () => {
    const [base, head] = [built([['[2/2] RUN make', 3]]), built([['[2/2] RUN make', 9]])];
    expect(attribute(base, head, { ...KEY, metric: 'build.cold.duration' }, 6)).toMatchObject([
      { kind: 'step', name: 'RUN make', baseSeconds: 3, headSeconds: 9, share: 1, cause: { class: 'step' } },
    ]);
  });

  test('of a figure that is made of others is nothing', () => {
    expect(attribute(factsOf(), factsOf(), { ...KEY, metric: 'total.duration' }, 6)).toEqual([]);
  });

  test.each([
    [
      'service',
      started([service('db', [1, 2, 3])]),
      started([service('db', [1, 6, 7])]),
      { phase: 'startup' as const },
      4,
    ],
    [
      'test',
      tested({ tests: many('a.py::t', 6, { call: 1 }) }),
      tested({ tests: many('a.py::t', 6, { call: 2 }) }),
      { phase: 'test' as const, scenario: FULL.id },
      6,
    ],
    [
      'phase',
      tested({ tests: many('a.py::t', 6, { call: 1 }) }),
      tested({ tests: many('a.py::t', 6, { call: 1 }), path: { collection: 4.5 } }),
      { phase: 'test' as const, scenario: FULL.id },
      4,
    ],
  ])('has the kind %s, as older versions had it', (kind, base, head, suspect, difference) => {
    expect(attributePart(base, head, suspect, difference)).toMatchObject([{ kind }]);
  });
});

test('the run of a baseline that stands for it is the nearest to the median, of several the newest', () => {
  const baseline = { runIds: ['a', 'b', 'c', 'd'], median: 10, newestRunId: 'd' };
  const points = [
    ['a', 10],
    ['b', 10.1],
    ['c', 10],
    ['d', 14],
    ['e', 10],
  ].map(([runId, value]) => ({ runId, value }) as Parameters<typeof baseRunOf>[1][number]);
  expect(baseRunOf(baseline, points)).toBe('c');
  expect(baseRunOf(baseline, [])).toBe('d');
});

describe('in words', () => {
  const cause = (change: Partial<Cause>): Cause => ({
    class: 'test',
    name: 'a.py::t',
    baseSeconds: 2,
    headSeconds: 6,
    share: 0.8,
    evidence: [],
    ...change,
  });
  const place = { file: 'compose.yml', line: 12 };

  test.each<readonly [string, Partial<Cause>, string]>([
    ['times where there is no other evidence', {}, 'test a.py::t: 2 s before, 6 s now explains 4 s of 5 s'],
    ['no time before for what the base does not list', { baseSeconds: null }, 'test a.py::t: 6 s explains 4 s of 5 s'],
    [
      'a key with both values and its place',
      {
        class: 'healthcheck',
        name: 'db',
        evidence: [{ kind: 'changedKey', key: 'services.db.healthcheck.interval', base: '1s', head: '6s', place }],
      },
      'healthcheck of db: interval 1s → 6s (compose.yml:12) explains 4 s of 5 s',
    ],
    [
      'the place of an unchanged step next to its name',
      {
        class: 'step',
        name: 'RUN make',
        evidence: [{ kind: 'place', place }],
      },
      'step `RUN make` (compose.yml:12): 2 s before, 6 s now explains 4 s of 5 s',
    ],
    [
      'many tests with what they share',
      {
        class: 'manyTests',
        name: '214 tests',
        evidence: [
          { kind: 'tests', ids: ['a'], count: 214, secondsEach: 0.015 },
          { kind: 'allUseFixture', fixture: 'db', count: 214 },
        ],
      },
      '214 tests: each about 15 ms slower, all use fixture db explain 4 s of 5 s',
    ],
    [
      'the tests that a leaking one slowed',
      { evidence: [{ kind: 'tests', ids: ['b'], count: 31, secondsEach: 0.1 }] },
      'test a.py::t: 31 tests after it, each about 100 ms slower explains 4 s of 5 s',
    ],
    ['what is unknown', { class: 'unknown', name: 'unknown' }, '4 s of 5 s is unexplained'],
  ])('%s', (_, change, words) => {
    expect(causeWords(cause(change), 5)).toBe(words);
    expect(causeWords(cause(change), -5)).toBe(words);
  });

  test.each<readonly [CauseEvidence, string]>([
    [
      { kind: 'firstMiss', step: 'COPY . .', input: { kind: 'files', files: ['a.py'], more: 3 }, place },
      'changed a.py and 3 more (compose.yml:12)',
    ],
    [{ kind: 'option', name: '--dist', base: 'load', head: 'loadfile' }, '--dist load → loadfile'],
    [{ kind: 'option', name: '--cov', base: null, head: 'on' }, '--cov added: on'],
    [{ kind: 'imageBytes', base: 2e8, head: 9e8 }, 'image 200 MB → 900 MB'],
    [{ kind: 'throttled', baseSeconds: null, headSeconds: 3 }, 'held back an unknown time before, 3 s now'],
    [{ kind: 'fixture', name: 'db', scope: 'function', baseCount: 1, headCount: 30 }, 'set up 1 times before, 30 now'],
  ])('evidence %o', (evidence, words) => {
    expect(attributionWords([attributed(cause({ evidence: [evidence] }))], 5)).toContain(words);
  });

  const attributed = (one: Cause) => ({
    kind: 'test' as const,
    name: one.name,
    baseSeconds: one.baseSeconds ?? 0,
    headSeconds: one.headSeconds ?? 0,
    share: one.share,
    cause: one,
  });

  test('a sentence, also of what an older version stored', () => {
    const { cause: _, ...older } = attributed(cause({}));
    expect(attributionSentence([older], 5)).toBe('Cause: 80 % in test a.py::t (2 s before, 6 s now).');
    expect(attributionSentence([attributed(cause({})), older], 5)).toMatch(/^Causes: .* explains 4 s of 5 s; 80 % in/);
    expect(attributionSentence([], 5)).toBeNull();
  });
});
