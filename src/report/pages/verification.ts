/** The page of a verification of advice: what was tried, how each remedy ended, its pairs and its patch. */
import type { TriedRemedy, Verification, VerifyAdviceResult } from '../../model/advice.ts';
import { figureTitle, STATE_WORDS } from '../advice-words.ts';
import { type Block, code, item, type Link, list, type ListItem, type Mark, message, table } from '../blocks.ts';
import { errorItems } from '../comparison.ts';
import type { Page } from '../page.ts';
import { heading, markOf, sumWords, togetherItems, triedTable, why } from '../verification.ts';
import { pairsBlocks } from './pairs.ts';
import { aboutRun, present } from './parts.ts';

/** @param trail the way to this page; none for a file on its own */
export function verificationPage(result: VerifyAdviceResult, trail: readonly Link[] = []): Page {
  const { tried, together, notes, project } = result;
  const subject = heading(result);
  return {
    title: subject,
    trail,
    headline: {
      mark: markOfAll(result),
      verdict: verdictOf(result),
      subject: `${project}: advice of run ${result.ofRun.slice(0, 8)}`,
      summary: tried.length === 0 ? 'No remedy was tried.' : sumWords(result),
    },
    about: aboutRun(result),
    lead: present([
      { id: 'remedies', title: 'Remedies', summary: triedTable(result) },
      { id: 'errors', title: 'Errors', summary: list(errorItems(result)) },
    ]),
    sections: present([
      {
        id: 'why',
        title: 'How each remedy ended',
        summary: list([...tried.map(remedyItem), ...togetherItems(together)]),
      },
      {
        id: 'pairs',
        title: 'Pairs',
        summary: [
          ...tried.flatMap(({ name, verification }, i) => pairsOf(`pairs-${i + 1}`, name, verification)),
          ...(together?.verifications ?? []).flatMap((each, i) =>
            pairsOf(`pairs-together-${i + 1}`, 'All together', each),
          ),
        ],
      },
      { id: 'notes', title: 'Notes', summary: list(notes.map((note) => item(note))) },
    ]),
  };
}

function verdictOf({ cancelled, errors, tried }: VerifyAdviceResult): string {
  if (cancelled) return 'cancelled';
  if (errors.length > 0) return 'error';
  const verified = tried.filter(({ verification }) => verification.state === 'verified').length;
  return `${verified} of ${tried.length} verified`;
}

function markOfAll({ cancelled, errors, tried }: VerifyAdviceResult): Mark {
  if (cancelled) return 'none';
  if (errors.length > 0) return 'bad';
  return tried.some(({ verification }) => verification.state === 'verified') ? 'good' : 'warning';
}

function remedyItem({ name, message: words, verification, remedy }: TriedRemedy): ListItem {
  return item([code(name), ' ', message(words)], {
    sign: markOf(verification),
    details: [`${STATE_WORDS[verification.state]}: ${why(verification)}`],
    more: { title: remedy.kind === 'patch' ? 'The patch' : 'The keys of paceline.yml', blocks: remedyBlocks(remedy) },
  });
}

function remedyBlocks(remedy: TriedRemedy['remedy']): readonly Block[] {
  return remedy.kind === 'patch'
    ? [{ kind: 'code', text: remedy.patch, language: 'diff' }]
    : table(['Key of paceline.yml', 'Value'], Object.entries(remedy.set));
}

function pairsOf(id: string, name: string, { figure, scenario, unit, pairs, ratio }: Verification): readonly Block[] {
  return pairsBlocks({
    id,
    title: `${name}: ${figureTitle(figure, scenario)}`,
    unit,
    baseTitle: 'Without',
    headTitle: 'With',
    pairs,
    ratio: ratio === null ? null : { point: ratio.value, low: ratio.low, high: ratio.high },
  });
}
