/**
 * Measures how often Paceline raises false alarms, how often it finds real changes, and what a decision costs. Simulated nights
 * and comparisons go through the real decision code; the engine only returns times. 5 % of runs stall (× 1.5). Noise is
 * independent, or half of it belongs to the night and is autocorrelated between nights.
 *
 *     npm run bench:decide [-- SEED [SCALE]]       development seeds are 1 and 2; SCALE multiplies the number of repetitions
 */
import type { Noise } from './decide/noise.ts';
import { compareOnce } from './decide/comparisons.ts';
import { judgedAgainstLongHistory, RUNS } from './decide/long-history.ts';
import { METRICS_A_NIGHT, type Night, nightsOf } from './decide/nights.ts';
import { smallShareWords as share } from './support/share.ts';

const SEED = Number(process.argv[2] ?? 9);
const SCALE = Number(process.argv[3] ?? 1);
const NOISES: readonly Noise[] = [0.03, 0.05, 0.1].flatMap((cv) => [
  { cv, kind: 'independent' as const },
  { cv, kind: 'autocorrelated' as const },
]);
const HISTORY = 30;
const NIGHTS = 70;
const SEQUENCES = Math.round(20 * SCALE);
const PLANTED = Math.round(100 * SCALE);
const COMPARISONS = Math.round(500 * SCALE);

const lines = [...nullNights(), ...planted(), ...comparisons(), longHistory()];
for (const line of lines) console.log(line);

function nullNights(): string[] {
  const last: string[] = [];
  for (const repeat of [1, 3]) {
    let [metricNights, alarms, extra, changes, candidates] = [0, 0, 0, 0, 0];
    console.log(
      `null nights, ${repeat} trial(s) a scenario: candidates, false alarms, false changes, extra runs a metric-night`,
    );
    for (const noise of NOISES) {
      const nights = sequences(SEQUENCES).flatMap((stream) =>
        nightsOf({ noise, repeat, seed: SEED, stream }, HISTORY, NIGHTS),
      );
      const found = totals(nights);
      const count = nights.length * METRICS_A_NIGHT;
      console.log(
        `  ${named(noise)} ${share(found.candidates, count)} | ${found.alarms} | ${found.changes} | ${((100 * found.extra) / count).toFixed(1)} %`,
      );
      [metricNights, alarms, extra, changes, candidates] = [
        metricNights + count,
        alarms + found.alarms,
        extra + found.extra,
        changes + found.changes,
        candidates + found.candidates,
      ];
    }
    last.push(
      `false alarms per metric-night (${repeat} trial(s)): ${share(alarms, metricNights)}, aim 0.1 %; extra runs ${((100 * extra) / metricNights / (repeat === 1 ? 1 : 2)).toFixed(1)} %, aim 10 %; candidates ${share(candidates, metricNights)}; false changes of level ${share(changes, metricNights)}`,
    );
  }
  return last;
}

function planted(): string[] {
  console.log(
    'planted steps in one scenario: confirmed at once, within 3 nights; reported as a change of level within 10',
  );
  const last: string[] = [];
  for (const factor of [1.2, 1.3]) {
    let [once, within, all, told] = [0, 0, 0, 0];
    for (const noise of NOISES) {
      const runs = sequences(PLANTED).map((stream) =>
        nightsOf(
          { noise, repeat: 1, seed: SEED + 1_000, stream, step: { part: 'full', fromNight: HISTORY, factor } },
          HISTORY,
          6,
        ),
      );
      const firsts = runs.map((nights) => nights.findIndex(hasConfirmed));
      const at = firsts.filter((first) => first === 0).length;
      const three = firsts.filter((first) => first >= 0 && first < 3).length;
      const changed = runs.filter((nights) =>
        nights.some((night) => hasConfirmed(night) || night.alerts.some(isChangeOfFull)),
      ).length;
      console.log(
        `  +${Math.round(100 * (factor - 1))} % ${named(noise)} ${share(at, runs.length)} | ${share(three, runs.length)} | ${share(changed, runs.length)}`,
      );
      [once, within, all, told] = [once + at, within + three, all + runs.length, told + changed];
    }
    last.push(
      `detection of +${Math.round(100 * (factor - 1))} %: at once ${share(once, all)}; within 3 nights ${share(within, all)}; reported within 10, changes of level included ${share(told, all)}`,
    );
  }
  return last;
}

function comparisons(): string[] {
  console.log('comparisons, hosts that differ by 15 %: verdicts and pairs');
  const last: string[] = [];
  for (const effect of [0, 0.2, 0.3]) {
    for (const noise of NOISES.filter(({ kind }) => kind === 'independent')) {
      const all = sequences(COMPARISONS).map((stream) => compareOnce(noise, effect, SEED + 2_000, stream));
      const count = (verdict: string) => all.filter((each) => each.verdict === verdict).length;
      const pairs = all.reduce((sum, each) => sum + each.pairs, 0) / all.length;
      console.log(
        `  +${100 * effect} % ${named(noise)} regressed ${count('regressed')}, improved ${count('improved')}, no change ${count('noChange')}, inconclusive ${count('inconclusive')} of ${all.length}; ${pairs.toFixed(1)} pairs`,
      );
      const cv = `cv ${Math.round(100 * noise.cv)} %`;
      if (effect === 0)
        last.push(`A/A false at ${cv}: ${share(count('regressed') + count('improved'), all.length)}, aim 0.5 %`);
      if (effect === 0.3)
        last.push(
          `power at +30 %, ${cv}: ${share(count('regressed'), all.length)}${noise.cv === 0.1 ? ', aim 80 %' : noise.cv === 0.05 ? ', aim 99 %' : ''}`,
        );
    }
  }
  return last;
}

function longHistory(): string {
  const { seconds, series } = judgedAgainstLongHistory(SEED);
  return `one run judged against ${RUNS.toLocaleString('en')}, ${series} series: ${seconds.toFixed(2)} s, aim 1 s`;
}

function totals(nights: readonly Night[]) {
  const sum = (of: (night: Night) => number) => nights.reduce((total, night) => total + of(night), 0);
  return {
    candidates: sum(({ candidates }) => candidates),
    alarms: sum(
      ({ alerts }) => alerts.filter(({ kind, state }) => kind === 'regression' && state === 'confirmed').length,
    ),
    changes: sum(({ alerts }) => alerts.filter(({ kind }) => kind === 'change').length),
    extra: sum(({ extraRuns }) => extraRuns),
  };
}

function hasConfirmed({ alerts }: Night): boolean {
  return alerts.some(
    ({ kind, state, direction }) => kind === 'regression' && state === 'confirmed' && direction === 'slower',
  );
}

function isChangeOfFull({ kind, direction, key }: Night['alerts'][number]): boolean {
  return kind === 'change' && direction === 'slower' && key.scenario !== null;
}

function named({ cv, kind }: Noise): string {
  return `cv ${String(Math.round(100 * cv)).padStart(2)} % ${kind.padEnd(14)}`;
}

function sequences(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
