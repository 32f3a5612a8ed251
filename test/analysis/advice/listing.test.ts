import { describe, expect, test } from 'vitest';
import { adviceKey, adviceNames } from '../../../src/analysis/advice/advice-key.ts';
import { honestyOf } from '../../../src/analysis/advice/honesty.ts';
import { listAdvice } from '../../../src/analysis/advice/listing.ts';
import { triable, together, variantOfRemedy } from '../../../src/analysis/advice/to-verify.ts';
import { withVerifications } from '../../../src/analysis/advice/with-verifications.ts';
import type { Verification, VerifyAdviceResult } from '../../../src/model/advice.ts';
import type { Advice } from '../../../src/model/result.ts';
import { honestyWords, renderAdvice } from '../../../src/report/advice-list.ts';
import { planOf } from '../facts.ts';
import { adviceOf, patchOf, storedOf, verificationOf } from './advice.ts';

function listed(
  advice: readonly Advice[],
  runsPerDay: number | null = null,
  facts: Parameters<typeof listAdvice>[1]['facts'] = { startup: null },
  newest: Parameters<typeof listAdvice>[1]['newest'] = null,
) {
  const source = { origin: '/shop', commit: '1a2b3c4d', branch: 'main', dirty: false };
  const result = { runId: 'run-12345678', project: 'shop', startedAt: '2026-01-01T00:00:00.000Z', source, advice };
  return listAdvice(result, { runsPerDay, honesty: [], newest, facts });
}

describe('the list of advice', () => {
  const verified = (seconds: number): Partial<Advice> => ({
    state: 'verified',
    saves: {
      figure: 'startup.duration',
      unit: 'second',
      predicted: null,
      verified: { value: seconds, low: seconds, high: seconds, pairs: 5 },
    },
  });

  test('has what is verified first, then what is predicted, then what has no number; of each the most first', () => {
    const all = [
      adviceOf('no-number', null),
      adviceOf('small', 1),
      adviceOf('large', 9),
      adviceOf('sure', null, verified(2)),
      adviceOf('surer', null, verified(3)),
      adviceOf('useless', 20, { state: 'rejected' }),
      adviceOf('why-red', null, { kind: 'problem' }),
    ];
    const { opportunities, rejected, problems } = listed(all);
    expect(opportunities.map(({ id }) => id)).toEqual(['surer', 'sure', 'large', 'small', 'no-number']);
    expect(rejected.map(({ id }) => id)).toEqual(['useless']);
    expect(problems.map(({ id }) => id)).toEqual(['why-red']);
  });

  describe('sums what is verified', () => {
    const all = [adviceOf('a', null, verified(4)), adviceOf('b', null, verified(3))];
    const measured = (members: readonly string[], verifications: readonly Verification[]) =>
      ({ together: { members, leftOut: [], verifications } }) as unknown as VerifyAdviceResult;
    const heading = (advice: readonly Advice[], newest: VerifyAdviceResult | null) =>
      renderAdvice(listed(advice, null, { startup: null }, newest), { color: false, width: 200 }).split('\n')[0];

    test.each<readonly [string, readonly Advice[], VerifyAdviceResult | null, string]>([
      [
        'as all winners save together',
        all,
        measured(['a', 'b'], [verificationOf(5)]),
        '(5 s verified together, 7 s one by one)',
      ],
      ['one by one without such a measurement', all, null, '(7 s verified one by one)'],
      [
        'one by one where one is not among them',
        all,
        measured(['a', 'c'], [verificationOf(5)]),
        '(7 s verified one by one)',
      ],
      [
        'one by one where all together were not verified',
        all,
        measured(['a', 'b'], [verificationOf(5, { state: 'inconclusive' })]),
        '(7 s verified one by one)',
      ],
      ['as it is where it is only one', all.slice(1), null, '(3 s verified)'],
    ])('%s', (_, advice, newest, sum) => {
      expect(heading(advice, newest)).toContain(sum);
    });
  });

  test('savings of the start-up that overlap are summed as the start-up allows', () => {
    const up = (name: string, seconds: number) => ({
      service: name,
      seconds,
      state: 'healthy' as const,
      timeline: null,
    });
    const saves = (service: string, value: number): Partial<Advice> => ({
      startup: [{ kind: 'earlier', service, seconds: value }],
      saves: {
        figure: 'startup.duration',
        unit: 'second',
        predicted: { value, low: null, high: null },
        verified: null,
      },
    });
    const predicted = { value: 5, low: null, high: null };
    const ofTests: Partial<Advice> = {
      saves: { figure: 'trial.duration', unit: 'second', predicted, verified: null },
    };
    const all = [adviceOf('a', 6, saves('db', 6)), adviceOf('b', 4, saves('db', 8)), adviceOf('tests', 5, ofTests)];
    const listing = listed(all, null, { startup: { seconds: 10, services: [up('db', 10), up('cache', 3)] } });
    // db ends at 0 with both, and cache at 3.
    expect(listing.startupTogetherSeconds).toBe(7);
    const text = renderAdvice(listing, { color: false, width: 200 });
    expect(text).toContain('12 s predicted together');
    expect(text).toContain('19 s one by');
    expect(listed(all.slice(1)).startupTogetherSeconds).toBeNull();
  });

  test('turns seconds into hours a month where the plan says how often it runs', () => {
    expect(listed([adviceOf('a', 6)]).opportunities[0]?.hoursPerMonth).toBeNull();
    expect(listed([adviceOf('a', 6)], 20).opportunities[0]?.hoursPerMonth).toBeCloseTo((6 * 20 * 30) / 3600);
  });

  test('tells people the place, the saving, the remedy and the hours', () => {
    const text = renderAdvice(listed([adviceOf('healthcheck-interval', 6)], 20), { color: false, width: 100 });
    expect(text).toContain('healthcheck-interval at docker-compose.test.yml:3: Advice of healthcheck-interval.');
    expect(text).toContain('Saves 6 s of the start-up, predicted, 1 h a month.');
    expect(text).toContain('Remedy: a patch of a.txt');
    expect(text).toContain('paceline advise --verify');
  });

  const steps = { kind: 'steps', steps: ['Make it shorter.'] } as const;
  test.each<readonly [string, Partial<Advice>, string]>([
    ['a patch without a number', {}, 'No number is known; `--verify` can measure it.'],
    ['steps without a number', { remedy: steps }, 'No number is known.\n'],
    ['what is in no figure', { saves: null }, 'No figure of a run shows what it saves.'],
  ])('promises a measurement only where there can be one: %s', (_, change, line) => {
    const text = renderAdvice(listed([adviceOf('a', null, change)]), { color: false, width: 100 });
    expect(text).toContain(line);
  });
});

test('advice of one audit is numbered where there are several', () => {
  expect(adviceNames([{ id: 'a' }, { id: 'b' }, { id: 'a' }])).toEqual(['a.1', 'b', 'a.2']);
});

describe('the key of advice', () => {
  const one = adviceOf('a', 1);
  test('does not depend on the prediction, the words or the state', () => {
    expect(adviceKey({ ...one, message: 'Other words.', saves: { ...one.saves!, predicted: null } } as Advice)).toEqual(
      adviceKey(one),
    );
  });
  test.each<readonly [string, Partial<Advice>]>([
    ['place', { where: { file: 'docker-compose.test.yml', line: 4 } }],
    ['remedy', { remedy: { kind: 'patch', patch: patchOf(4, 'x') } }],
    ['audit', { id: 'b' }],
  ])('depends on the %s', (_, change) => {
    expect(adviceKey({ ...one, ...change })).not.toEqual(adviceKey(one));
  });
});

describe('a stored verification', () => {
  const one = adviceOf('a', 6);
  test('is put on the same advice of a later run, the newest first', () => {
    const stored = [
      storedOf(one, verificationOf(5), { at: '2026-01-03T00:00:00.000Z' }),
      storedOf(one, verificationOf(1), { at: '2026-01-02T00:00:00.000Z' }),
    ];
    const [advice] = withVerifications([{ ...one, message: 'Later.' }], stored);
    expect(advice).toMatchObject({
      state: 'verified',
      saves: { predicted: { value: 6 }, verified: { value: 5 } },
      tried: { reason: 'gain' },
    });
  });
  test('says what the tests said', () => {
    const reason = { kind: 'testsRed', outcome: 'testsFailed', reason: '1 of 3 tests failed.' } as const;
    const [advice] = withVerifications(
      [one],
      [storedOf(one, verificationOf(0, { state: 'rejected', reason, saving: null }))],
    );
    expect(advice).toMatchObject({ state: 'rejected', tried: { reason: 'testsRed', detail: '1 of 3 tests failed.' } });
  });
  test('is not put on other advice', () => {
    expect(withVerifications([adviceOf('b', 6)], [storedOf(one, verificationOf(5))])).toEqual([adviceOf('b', 6)]);
  });
});

describe('the honesty of predictions', () => {
  const of = (id: string, predictions: readonly number[]) =>
    predictions.map((value, index) =>
      storedOf(adviceOf(id, value, { where: { file: 'f', line: index + 1 } }), verificationOf(10)),
    );
  test.each([
    [
      'three are 1.8 times too high',
      [18, 18, 18],
      'tooHigh',
      'Predictions of this check were 1.8 times too high (median of 3 verified remedies).',
    ],
    [
      'three are half',
      [5, 5, 5],
      'tooLow',
      'Predictions of this check were 2 times too low (median of 3 verified remedies).',
    ],
    ['the median is good', [10, 12, 50], 'good', null],
    ['two are too few', [18, 18], 'few', null],
  ] as const)('%s', (_, predictions, judgement, words) => {
    const [row] = honestyOf(of('a', predictions));
    expect(row?.judgement).toBe(judgement);
    expect(honestyWords(row!)).toBe(words);
  });
  test('leaves out what was rejected or never predicted, and counts a repeated verification once', () => {
    const one = adviceOf('a', 10);
    const stored = [
      storedOf(one, verificationOf(5), { at: '2026-01-01T00:00:00.000Z' }),
      storedOf(one, verificationOf(10), { at: '2026-01-02T00:00:00.000Z' }),
      storedOf(adviceOf('b', 10), verificationOf(0, { state: 'rejected' })),
      storedOf(adviceOf('c', null), verificationOf(3)),
    ];
    expect(honestyOf(stored)).toMatchObject([{ audit: 'a', n: 1, ratio: 1 }]);
  });
});

describe('what can be tried', () => {
  const plan = planOf();
  test.each<readonly [string, Partial<Advice>, string]>([
    ['steps', { remedy: { kind: 'steps', steps: ['Do it.'] } }, 'steps'],
    ['a problem', { kind: 'problem' }, 'problem'],
    ['no figure', { saves: null }, 'noFigure'],
    [
      'a figure that no pair has',
      { saves: { figure: 'network.latency', unit: 'second', predicted: null, verified: null } },
      'otherFigure',
    ],
    [
      'a scenario that is gone',
      { saves: { figure: 'trial.duration', scenario: 'Old', unit: 'second', predicted: null, verified: null } },
      'noScenario',
    ],
  ])('is not %s', (_, change, reason) => {
    expect(triable([adviceOf('a', 1, change)], plan)).toEqual([{ kind: 'not', name: 'a', reason }]);
  });

  test.each([
    ['startup.duration', undefined, { phase: 'startup' }],
    ['teardown.duration', undefined, { phase: 'startup' }],
    ['build.cold.duration', undefined, { phase: 'build', mode: 'cold' }],
    ['trial.duration', 'Quick Tests Only', { phase: 'test', scenario: 'quick-tests-only' }],
    ['test.duration', undefined, { phase: 'test', scenario: 'full-test-suite' }],
  ] as const)('is measured where its figure %s is', (figure, scenario, suspect) => {
    const saves = {
      figure,
      unit: 'second',
      predicted: null,
      verified: null,
      ...(scenario === undefined ? {} : { scenario }),
    } as const;
    expect(triable([adviceOf('a', null, { saves })], plan)).toMatchObject([{ remedy: { measures: { suspect } } }]);
  });

  test('a patch has its paths from the top of the repository, and plan overrides are YAML', () => {
    expect(variantOfRemedy({ remedy: { kind: 'patch', patch: patchOf(3, 'x') } }, 'api').patch).toContain(
      '+++ b/api/a.txt',
    );
    const remedy = {
      kind: 'planOverride',
      set: { 'lanes.cpus': '2', 'scenarios[0].command': 'pytest -k "a: b"' },
    } as const;
    expect(variantOfRemedy({ remedy }, '')).toEqual({
      set: { 'lanes.cpus': 2, 'scenarios[0].command': 'pytest -k "a: b"' },
    });
  });
});

test('all winners together are the patches that fit; the one that saves most stays', () => {
  const winner = (id: string, line: number, saved: number) => {
    const [found] = triable([adviceOf(id, 1, { remedy: { kind: 'patch', patch: patchOf(line, id) } })], planOf());
    if (found?.kind !== 'remedy') throw new Error('cannot be tried');
    return { ...found.remedy, verification: verificationOf(saved) };
  };
  const all = together([winner('small', 3, 1), winner('large', 3, 9), winner('other', 8, 2)], '');
  expect(all.members).toEqual(['large', 'other']);
  expect(all.leftOut).toMatchObject([{ name: 'small', reason: { kind: 'conflict', other: 'large' } }]);
  expect(all.measures).toEqual([{ figure: 'startup.duration', scenario: null, suspect: { phase: 'startup' } }]);
  expect(all.variant.patch).toContain('+large');
});
