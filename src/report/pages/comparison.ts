/** The page of a comparison: the verdict, the figures of both sides, what moved, each pair, and what was changed. */
import type { ComparedPart, ComparedSide, CompareResult, CompareVerdict } from '../../model/comparison.ts';
import { type Block, code, item, type Link, list, type Mark, paragraph, table } from '../blocks.ts';
import {
  comparedTable,
  errorItems,
  heading,
  legend,
  moved,
  named,
  notesOn,
  undecided,
  verdictWord,
} from '../comparison.ts';
import type { Page } from '../page.ts';
import { pairsBlocks } from './pairs.ts';
import { aboutRun, present } from './parts.ts';

const MARKS: Readonly<Record<CompareVerdict, Mark>> = {
  noChange: 'good',
  improved: 'good',
  inconclusive: 'warning',
  regressed: 'bad',
  error: 'bad',
  cancelled: 'none',
};

/** @param trail the way to this page; none for a file on its own */
export function comparisonPage(result: CompareResult, trail: readonly Link[] = []): Page {
  const subject = heading(result);
  const verdict = verdictWord(result);
  return {
    title: `${subject}: ${verdict}`,
    trail,
    headline: { mark: MARKS[result.verdict], verdict, subject, summary: result.summary },
    about: aboutRun(result),
    lead: present([
      { id: 'figures', title: 'Figures', summary: [...comparedTable(result), ...list(undecided(result))] },
      { id: 'errors', title: 'Errors', summary: list(errorItems(result)) },
    ]),
    sections: present([
      { id: 'moved', title: 'What moved', summary: list(moved(result)) },
      { id: 'pairs', title: 'Pairs', summary: result.parts.flatMap((part, i) => pairsOf(part, i, result)) },
      {
        id: 'changes',
        title: 'What was changed',
        summary: [...changeBlocks('Base', result.base), ...changeBlocks('Head', result.head)],
      },
      { id: 'notes', title: 'Notes', summary: list(notesOn(result).map((note) => item(note))) },
      { id: 'legend', title: 'How to read the figures', summary: legend(result).map((line) => paragraph(line)) },
    ]),
  };
}

function pairsOf(
  { title, comparison, pairs }: ComparedPart,
  i: number,
  { base, head }: CompareResult,
): readonly Block[] {
  const judged = comparison.kind === 'judged' ? comparison : null;
  const [baseTitle, headTitle] = named(base) === named(head) ? ['Base', 'Head'] : [named(base), named(head)];
  return pairsBlocks({
    id: `pairs-${i + 1}`,
    title,
    unit: 'second',
    baseTitle,
    headTitle,
    pairs,
    ratio: judged === null ? null : { point: judged.ratio, low: judged.interval.low, high: judged.interval.high },
  });
}

/** What a side changes on top of its commit. */
function changeBlocks(side: string, { patch, set = {} }: ComparedSide): readonly Block[] {
  return [
    ...(patch === undefined
      ? []
      : [paragraph(`${side}: a patch.`), { kind: 'code', text: patch, language: 'diff' } as const]),
    ...table(
      ['Key of paceline.yml', 'Value'],
      Object.entries(set).map(([key, value]) => [code(key), code(JSON.stringify(value))]),
      `${side}: keys of the plan.`,
    ),
  ];
}
