/** The first words of every report: the verdict, what was measured, and why the verdict is what it is. */
import type { RunResult } from '../../model/result.ts';
import type { Mark } from '../blocks.ts';
import { VERDICT_MARKS } from './verdict-marks.ts';

export interface Headline {
  readonly mark: Mark;
  readonly verdict: string;
  /** "shop at 1a2b3c4 (main), with uncommitted changes" */
  readonly subject: string;
  readonly summary: string;
}

export function headline(result: RunResult): Headline {
  const { verdict, project, summary } = result;
  const at = revision(result);
  return { mark: VERDICT_MARKS[verdict], verdict, subject: at === null ? project : `${project} at ${at}`, summary };
}

/** "1a2b3c4 (main), with uncommitted changes", or null outside git. */
export function revision({ source: { commit, branch, dirty } }: Pick<RunResult, 'source'>): string | null {
  if (commit === null) return null;
  const on = branch === null ? '' : ` (${branch})`;
  return `${commit.slice(0, 7)}${on}${dirty === true ? ', with uncommitted changes' : ''}`;
}
