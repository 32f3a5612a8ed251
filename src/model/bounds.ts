/**
 * How much of what others wrote goes into a row, a payload or a report: names, messages and output may be of any length, and
 * Temporal takes 2 MiB in one payload.
 */
import type { Problem } from './failure.ts';

/** A sentence: a reason, a note, what happened. */
export const LONGEST_SENTENCE = 2_000;
/** The last lines of output. */
export const LONGEST_DETAIL = 8_000;

/** The beginning of a text. */
export function beginningOf(text: string, longest: number = LONGEST_SENTENCE): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The end of a text, where output usually has the reason. */
export function endOf(text: string, longest: number = LONGEST_DETAIL): string {
  return text.length <= longest ? text : `…${text.slice(1 - longest)}`;
}

export function boundedProblem({ type, what, next, detail }: Problem): Problem {
  return {
    type,
    what: beginningOf(what),
    next: beginningOf(next),
    ...(detail === undefined ? {} : { detail: endOf(detail) }),
  };
}
