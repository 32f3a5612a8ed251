/** Series with known change points: simulated ones, and real noise with a planted step. Smaller is better in all of them. */
import { readFileSync } from 'node:fs';
import { median } from '../../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../../src/analysis/statistics/samples.ts';
import { createRandom } from '../../../src/plan/random.ts';

export interface Series {
  /** The noise, for tables. */
  readonly noise: string;
  readonly values: readonly number[];
  /** Index of the first run at the new level. null for a series without a change. */
  readonly changes: readonly number[];
  /** The planted step as a share, 0 for none. */
  readonly step: number;
}

/** One of ../shared/data/ci-histories.json. */
export interface History {
  readonly id: string;
  readonly better: 'lower' | 'higher';
  readonly values: readonly number[];
}

export type Half = 'development' | 'held out';

const LENGTHS = [30, 60, 100, 200];
const COEFFICIENTS_OF_VARIATION = [0.02, 0.05, 0.1, 0.2];
const SIMULATED_STEPS = [0, 0, 0.05, 0.1, 0.2, 0.3];
const PLANTED_STEPS = [0, 0, 0.1, 0.2, 0.3, 0.5];
const PLANTED_SERIES = 480;
/** Steps are between one fifth and four fifths of the series. */
const STEP_MARGIN = 0.2;
const SMALLEST_VALUE = 0.05;
const RESIDUAL_WINDOW = 21;
const BLOCK = 6;

type Random = () => number;

/** Noise with mean about 0 and standard deviation 1, in standard deviations. Spikes are added as shares. */
const NOISES = {
  gauss: (random, length, cv) => filled(length, () => 1 + cv * normal(random)),
  t3: (random, length, cv) => filled(length, () => 1 + (cv * studentT3(random)) / Math.sqrt(3)),
  spikes: (random, length, cv) =>
    filled(length, () => (1 + cv * normal(random)) * (random() < 0.05 ? 1.25 + 0.75 * random() : 1)),
  autoregressive: (random, length, cv) => autoregressive(random, length, 0.4).map((value) => 1 + cv * value),
} satisfies Readonly<Record<string, (random: Random, length: number, cv: number) => number[]>>;

/** 768 series: lengths × coefficients of variation × noises × steps × 2. */
export function simulated(seed: number): Series[] {
  const random = createRandom(seed);
  const all: Series[] = [];
  for (const length of LENGTHS)
    for (const cv of COEFFICIENTS_OF_VARIATION)
      for (const [noise, runs] of Object.entries(NOISES))
        for (const step of [...SIMULATED_STEPS, ...SIMULATED_STEPS])
          all.push(withStep(`${noise} cv ${cv * 100} %`, runs(random, length, cv), step, random));
  return all;
}

/** 480 series of real residuals, drawn in blocks to keep their autocorrelation. Two thirds of them have a step. */
export function planted(seed: number, residuals: readonly (readonly number[])[]): Series[] {
  const random = createRandom(seed, 1);
  return Array.from({ length: PLANTED_SERIES }, (_, index) => {
    const source = residuals[Math.floor(random() * residuals.length)]!;
    const length = 40 + Math.floor(161 * random());
    return withStep('real', blocks(source, length, random), PLANTED_STEPS[index % PLANTED_STEPS.length]!, random);
  });
}

/** Cases without an aim: two runner types, drift, a period of noise, steps near the ends. */
export function wild(seed: number): Series[] {
  const random = createRandom(seed, 2);
  const all: Series[] = [];
  for (const length of [30, 60, 120, 240])
    for (const cv of [0.02, 0.05]) {
      for (let each = 0; each < 8; each += 1) {
        const runs = () => NOISES.gauss(random, length, cv);
        const modes = () => runs().map((value) => value * (random() < 0.35 ? 1.2 : 1));
        all.push(withStep('two modes', modes(), 0, random), withStep('two modes', modes(), 0.3, random));
        all.push(
          quiet(
            'drift of 30 %',
            runs().map((value, index) => value * (1 + (0.3 * index) / length)),
          ),
        );
        all.push(
          quiet(
            'noise doubles',
            runs().map((value, index) => (index < length / 2 ? value : 2 * value - 1)),
          ),
        );
        all.push(stepAt('4 runs from an end', runs(), 0.2, random() < 0.5 ? 4 : length - 4));
      }
    }
  return all;
}

/** Residuals of each history in one half, where up is worse: each run over the median of the 21 around it. */
export function residualsOf(histories: readonly History[], half: Half): number[][] {
  return histories.filter((history) => halfOf(history.id) === half).map(residuals);
}

export function readHistories(): History[] {
  const path = new URL('../../../../shared/data/ci-histories.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as History[];
}

function halfOf(id: string): Half {
  // FNV-1a. Never change it, or held-out data would be mixed with development data.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash >>> 8) % 2 === 0 ? 'development' : 'held out';
}

function residuals({ values, better }: History): number[] {
  const reach = (RESIDUAL_WINDOW - 1) / 2;
  return values.map((value, index) => {
    const around = samplesOf(values.slice(Math.max(0, index - reach), index + reach + 1))!;
    const ratio = value / median(around);
    return better === 'lower' ? ratio : 1 / ratio;
  });
}

function blocks(source: readonly number[], length: number, random: Random): number[] {
  const drawn: number[] = [];
  while (drawn.length < length) {
    const start = Math.floor(random() * (source.length - BLOCK + 1));
    drawn.push(...source.slice(start, start + BLOCK));
  }
  return drawn.slice(0, length);
}

function withStep(noise: string, runs: readonly number[], step: number, random: Random): Series {
  if (step === 0) return quiet(noise, runs);
  const share = STEP_MARGIN + (1 - 2 * STEP_MARGIN) * random();
  return stepAt(noise, runs, step, Math.round(share * runs.length));
}

function stepAt(noise: string, runs: readonly number[], step: number, place: number): Series {
  const values = runs.map((value, index) => positive(index < place ? value : value * (1 + step)));
  return { noise, values, changes: [place], step };
}

function quiet(noise: string, runs: readonly number[]): Series {
  return { noise, values: runs.map(positive), changes: [], step: 0 };
}

function positive(value: number): number {
  return 100 * Math.max(SMALLEST_VALUE, value);
}

function filled(length: number, next: () => number): number[] {
  return Array.from({ length }, next);
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function studentT3(random: Random): number {
  const chiSquared = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chiSquared / 3);
}

function autoregressive(random: Random, length: number, rho: number): number[] {
  let state = normal(random);
  return filled(length, () => {
    const now = state;
    state = rho * state + Math.sqrt(1 - rho ** 2) * normal(random);
    return now;
  });
}
