import type { Unit } from '../model/measurement.ts';

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  second: formatSeconds,
  byte: formatBytes,
  ratio: formatRatio,
};

/** A value in its base unit, as people read it: "1 min 58 s", "1.4 GB", "63 %". */
export function figure(value: number, unit: Unit): string {
  return FORMATS[unit](value);
}

/**
 * The same, finer where it would read like the figure beside it: "5 min; the target is under 5 min" would be a riddle.
 */
export function figureBeside(value: number, other: number, unit: Unit): string {
  const short = figure(value, unit);
  if (value === other || short !== figure(other, unit)) return short;
  const [scale, symbol] = unit === 'second' ? [1, 's'] : unit === 'ratio' ? [0.01, '%'] : [1e6, 'MB'];
  return `${trimmed(value / scale, 3)} ${symbol}`;
}

function formatRatio(ratio: number): string {
  return `${trimmed(ratio * 100, ratio < 0.1 ? 1 : 0)} %`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 0.1) return `${trimmed(seconds * 1000, 1)} ms`;
  if (seconds < 59.95) return `${trimmed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${trimmed(bytes / 1000 ** power, 1)} ${units[power]}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
