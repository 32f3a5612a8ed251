/** The checks that found nothing: which were fine, and which could not be made and why. */
import type { CheckResult } from '../../model/result.ts';
import { type Inline, item, list, type ListItem, strong } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const checks: SectionMaker = {
  id: 'checks',
  title: 'Checks that found nothing',
  folded: true,
  make: ({ checks: made = [] }) => ({ details: list(made.flatMap(itemOf)) }),
};

/** What was found is in the advice, and a check that failed in the notes. */
function itemOf({ title, outcome, reason }: CheckResult): ListItem[] {
  switch (outcome) {
    case 'found':
    case 'failed':
      return [];
    case 'ok':
      return [item(reason ?? title, { sign: 'good' })];
    case 'notApplicable':
      return [item(words(title, 'not applicable', reason), { sign: 'none' })];
    case 'inconclusive':
      return [item(words(title, 'inconclusive', reason), { sign: 'warning' })];
  }
}

function words(title: string, outcome: string, reason: string | null): Inline {
  return [strong(title), `: ${outcome}. `, reason ?? ''];
}
