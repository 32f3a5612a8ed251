import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';

/**
 * What the values are compared on: logarithms, where a difference is a ratio, or, where a value is zero or negative and has
 * none, multiples of the typical magnitude.
 */
export type Scale = { readonly kind: 'log' } | { readonly kind: 'linear'; readonly unit: number };

/** Keeps squares of what is divided by a very small unit finite. */
const LARGEST_MULTIPLE = 1e9;

/** `linear` counts in medians of the magnitudes that are not zero: 1 where all are. */
export function scaleOf(values: readonly number[]): Scale {
  if (values.every((value) => value > 0)) return { kind: 'log' };
  const magnitudes = samplesOf(values.filter((value) => value !== 0).map(Math.abs));
  return { kind: 'linear', unit: magnitudes === null ? 1 : median(magnitudes) };
}

/** The values on the scale. */
export function scaled(values: readonly number[], scale: Scale): Float64Array {
  if (scale.kind === 'log') return Float64Array.from(values, Math.log);
  const { unit } = scale;
  return Float64Array.from(values, (value) => Math.max(-LARGEST_MULTIPLE, Math.min(LARGEST_MULTIPLE, value / unit)));
}

/** A difference on the scale as a share: 0.25 is 25 % more than before, or than the unit where the scale is linear. */
export function shareOf(difference: number, scale: Scale): number {
  return scale.kind === 'log' ? Math.min(Math.expm1(difference), Number.MAX_VALUE) : difference;
}
