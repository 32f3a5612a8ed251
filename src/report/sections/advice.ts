/** What to change, with the evidence, the seconds it saves, and the remedy. */
import { byWorth } from '../../analysis/advice/listing.ts';
import type { Advice, Remedy, RunResult } from '../../model/result.ts';
import { bestSaving, reasonWords, remedyWords, savesWords, signed } from '../advice-words.ts';
import { type Block, code, type Inline, item, list, type ListItem, message, table } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const advice: SectionMaker = {
  id: 'advice',
  title: 'Advice',
  make: (result) => ({ summary: list(inOrder(result).map(itemOf)) }),
};

/** Causes of failures first, then what saves most; what was rejected comes last. */
function inOrder({ advice: all }: Pick<RunResult, 'advice'>): readonly Advice[] {
  const of = (test: (advice: Advice) => boolean) => all.filter(test);
  const isOpportunity = ({ kind }: Advice) => kind === 'opportunity';
  return [
    ...of((each) => !isOpportunity(each)),
    ...of((each) => isOpportunity(each) && each.state !== 'rejected').toSorted(byWorth),
    ...of((each) => isOpportunity(each) && each.state === 'rejected'),
  ];
}

function itemOf(each: Advice): ListItem {
  const { state, evidence, remedy } = each;
  const details = [
    ...evidence,
    ...(remedy === null || remedy.kind === 'steps' ? [] : [`Remedy: ${remedyWords(remedy)}`]),
    ...triedWords(each),
  ];
  const saved = bestSaving(each.saves);
  return item([placeOf(each), message(each.message), savedWords(each)], {
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

function placeOf({ where }: Advice): Inline {
  return where === null ? '' : [code(`${where.file}:${where.line}`), ' '];
}

function savedWords(each: Advice): Inline {
  const words = savesWords(each);
  return words === '' ? '' : ` (${words})`;
}

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
