/** Values of JSON from an unknown writer: a value of another type is null. */
import type { TestCounts } from '../../model/test-counts.ts';
import { beginningOf } from '../../model/bounds.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What reports show of a name at most. */
const LONGEST = 300;

export function asRecord(value: unknown): Row | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Within ±1e12, so that sums and differences stay finite. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Math.abs(value) <= 1e12 ? value : null;
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function asCounts(value: unknown): TestCounts | null {
  const row = asRecord(value);
  if (row === null) return null;
  const count = (name: string) => Math.max(0, Math.round(asNumber(row[name]) ?? 0));
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), errors: count('errors') };
}

export function clipped(text: string): string {
  return beginningOf(text, LONGEST);
}

/** Whole microseconds: what the probe's clock is written in. */
export function micro(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
