import { lines, oneLine } from '../text/foreign.ts';
import { createStyle } from '../text/style.ts';
import { wrap } from '../text/width.ts';

/** A `Problem`, or the same as a result has it. */
export interface ShownProblem {
  readonly what: string;
  readonly next: string;
  readonly detail?: string | null;
}

/**
 * A problem in a few lines without a closing line break: what happened, what to try next, and the output that shows it
 * indented below. `what` of wrong usage may itself be several lines, one an issue. Lines are wrapped only if a width is given.
 */
export function renderProblem(
  { what, next, detail }: ShownProblem,
  { color = false, width }: { readonly color?: boolean; readonly width?: number } = {},
): string {
  const { bold, dim, red } = createStyle(color);
  const broken = (text: string) => (width === undefined ? [text] : wrap(text, width));
  const [first = '', ...more] = lines(what).flatMap(broken);
  return [
    red(bold(first)),
    ...more,
    ...broken(oneLine(next)),
    ...lines(detail ?? '')
      .filter((line) => line !== '')
      .map((line) => dim(`    ${line}`)),
  ].join('\n');
}
