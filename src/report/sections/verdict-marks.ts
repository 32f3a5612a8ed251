/** How verdicts are marked. */
import type { PartVerdict, Verdict } from '../../model/result.ts';
import type { Mark } from '../blocks.ts';

export const VERDICT_MARKS: Readonly<Record<Verdict, Mark>> = {
  pass: 'good',
  inconclusive: 'warning',
  missed: 'bad',
  regressed: 'bad',
  failed: 'bad',
  error: 'bad',
  cancelled: 'none',
};

export const PART_MARKS: Readonly<Record<PartVerdict, Mark>> = {
  pass: 'good',
  missed: 'bad',
  failed: 'bad',
  error: 'bad',
  notApplicable: 'none',
  notMeasured: 'none',
};
