/** Comparisons as a table. */
import type { ComparedSide, CompareResult } from '../../model/comparison.ts';
import { minute } from '../text/minute.ts';
import { shortOf, table } from './table.ts';

const WORDS: Readonly<Record<CompareResult['verdict'], string>> = {
  cancelled: 'cancelled',
  error: 'error',
  regressed: 'regressed',
  inconclusive: 'inconclusive',
  improved: 'improved',
  noChange: 'no change',
};

/** @param width columns of the terminal */
export function comparisonsTable(comparisons: readonly CompareResult[], width: number): string {
  const short = shortOf(comparisons.map(({ runId }) => runId));
  return table(
    ['COMPARISON', 'BEGAN (UTC)', 'VERDICT', 'BASE', 'HEAD', 'PROJECT'],
    comparisons.map(({ runId, startedAt, verdict, base, head, project }) => [
      short(runId),
      minute(startedAt),
      WORDS[verdict],
      side(base),
      side(head),
      project ?? '–',
    ]),
    width,
  );
}

function side({ ref, commit, patch, set }: ComparedSide): string {
  const name =
    commit === null || commit.startsWith(ref) ? ref.slice(0, 20) : `${ref.slice(0, 20)} (${commit.slice(0, 7)})`;
  return patch === undefined && set === undefined ? name : `${name}, changed`;
}
