/** Pairs of one figure: the picture, and each pair as a row. */
import { percent } from '../../analysis/regression/words.ts';
import type { Unit } from '../../model/measurement.ts';
import type { Pair } from '../../model/regression.ts';
import { type Block, type Cell, quantity, table } from '../blocks.ts';
import type { Interval, Pair as PlottedPair } from '../charts/chart.ts';

export interface ShownPairs {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly baseTitle: string;
  readonly headTitle: string;
  readonly pairs: readonly Pair[];
  /** Head over base. */
  readonly ratio: Interval | null;
}

/** @returns no block where no pair was measured */
export function pairsBlocks(shown: ShownPairs): readonly Block[] {
  const { id, title, unit, baseTitle, headTitle, pairs, ratio } = shown;
  if (pairs.length === 0) return [];
  const [rows] = table(
    ['>Pair', `>${baseTitle}`, `>${headTitle}`, '>Change', 'First', 'Disturbed'],
    pairs.map((pair, i) => row(pair, i, shown)),
  );
  return [
    {
      kind: 'chart',
      id,
      chart: {
        kind: 'pairs',
        title,
        unit,
        baseLabel: baseTitle,
        headLabel: headTitle,
        ratio,
        pairs: pairs.map(plotted),
      },
      table: rows ?? null,
    },
  ];
}

function plotted({ base, head }: Pair, i: number): PlottedPair {
  return { base: base.value, head: head.value, label: `Pair ${i + 1}` };
}

function row({ base, head, first }: Pair, i: number, { unit, baseTitle, headTitle }: ShownPairs): readonly Cell[] {
  return [
    String(i + 1),
    quantity(base.value, unit),
    quantity(head.value, unit),
    base.value > 0 ? percent(head.value / base.value) : null,
    first === 'base' ? baseTitle : headTitle,
    [base.disturbed, head.disturbed].filter((reason) => reason !== null).join('; '),
  ];
}
