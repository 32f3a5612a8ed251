/** A short comment on a pull request, in the Markdown of GitHub and GitLab: the verdict, what moved and why, the best remedy. */
import { bestRemedy } from '../../analysis/advice/listing.ts';
import { attributionWords } from '../../analysis/attribution/sentence.ts';
import { verdictOf } from '../../analysis/regression/compare.ts';
import { percent } from '../../analysis/regression/words.ts';
import { formatSeconds } from '../../format/format-quantity.ts';
import type { ComparedPart, CompareResult, CompareVerdict } from '../../model/comparison.ts';
import type { RunResult } from '../../model/result.ts';
import { savesWords } from '../advice-words.ts';
import type { Mark } from '../blocks.ts';
import { VERDICT_MARKS } from '../sections/verdict-marks.ts';
import { commentMarker, commentText } from '../text/comment-text.ts';
import { table } from '../text/markdown-text.ts';
import { MARKS } from '../text/marks.ts';
import type { Trend } from '../../model/trend.ts';
import { pairsChart, timelineChart, trendChart } from './comment-charts.ts';

/** What a comment is made of. One of `result` and `comparison` is there at least. */
export interface CommentContent {
  /** Names the comment: each project of a pull request has one. */
  readonly project: string;
  readonly result: RunResult | null;
  readonly comparison: CompareResult | null;
  /** Of the figure that matters most; null without a history. */
  readonly trend: Trend | null;
  /** Where the full report is; an http(s) address, or null. */
  readonly reportUrl: string | null;
}

/** The limit of GitHub on the body of a comment. */
export const MOST_COMMENT_CHARACTERS = 65_536;

const MOST_ROWS = 8;
const MOST_ITEMS = 5;
const TITLE_CHARACTERS = 120;
const WORDS_CHARACTERS = 400;

const COMPARED: Readonly<Record<CompareVerdict, { readonly mark: Mark; readonly words: string }>> = {
  cancelled: { mark: 'none', words: 'cancelled' },
  error: { mark: 'bad', words: 'error' },
  regressed: { mark: 'bad', words: 'regressed' },
  inconclusive: { mark: 'warning', words: 'inconclusive' },
  improved: { mark: 'good', words: 'improved' },
  noChange: { mark: 'good', words: 'no change' },
};

/** @returns at most MOST_COMMENT_CHARACTERS; what matters least is left out first */
export function renderComment(content: CommentContent): string {
  return fitted([
    [commentMarker(content.project), headlineOf(content)],
    summaryOf(content),
    movedTable(content),
    alertItems(content),
    remedyLines(content),
    linkLines(content),
    folded('Timeline', content.result === null ? [] : timelineChart(content.result)),
    folded('Pairs', content.comparison === null ? [] : pairsChart(content.comparison)),
    folded('Trend', content.trend === null ? [] : trendChart(content.trend)),
  ]);
}

/** Whether the run says more than that nothing changed. */
export function isWorthAComment({ result, comparison }: Pick<CommentContent, 'result' | 'comparison'>): boolean {
  const moved = comparison?.parts.some(hasMoved) ?? false;
  const failed = comparison?.verdict === 'error';
  const judged = result !== null && !['pass', 'inconclusive', 'cancelled'].includes(result.verdict);
  const alerted = result?.alerts.some(({ state }) => state === 'confirmed' || state === 'raised') ?? false;
  return moved || failed || judged || alerted;
}

/** The verdict that weighs more: a comparison decides where the run alone is fine. */
function headlineOf({ project, result, comparison }: CommentContent): string {
  const runIsBad = result !== null && VERDICT_MARKS[result.verdict] === 'bad';
  const { mark, words } =
    result !== null && (comparison === null || runIsBad)
      ? { mark: VERDICT_MARKS[result.verdict], words: result.verdict }
      : COMPARED[comparison?.verdict ?? 'inconclusive'];
  return `### ${MARKS[mark].trim()} Paceline: ${commentText(project, TITLE_CHARACTERS)}: ${words}`;
}

function summaryOf({ result, comparison }: CommentContent): readonly string[] {
  const sentences = [comparison?.summary, result?.summary].filter((each) => each !== undefined && each !== '');
  return [...new Set(sentences)].flatMap((each, i) => [...(i === 0 ? [] : ['']), commentText(each ?? '')]);
}

function hasMoved(part: ComparedPart): boolean {
  return ['regressed', 'improved'].includes(verdictOf(part));
}

function movedTable({ comparison }: CommentContent): readonly string[] {
  const moved = (comparison?.parts ?? []).filter(hasMoved);
  if (moved.length === 0) return [];
  const more = moved.length - MOST_ROWS;
  return [
    ...table('lrrrl', ['', 'Base', 'This change', 'Difference', 'Why'], moved.slice(0, MOST_ROWS).map(movedRow)),
    ...(more > 0 ? ['', `${more} more in the report.`] : []),
  ];
}

function movedRow(part: ComparedPart): readonly string[] {
  const { title, comparison, baseSeconds, headSeconds, moved = [] } = part;
  const sign = MARKS[verdictOf(part) === 'regressed' ? 'bad' : 'good'];
  const ratio = comparison.kind === 'judged' ? percent(comparison.ratio) : '';
  const difference = (headSeconds ?? 0) - (baseSeconds ?? 0);
  const why = baseSeconds === null || headSeconds === null ? null : attributionWords(moved, difference);
  return [
    `${sign} ${commentText(title, TITLE_CHARACTERS)}`,
    secondsCell(baseSeconds),
    secondsCell(headSeconds),
    ratio,
    why === null ? 'The profiles do not say why.' : commentText(why, WORDS_CHARACTERS),
  ];
}

function secondsCell(seconds: number | null): string {
  return seconds === null ? 'not measured' : formatSeconds(seconds);
}

/** Errors of either, then what the run was alerted of. A suspicion that was cleared is not worth a line. */
function alertItems({ result, comparison }: CommentContent): readonly string[] {
  const errors = [...(result?.errors ?? []), ...(comparison?.errors ?? [])];
  const alerts = (result?.alerts ?? []).filter(({ state }) => state !== 'cleared' && state !== 'candidate');
  const items = [
    ...errors.map(({ what, next }) => `- ${MARKS.bad} ${commentText(`${what} ${next}`, WORDS_CHARACTERS)}`),
    ...alerts
      .toSorted((a, b) => Number(b.gate) - Number(a.gate))
      .map(({ gate, message }) => `- ${MARKS[gate ? 'bad' : 'warning']} ${commentText(message, WORDS_CHARACTERS)}`),
  ];
  const more = items.length - MOST_ITEMS;
  return [...items.slice(0, MOST_ITEMS), ...(more > 0 ? [`- ${more} more in the report.`] : [])];
}

function remedyLines({ result }: CommentContent): readonly string[] {
  const best = bestRemedy(result?.advice ?? []);
  if (best === null) return [];
  const { message, where } = best;
  const place = where === null ? '' : ` (${commentText(`${where.file}:${where.line}`, TITLE_CHARACTERS)})`;
  return [
    `**Best remedy**${place}: ${commentText(message, WORDS_CHARACTERS)} It ${commentText(savesWords(best), WORDS_CHARACTERS)}.`,
  ];
}

function linkLines({ result, comparison, reportUrl }: CommentContent): readonly string[] {
  const head = comparison?.head.commit ?? result?.source.commit ?? null;
  const at = head !== null && /^[0-9a-f]{7,64}$/.test(head) ? `Commit ${head.slice(0, 7)}.` : '';
  const link = reportUrl === null ? '' : `[Full report](${addressOf(reportUrl)}).`;
  const line = [link, at].filter((part) => part !== '').join(' ');
  return line === '' ? [] : [line];
}

/** An address cannot end the brackets that hold it, and has no sign that Markdown reads. */
function addressOf(url: string): string {
  if (!/^https?:\/\//i.test(url)) return '#';
  return url.toWellFormed().replace(/[^a-z0-9\-._~:/?#&=%+,;]/giu, percentEncoded);
}

/** `encodeURIComponent` keeps parentheses. */
function percentEncoded(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code >= 128) return encodeURIComponent(sign);
  return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>'];
}

/** Sections in the order of their weight, as many as fit. */
function fitted(sections: readonly (readonly string[])[]): string {
  let body = '';
  for (const lines of sections) {
    if (lines.length === 0) continue;
    const longer = `${body}${body === '' ? '' : '\n'}${lines.join('\n')}\n`;
    if (longer.length <= MOST_COMMENT_CHARACTERS) body = longer;
  }
  return body;
}
