/** The verdict of a whole comparison, and the one sentence that says why. */
import {
  COMPARISON_SCHEMA_VERSION,
  type ComparedPart,
  type CompareResult,
  type CompareVerdict,
} from '../../model/comparison.ts';
import type { RunRef } from '../../model/run.ts';

export interface Compared
  extends Pick<CompareResult, 'project' | 'startedAt' | 'base' | 'head' | 'parts' | 'errors' | 'notes'> {
  readonly run: RunRef;
  readonly cancelled: boolean;
}

/** The first of `COMPARE_VERDICTS` that applies. A part that could not be judged never counts as unchanged. */
export function concludeParts({ run, cancelled, ...rest }: Compared): CompareResult {
  const { parts, errors } = rest;
  const of = (verdict: CompareVerdict) => parts.filter((part) => verdictOf(part) === verdict);
  const judged = (['regressed', 'inconclusive', 'improved', 'noChange'] as const).find((each) => of(each).length > 0);
  const verdict = cancelled ? 'cancelled' : errors.length > 0 ? 'error' : (judged ?? 'inconclusive');
  const summary = summaryOf(verdict, of(verdict), rest);
  return { verdict, summary, schemaVersion: COMPARISON_SCHEMA_VERSION, ...run, ...rest };
}

export function verdictOf({ comparison }: ComparedPart): Exclude<CompareVerdict, 'cancelled' | 'error'> {
  return comparison.kind === 'refused' ? 'inconclusive' : comparison.verdict;
}

function summaryOf(
  verdict: CompareVerdict,
  [first, ...more]: readonly ComparedPart[],
  { parts, errors }: Pick<CompareResult, 'parts' | 'errors'>,
): string {
  if (verdict === 'cancelled') return `The comparison was cancelled; ${parts.length} parts had been measured.`;
  if (verdict === 'error') return errors.map(({ what }) => what).join(' ');
  if (first === undefined) return 'Nothing was compared.';
  const said = first.comparison.kind === 'refused' ? first.comparison.reason : first.comparison.message;
  const others = more.length === 0 ? '' : ` (And ${more.length} more of the same kind.)`;
  return `${first.title}: ${said}${others}`;
}
