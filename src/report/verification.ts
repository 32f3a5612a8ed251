/** A verification of advice as blocks, rendered for the terminal and as Markdown. */
import { detailOf } from '../analysis/advice/with-verifications.ts';
import { percent } from '../analysis/regression/words.ts';
import type { TogetherResult, TriedRemedy, Verification, VerifyAdviceResult } from '../model/advice.ts';
import { METRICS } from '../model/measurement.ts';
import { figureTitle, leftOutWords, reasonWords, signed, STATE_WORDS } from './advice-words.ts';
import {
  type Block,
  type Cell,
  item,
  list,
  type ListItem,
  type Mark,
  paragraph,
  quantityOrNull,
  table,
} from './blocks.ts';
import { renderMarkdownBlocks } from './formats/markdown.ts';
import { renderBlocks, type TerminalOptions } from './formats/terminal.ts';

/** The two answer different questions, and may differ: a reader who subtracts one from the other must know why. */
const HOW_SAVED =
  'Without and With are the medians over all pairs. Saved, and its interval, come from the change within each pair, which the noise between pairs does not touch: Saved can differ from Without minus With. A minus means slower.';

const COLUMNS = ['Advice', 'Figure', '>Without', '>With', '>Saved', '>Interval', '>n', 'State'];

/** Lines of plain text, ending in a line break. */
export function renderVerification(result: VerifyAdviceResult, options: TerminalOptions): string {
  return renderBlocks([paragraph(heading(result)), ...blocksOf(result)], options);
}

export function renderVerificationMarkdown(result: VerifyAdviceResult): string {
  return renderMarkdownBlocks(heading(result), blocksOf(result));
}

export function heading({ project, tried }: VerifyAdviceResult): string {
  const verified = tried.filter(({ verification }) => verification.state === 'verified').length;
  return `${project}: ${verified} of ${tried.length} remedies verified`;
}

function blocksOf(result: VerifyAdviceResult): readonly Block[] {
  const { tried, together, errors, notes } = result;
  return [
    ...triedTable(result),
    paragraph(tried.length === 0 ? 'No remedy was tried.' : sumWords(result)),
    ...list([
      ...tried.map(({ name, verification }) => item(`${name}: ${why(verification)}`, { sign: markOf(verification) })),
      ...togetherItems(together),
      ...errors.map(({ what, next }) => item(what, { sign: 'bad', details: [next] })),
      ...notes.map((note) => item(note)),
    ]),
  ];
}

/** What failed of all winners at once. */
export function togetherItems(together: TogetherResult | null): readonly ListItem[] {
  return [
    ...(together?.verifications ?? [])
      .filter(({ state }) => state !== 'verified')
      .map((each) => item(`All together: ${why(each)}`, { sign: markOf(each) })),
    ...(together?.leftOut ?? []).map((each) => item(leftOutWords(each), { sign: 'warning' })),
  ];
}

/** A row for each remedy, and one for each figure of all winners at once. */
export function triedTable({ tried, together }: VerifyAdviceResult): readonly Block[] {
  const verifications = [...tried.map(({ verification }) => verification), ...(together?.verifications ?? [])];
  const isFromPairs = verifications.some(({ saving }) => saving !== null && saving.pairs > 1);
  return table(COLUMNS, [...tried.map(rowOf), ...togetherRows(together)], isFromPairs ? HOW_SAVED : null);
}

function rowOf({ name, verification, saves }: TriedRemedy): readonly Cell[] {
  return cells(name, verification, saves.scenario ?? null);
}

function togetherRows(together: TogetherResult | null): readonly (readonly Cell[])[] {
  return (together?.verifications ?? []).map((each) =>
    cells(`all together (${together!.members.length})`, each, each.scenario),
  );
}

function cells(name: string, verification: Verification, scenario: string | null): readonly Cell[] {
  const { figure, unit, baseValue, headValue, saving, state } = verification;
  return [
    name,
    figureTitle(figure, scenario),
    quantityOrNull(baseValue, unit),
    quantityOrNull(headValue, unit),
    saving === null ? null : signed(saving.value, unit),
    saving === null ? null : `${signed(saving.low, unit)} to ${signed(saving.high, unit)}`,
    saving === null ? null : String(saving.pairs),
    STATE_WORDS[state],
  ];
}

export function why(verification: Verification): string {
  const { reason, ratio, testsWereRed } = verification;
  const change = ratio === null ? '' : ` (${percent(ratio.value)})`;
  const red = testsWereRed ? ' The tests are red without it too.' : '';
  const words = reason.kind === 'gain' ? `verified${change}.` : reasonWords(reason.kind, detailOf(reason));
  return `${words}${red}`;
}

export function markOf({ state }: Verification): Mark {
  return state === 'verified' ? 'good' : state === 'rejected' ? 'bad' : 'warning';
}

/** What all winners save together where that was measured, else what the only winner saves. */
export function savedSeconds({ tried, together }: Pick<VerifyAdviceResult, 'tried' | 'together'>): number {
  const winners = tried.map(({ verification }) => verification).filter(({ state }) => state === 'verified');
  const counted = together === null || together.verifications.length === 0 ? winners : together.verifications;
  return secondsOf(counted.filter(({ state }) => state === 'verified'));
}

function secondsOf(verifications: readonly Verification[]): number {
  return verifications
    .filter(({ unit }) => unit === 'second')
    .reduce((sum, { saving }) => sum + (saving?.value ?? 0), 0);
}

export function sumWords(result: VerifyAdviceResult): string {
  const { tried, together } = result;
  const winners = tried.map(({ verification }) => verification).filter(({ state }) => state === 'verified');
  if (winners.length === 0) return 'No remedy is verified.';
  const saved = signed(savedSeconds(result), 'second');
  const figures = [...new Set(winners.map(({ figure }) => METRICS[figure].title))].join(', ');
  if (together === null || together.verifications.length === 0) return `Saved: ${saved} (${figures}).`;
  const alone = signed(secondsOf(winners), 'second');
  return `Saved by all together: ${saved} (${figures}). One by one they add up to ${alone}.`;
}
