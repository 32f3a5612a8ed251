import type { Unit } from '../model/measurement.ts';
import { formatBytes, formatRatio, formatSeconds } from './format-quantity.ts';

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  second: formatSeconds,
  byte: formatBytes,
  ratio: formatRatio,
};

/** The unit of a finer figure. */
const FINE: Readonly<Record<Unit, readonly [size: number, symbol: string]>> = {
  second: [1, 's'],
  byte: [1e6, 'MB'],
  ratio: [0.01, '%'],
};

/** A value in its base unit, as people read it: "1 min 58 s", "1.4 GB", "63 %". */
export function figure(value: number, unit: Unit): string {
  return FORMATS[unit](value);
}

/** The same, with more digits if it would otherwise look equal to the other figure: "5 min; the target is under 5 min" would confuse. */
export function figureBeside(value: number, other: number, unit: Unit): string {
  const short = figure(value, unit);
  if (value === other || short !== figure(other, unit)) return short;
  const [size, symbol] = FINE[unit];
  return `${Number((value / size).toFixed(3))} ${symbol}`;
}
