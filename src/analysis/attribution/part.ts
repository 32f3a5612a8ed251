/** What the causes of a figure are made of before they are weighed. All code below knows growth only: see `causesOf`. */
import type { Cause } from '../../model/cause.ts';

/** A named part that grew, with the seconds that it adds to the figure. */
export interface Part extends Pick<Cause, 'class' | 'name' | 'baseSeconds' | 'headSeconds' | 'evidence'> {
  /** What it adds to the figure: less than the part's own growth where others ran at the same time. */
  readonly seconds: number;
  /** Ids of all tests that it is about, of which the evidence lists a few. Absent where it is not about listed tests. */
  readonly tests?: readonly string[];
}

/** Of a figure that grew: from the side with the smaller one to the side with the larger one. */
export interface Sides<T> {
  readonly base: T;
  readonly head: T;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
