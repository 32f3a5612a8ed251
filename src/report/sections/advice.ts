/** What to change, with the evidence, the seconds it saves, and the remedy. */
import { toDoFirst } from '../../analysis/advice/listing.ts';
import type { Advice, Remedy, RunResult } from '../../model/result.ts';
import { adviceLine } from '../advice-line.ts';
import { bestSaving, reasonWords, remedyWords, signed } from '../advice-words.ts';
import { type Block, item, list, type ListItem, message, table } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const advice: SectionMaker = {
  id: 'advice',
  title: 'Advice',
  make: (result) => ({ summary: list(inOrder(result).map(itemOf)) }),
};

/** Causes of failures first, then what saves most; what was rejected comes last. */
function inOrder({ advice: all }: Pick<RunResult, 'advice'>): readonly Advice[] {
  return [...toDoFirst(all), ...all.filter(({ kind, state }) => kind === 'opportunity' && state === 'rejected')];
}

function itemOf(each: Advice): ListItem {
  const { state, evidence, remedy } = each;
  const details = [
    ...evidence,
    ...(remedy === null || remedy.kind === 'steps' ? [] : [`Remedy: ${remedyWords(remedy)}`]),
    ...triedWords(each),
  ];
  const saved = bestSaving(each.saves);
  return item(adviceLine(each), {
    sign: state === 'verified' ? 'good' : state === 'rejected' ? 'bad' : 'action',
    details: details.map(message),
    ...(saved === null || each.saves === null ? {} : { value: [signed(saved.value, each.saves.unit), ` ${state}`] }),
    ...(remedy === null ? {} : { more: { title: MORE[remedy.kind], blocks: blocksOf(remedy) } }),
  });
}

const MORE: Readonly<Record<Remedy['kind'], string>> = {
  patch: 'The patch',
  planOverride: 'The keys of paceline.yml',
  steps: 'The steps',
};

/** A gain is in the figures already. */
function triedWords({ tried, state }: Advice): readonly string[] {
  if (tried === undefined || state === 'verified') return [];
  return [`Tried, and ${state}: ${reasonWords(tried.reason, tried.detail)}`];
}

function blocksOf(remedy: Remedy): readonly Block[] {
  switch (remedy.kind) {
    case 'patch':
      return [{ kind: 'code', text: remedy.patch, language: 'diff' }];
    case 'planOverride':
      return table(['Key of paceline.yml', 'Value'], Object.entries(remedy.set));
    case 'steps':
      return list(remedy.steps.map((step) => item(message(step))));
  }
}
