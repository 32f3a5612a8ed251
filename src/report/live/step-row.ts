/** One step of a running benchmark in words, for the terminal, the log and Temporal's UI alike. */
import { figure } from '../../format/figure.ts';
import type { Step } from '../../model/progress.ts';
import type { Mark } from '../blocks.ts';
import { PART_MARKS } from '../sections/verdict-marks.ts';

/** A step that ended well without a target to judge it by counts as good. */
export function stepMark({ state, verdict }: Step): Mark {
  if (state !== 'done') return 'none';
  return verdict === null ? 'good' : PART_MARKS[verdict];
}

export function stepTarget({ targetSeconds }: Step): string {
  return targetSeconds === null ? '' : `< ${figure(targetSeconds, 'second')}`;
}

export function stepTime({ seconds }: Step): string {
  return seconds === null ? '' : figure(seconds, 'second');
}
