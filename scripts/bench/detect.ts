/**
 * Measures how well change points are found: precision, recall, F1, false alarms and delay on series with known changes, against
 * the original plan's rule, the median of ten, and E-divisive. `development` is for choosing constants: seeds 101 to 103 and one
 * half of the real histories. Without it, the report uses seeds 7 to 9 and the other half.
 *
 *     npm run bench:detect [-- development]
 */
import { detectChanges } from '../../src/analysis/changepoints/detect.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { eDivisive, overMedianOfTen, overPrevious } from './detect/rivals.ts';
import { type Counts, countsOf, type Detector, delayOf, f1Interval, scoreOf } from './detect/score.ts';
import { planted, readHistories, residualsOf, type Series, simulated, wild } from './detect/series.ts';

const DETECTORS: Readonly<Record<string, Detector>> = {
  paceline: (values) => detectChanges(values, { better: 'lower' }).map(({ index }) => index),
  'E-divisive p .05': eDivisive,
  '> 20 % over median of 10': overMedianOfTen,
  '> 20 % over previous': overPrevious,
};
const AIMS: Readonly<Record<string, number>> = { simulated: 0.79, 'planted in real noise': 0.9 };
/** Judging every prefix is slow for E-divisive, so it uses only every n-th series. */
const DELAYS_OF_EVERY = 6;

const isDevelopment = process.argv[2] === 'development';
const seeds = isDevelopment ? [101, 102, 103] : [7, 8, 9];
const residuals = residualsOf(readHistories(), isDevelopment ? 'development' : 'held out');
const sets: Readonly<Record<string, readonly Series[]>> = {
  simulated: seeds.flatMap(simulated),
  'planted in real noise': seeds.flatMap((seed) => planted(seed, residuals)),
  'in the wild': seeds.flatMap(wild),
};
console.log(`seeds ${seeds.join(', ')}; ${residuals.length} real histories; a match is within 5 runs, one to one`);

const ours: string[] = [];
for (const [name, series] of Object.entries(sets)) {
  console.log(`\n${name}, ${series.length} series`);
  console.log(`${''.padEnd(26)}precision recall  F1 (95 % interval)     false alarms per 100 quiet runs`);
  for (const [method, detector] of Object.entries(DETECTORS)) {
    const counts = series.map((each, index) => countsOf(each, detector(each.values, index)));
    console.log(method.padEnd(26) + described(counts));
    if (method !== 'paceline') continue;
    const [low, high] = f1Interval(counts);
    const aim = AIMS[name] === undefined ? '' : `, aim ${AIMS[name]}`;
    ours.push(`${name} ${scoreOf(counts).f1.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}${aim})`);
  }
}
recallBySize();
byKind();
delays();
speed();
console.log(`\ndetect: F1 ${ours.join('; ')}; 95 % intervals by bootstrap over series`);

function described(counts: readonly Counts[]): string {
  const { precision, recall, f1, falseAlarmsPer100 } = scoreOf(counts);
  const [low, high] = f1Interval(counts);
  const cells = [precision.toFixed(3).padEnd(10), recall.toFixed(3).padEnd(8)];
  return `${cells.join('')}${f1.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})   ${falseAlarmsPer100.toFixed(3)}`;
}

function recallBySize(): void {
  console.log('\npaceline, simulated: recall by step and noise');
  const steps = [0.05, 0.1, 0.2, 0.3];
  console.log(`${''.padEnd(10)}${steps.map((step) => `+${step * 100} %`.padEnd(8)).join('')}`);
  for (const cv of [2, 5, 10, 20]) {
    const cells = steps.map((step) => {
      const some = (sets['simulated'] ?? []).filter((each) => each.noise.endsWith(` cv ${cv} %`) && each.step === step);
      return scoreOf(some.map(countsOfOurs)).recall.toFixed(2).padEnd(8);
    });
    console.log(`cv ${cv} %`.padEnd(10) + cells.join(''));
  }
}

function byKind(): void {
  console.log('\npaceline, in the wild: number of series, of changes found and of false changes');
  const series = sets['in the wild'] ?? [];
  for (const noise of new Set(series.map((each) => each.noise))) {
    const counts = series.filter((each) => each.noise === noise).map(countsOfOurs);
    const sum = (key: 'found' | 'missed' | 'wrong') => counts.reduce((total, each) => total + each[key], 0);
    const changes = sum('found') + sum('missed');
    console.log(
      `${noise.padEnd(26)}${counts.length} series: ${sum('found')} of ${changes} found, ${sum('wrong')} false`,
    );
  }
}

function countsOfOurs(each: Series): Counts {
  return countsOf(
    each,
    detectChanges(each.values, { better: 'lower' }).map(({ index }) => index),
  );
}

function delays(): void {
  const some = (sets['planted in real noise'] ?? [])
    .filter(({ step }) => step >= 0.1)
    .filter((_, index) => index % DELAYS_OF_EVERY === 0);
  console.log(`\ndelay in runs after the first slow one, judged again at each run; ${some.length} steps in real noise`);
  for (const [method, detector] of Object.entries(DETECTORS)) {
    const all = some.map((each, index) => delayOf(each, detector, index));
    const samples = samplesOf(all.map((delay) => delay ?? Number.POSITIVE_INFINITY));
    const soon = all.filter((delay) => delay !== null && delay <= 3).length / all.length;
    const found = all.filter((delay) => delay !== null).length / all.length;
    console.log(
      `${method.padEnd(26)}median ${samples === null ? '–' : middle(samples)}, within 3 runs ${soon.toFixed(2)}, within 20 ${found.toFixed(2)}`,
    );
  }
}

/** The lower middle value: a mean that includes infinity is useless. */
function middle(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor((samples.length - 1) / 2)] ?? Number.NaN;
}

function speed(): void {
  console.log('\nmilliseconds a series, median of nine');
  const base = (sets['simulated'] ?? []).flatMap(({ values }) => values);
  for (const length of [200, 1_000, 10_000]) {
    const times = Array.from({ length: 9 }, (_, index) => {
      const values = base.slice(index * length, (index + 1) * length);
      const startedMs = performance.now();
      detectChanges(values, { better: 'lower' });
      return performance.now() - startedMs;
    });
    console.log(`${String(length).padStart(6)} runs: ${median(samplesOf(times) ?? [Number.NaN]).toFixed(1)}`);
  }
}
