/** Axes: round ticks, and the unit once. */
import { ticks, tickStep } from 'd3-array';
import { scaleUtc } from 'd3-scale';
import { figure } from '../../format/figure.ts';
import type { ChartUnit } from './chart.ts';

/** How an axis shows base units: 90 s with a size of 60 is "1.5" below the word "minutes". */
export interface Shown {
  size: number;
  word: string;
}

const SECONDS: readonly Shown[] = [
  { size: 3600, word: 'hours' },
  { size: 60, word: 'minutes' },
  { size: 1, word: 'seconds' },
  { size: 1e-3, word: 'milliseconds' },
  { size: 1e-6, word: 'microseconds' },
];
const BYTES: readonly Shown[] = ['TB', 'GB', 'MB', 'kB', 'bytes'].map((word, i) => ({ size: 1000 ** (4 - i), word }));
const PERCENT: Shown = { size: 0.01, word: 'percent' };
const COUNT: Shown = { size: 1, word: 'number' };

/** The largest unit in which the range is a few whole numbers wide. */
export function shownIn(unit: ChartUnit, low: number, high: number): Shown {
  if (unit === 'ratio') return PERCENT;
  if (unit === 'count') return COUNT;
  const sizes = unit === 'second' ? SECONDS : BYTES;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const fits = ({ size }: Shown) =>
    largest >= size && high - low >= (unit === 'second' && size >= 60 ? 4 : 0.02) * size;
  return sizes.find(fits) ?? sizes.find(({ size }) => largest >= size) ?? sizes.find(({ size }) => size === 1)!;
}

export interface Tick {
  at: number;
  text: string;
}

/** Ticks at round numbers of the shown unit, with as many digits as their step needs. */
export function numberTicks(low: number, high: number, count: number, { size }: Shown): Tick[] {
  const [from, to] = [low / size, high / size];
  if (!(to > from)) return [{ at: low, text: String(Number(from.toFixed(2))) }];
  const step = Math.abs(tickStep(from, to, count));
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return ticks(from, to, count).map((value) => ({
    at: value * size,
    text: (value + 0).toFixed(Math.min(digits, 9)).replace('-', '−'),
  }));
}

/** Ticks at whole numbers, such as the number of a pair: never "1.0". */
export function wholeTicks(low: number, high: number, count: number): Tick[] {
  const most = Math.max(1, Math.min(Math.max(2, count), Math.floor(high - low)));
  return numberTicks(low, high, most, COUNT)
    .filter(({ at }) => Number.isInteger(at))
    .map(({ at }) => ({ at, text: String(at).replace('-', '−') }));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Ticks at round dates of UTC: "2026", "Nov", "3 Nov", "14:30". Of one moment: the moment. No two next to each other say the same. */
export function timeTicks(low: number, high: number, count: number): Tick[] {
  if (high - low < 1000) return [{ at: (low + high) / 2, text: timeText((low + high) / 2) }];
  return scaleUtc([low, high], [0, 1])
    .ticks(count)
    .map((date) => ({ at: date.getTime(), text: dateText(date) }))
    .filter(({ text }, i, all) => text !== all[i - 1]?.text);
}

function dateText(date: Date): string {
  const clock = date.toISOString().slice(11, 19);
  if (clock !== '00:00:00') return clock.endsWith(':00') ? clock.slice(0, 5) : clock;
  const month = MONTHS[date.getUTCMonth()]!;
  if (date.getUTCDate() !== 1) return `${date.getUTCDate()} ${month}`;
  return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : month;
}

/** "3 Nov 2026 14:30", in UTC. */
export function timeText(at: number): string {
  if (!(Math.abs(at) <= 8.64e15)) return 'an unknown time';
  const date = new Date(at);
  const month = MONTHS[date.getUTCMonth()]!;
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 16)}`;
}

/** A value as words, for tooltips and descriptions: "1 min 58 s". */
export function valueText(value: number, unit: ChartUnit): string {
  if (unit === 'count') return String(Number(value.toFixed(2)));
  return value < 0 ? `−${figure(-value, unit)}` : figure(value, unit);
}

/** "+18 %", "−4.2 %" @param change 0.18 for 18 % more */
export function changeText(change: number): string {
  return `${change < 0 ? '−' : '+'}${figure(Math.abs(change), 'ratio')}`;
}
