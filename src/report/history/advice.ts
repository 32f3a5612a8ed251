/** How good the predictions of each audit were, as a table. */
import type { AuditHonesty } from '../../analysis/advice/honesty.ts';
import { table } from './table.ts';

const JUDGEMENTS: Readonly<Record<AuditHonesty['judgement'], string>> = {
  good: 'within 30 %',
  tooHigh: 'too high',
  tooLow: 'too low',
  few: 'fewer than 3: too few to tell',
};

export function honestyTable(rows: readonly AuditHonesty[], width: number): string {
  return table(
    ['AUDIT', 'VERIFIED', 'PREDICTED / VERIFIED', 'RANGE', 'JUDGEMENT'],
    rows.map(({ audit, n, ratio, lowest, highest, judgement }) => [
      audit,
      String(n),
      times(ratio),
      `${times(lowest)} to ${times(highest)}`,
      JUDGEMENTS[judgement],
    ]),
    width,
  );
}

function times(ratio: number): string {
  return `${Number(ratio.toFixed(2))}`;
}
