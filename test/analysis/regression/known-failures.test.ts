/** How other tools came to be switched off (notes of the design, issue 6): each must not happen here. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { concludeAlert } from '../../../src/analysis/regression/alert.ts';
import { compareWithPast, type Compared } from '../../../src/analysis/regression/in-result.ts';
import { judgeRun } from '../../../src/analysis/regression/judge-run.ts';
import { nextStep } from '../../../src/analysis/regression/confirm.ts';
import type { Candidate, RegressionAlert } from '../../../src/model/regression.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { badTrialOf, buildOf, factsOf, FULL, planOf, QUICK, STARTUP, trialOf } from '../facts.ts';
import { dayOf, measuredOf, Nights, pairsOf } from './history.ts';

const PLAN = planOf({ scenarios: [FULL, QUICK] });

interface Times {
  readonly build?: number;
  readonly full?: number;
  readonly quick?: number;
}

/** A little noise that is the same in every test. */
function wobble(day: number): number {
  return 1 + 0.01 * (((day * 7) % 5) - 2);
}

function nightOf(
  day: number,
  { build = 60, full = 40, quick = 20 }: Times = {},
  change: Partial<RunFacts> = {},
): RunFacts {
  const facts = factsOf();
  return {
    ...facts,
    run: { ...facts.run, runId: `run-${day}` },
    startedAt: dayOf(day),
    plan: PLAN,
    source: { ...facts.source!, commit: `c${day}`.padEnd(40, '0') },
    builds: [buildOf('cold', build * wobble(day), 0), buildOf('warm', 5, 8)],
    startup: STARTUP,
    trials: [trialOf(FULL, { seconds: full * wobble(day + 1) }), trialOf(QUICK, { seconds: quick * wobble(day + 2) })],
    ...change,
  };
}

function quietNights(count: number, times: Times = {}): Nights {
  const nights = new Nights();
  for (let day = 0; day < count; day += 1) nights.add(nightOf(day, times));
  return nights;
}

function suspects(facts: RunFacts, nights: Nights): string[] {
  return judgeRun(facts, nights).candidates.map(({ key, direction }) => `${key.scenario ?? key.metric} ${direction}`);
}

/** As the A/B of two commits that really differ would end it. */
function confirmed(candidate: Candidate): RegressionAlert {
  const base = [1, 1.01, 0.99, 1, 1].map((each) => each * candidate.baseline.median);
  const head = base.map((value) => value * candidate.ratio);
  const step = nextStep(candidate, {
    reruns: [measuredOf(candidate.point.value), measuredOf(candidate.point.value)],
    pairs: pairsOf(base, head),
    baseUnavailable: null,
    stopped: null,
  });
  if (step.kind !== 'decided' || step.alert.state !== 'confirmed') throw new Error('not confirmed');
  return step.alert;
}

/** With every suspicion confirmed, unless told how they ended. */
function comparedOf(
  facts: RunFacts,
  nights: Nights,
  concluded: readonly RegressionAlert[] = judgeRun(facts, nights).candidates.map(confirmed),
): Compared {
  return compareWithPast(facts, { history: nights, concluded });
}

function finalAlerts(facts: RunFacts, nights: Nights): readonly RegressionAlert[] {
  return comparedOf(facts, nights).final;
}

describe('known failures of others', () => {
  test('a rebuilt image blamed on the tests: a build that takes three times as long is a suspicion against the build alone', () => {
    const night = nightOf(12, { build: 180 });
    expect(suspects(night, quietNights(12))).toEqual(['build.cold.duration slower']);
  });

  test('a pull request blamed for the default branch: what is slower already is measured against the merge base', () => {
    const nights = quietNights(12);
    const known = nightOf(12, { full: 56 });
    nights.add(known, finalAlerts(known, nights));
    const onMain = judgeRun(nightOf(13, { full: 56 }), nights);
    expect(onMain).toMatchObject({ candidates: [], alerts: [{ decidedBy: 'known' }] });
    const base = 'b'.repeat(40);
    const ofChange = judgeRun(nightOf(13, { full: 56 }, { base }), nights);
    expect(ofChange).toMatchObject({ candidates: [{ onlyPairs: true, baseline: { commit: base } }], alerts: [] });
  });

  test('a stuck baseline: while a regression is alarmed every run is stored, and once it is acknowledged the new level is the baseline', () => {
    const nights = quietNights(12);
    for (let day = 12; day < 18; day += 1) {
      const night = nightOf(day, { full: 56 });
      nights.add(night, finalAlerts(night, nights));
    }
    const { key } = judgeRun(nightOf(18, { full: 56 }), nights).series.find(
      ({ entry }) => entry.key.scenario === FULL.id,
    )!.entry;
    expect(nights.of(key).points).toHaveLength(18);
    const [first] = nights.of(key).alerts;
    nights.say(key, {
      kind: 'acknowledged',
      alertId: first!.id,
      runId: first!.runId,
      at: dayOf(18),
      reason: 'more checks',
    });
    expect(judgeRun(nightOf(19, { full: 56 }), nights)).toMatchObject({ candidates: [], alerts: [] });
    expect(suspects(nightOf(19, { full: 76 }), nights)).toEqual([`${FULL.id} slower`]);
  });

  test('an absorbed regression: it stays alarmed night after night without being measured again, until it is acknowledged or gone', () => {
    const nights = quietNights(12);
    for (let day = 12; day < 40; day += 1) {
      const night = nightOf(day, { full: 56 });
      const alerts = finalAlerts(night, nights);
      expect(alerts).toMatchObject([
        { kind: 'regression', state: 'confirmed', decidedBy: day === 12 ? 'pairs' : 'known' },
      ]);
      nights.add(night, alerts);
    }
    expect(judgeRun(nightOf(40), nights)).toMatchObject({ candidates: [], alerts: [] });
  });

  test('an alert that outlives the fix: a disturbed run does not prove that it is still slow, and is measured again', () => {
    const nights = quietNights(12);
    const slow = nightOf(12, { full: 56 });
    nights.add(slow, finalAlerts(slow, nights));
    const disturbed = { reason: 'other work took 60 % of its CPU time' };
    const trials = [trialOf(FULL, { seconds: 57, disturbed }), trialOf(QUICK, { seconds: 20 })];
    expect(judgeRun(nightOf(13, {}, { trials }), nights)).toMatchObject({
      candidates: [{ key: { scenario: FULL.id }, direction: 'slower' }],
      alerts: [],
    });
  });

  test('a baseline poisoned by red or fast-failing runs: they are in none', () => {
    const nights = quietNights(8);
    for (let day = 8; day < 30; day += 1) {
      nights.add(
        nightOf(
          day,
          {},
          {
            trials: [badTrialOf(FULL, 'testsBroken', 'It broke off.', { seconds: 2 }), trialOf(QUICK, { seconds: 20 })],
          },
        ),
      );
    }
    const night = nightOf(30);
    const full = judgeRun(night, nights).series.find(({ entry }) => entry.key.scenario === FULL.id)!;
    expect(full.baseline).toMatchObject({ kind: 'baseline', n: 8 });
    expect(suspects(night, nights)).toEqual([]);
  });

  test('a broken night is not an improvement', () => {
    const night = nightOf(
      12,
      {},
      { trials: [badTrialOf(FULL, 'testsBroken', 'It broke off.', { seconds: 2 }), trialOf(QUICK, { seconds: 20 })] },
    );
    expect(suspects(night, quietNights(12))).toEqual([]);
  });

  test('an alert on what was removed from the plan: it went with its scenario', () => {
    const nights = quietNights(12);
    const slow = nightOf(12, { quick: 40 });
    nights.add(slow, finalAlerts(slow, nights));
    const without = nightOf(
      13,
      { quick: 40 },
      { plan: planOf({ scenarios: [FULL] }), trials: [trialOf(FULL, { seconds: 40 })] },
    );
    expect(finalAlerts(without, nights)).toEqual([]);
  });

  test('two hosts mixed: no verdict on the other one, and the difference is said', () => {
    const facts = nightOf(12, { build: 120, full: 90, quick: 60 });
    const other = {
      ...facts,
      hosts: facts.hosts.map((host) => ({
        ...host,
        fingerprint: { ...host.fingerprint, key: { ...host.fingerprint.key, cpuModel: 'Intel Xeon' } },
      })),
    };
    const result = analyze(other, comparedOf(other, quietNights(12)));
    expect(result.alerts.filter(({ kind }) => kind === 'regression' || kind === 'change')).toEqual([]);
    expect(result.notes.join('\n')).toContain('The CPU model was AMD EPYC 7763 before and is Intel Xeon now.');
  });

  test('a single spike: cleared by one re-run, and the result reports that without an alert', () => {
    const nights = quietNights(12);
    const night = nightOf(12, { full: 70 });
    const [candidate] = judgeRun(night, nights).candidates;
    const step = nextStep(candidate!, { reruns: [measuredOf(40)], pairs: [], baseUnavailable: null, stopped: null });
    if (step.kind !== 'decided') throw new Error(step.kind);
    const result = analyze(night, comparedOf(night, nights, [step.alert]));
    expect(result.verdict).toBe('pass');
    expect(result.alerts).toEqual([]);
    expect(result.notes.join('\n')).toMatch(/Cleared: Scenario full-test-suite took .*\. 1 re-run:/);
  });

  test('a night with no data: neither an alert nor a gap in the baseline', () => {
    const nights = new Nights();
    for (const day of [0, 1, 2, 3, 5, 6, 9, 10, 11]) nights.add(nightOf(day));
    const empty = nightOf(12, {}, { builds: [], startup: null, trials: [] });
    expect(judgeRun(empty, nights)).toMatchObject({ series: [], candidates: [], alerts: [] });
    nights.add(empty);
    const full = judgeRun(nightOf(13), nights).series.find(({ entry }) => entry.key.scenario === FULL.id)!;
    expect(full.baseline).toMatchObject({ kind: 'baseline', n: 9 });
  });
});

describe('a result with a past', () => {
  test('is regressed by what was confirmed, with what was compared and why', () => {
    const nights = quietNights(12);
    const night = nightOf(12, { full: 56 });
    const result = analyze(night, comparedOf(night, nights));
    expect(result.verdict).toBe('regressed');
    expect(result.alerts).toMatchObject([
      { kind: 'regression', state: 'confirmed', gate: true, scenario: FULL.name, metric: 'trial.duration' },
    ]);
    expect(result.summary).toMatch(
      /^Confirmed: Scenario full-test-suite took 5\d.* n 5 pairs on one host, threshold 20 %\./,
    );
  });

  test('is inconclusive where a suspicion could not be decided', () => {
    const nights = quietNights(12);
    const night = nightOf(12, { full: 56 });
    const [candidate] = judgeRun(night, nights).candidates;
    const evidence = { reruns: [], pairs: [], baseUnavailable: null, stopped: 'The 15 minutes were over.' };
    const result = analyze(night, comparedOf(night, nights, [concludeAlert(candidate!, evidence, 'inconclusive')]));
    expect(result.verdict).toBe('inconclusive');
    expect(result.summary).toMatch(/The 15 minutes were over\.$/);
  });

  test('passes and reports what got faster', () => {
    const nights = quietNights(12);
    const night = nightOf(12, { full: 28 });
    const result = analyze(night, comparedOf(night, nights));
    expect(result.verdict).toBe('pass');
    expect(result.alerts).toMatchObject([{ kind: 'change', state: 'confirmed', gate: false }]);
  });

  test('without one is what it is by itself', () => {
    const night = nightOf(12, { full: 56 });
    expect(analyze(night, null)).toEqual(analyze(night));
  });

  test('says what it lacks while there are too few runs', () => {
    const result = analyze(nightOf(2), comparedOf(nightOf(2), quietNights(2)));
    expect(result.notes.join('\n')).toMatch(/Insufficient data: a baseline needs 3 clean runs, and there are 2\./);
  });
});
