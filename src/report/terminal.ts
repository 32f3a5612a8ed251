/** The closing summary on the screen. */
import { figure } from '../analysis/figure.ts';
import type { Alert, RunResult } from '../model/result.ts';
import { hostLines, revision, standInLines, VERDICT_MARKS } from './headline.ts';
import { timeLines } from './inside-pytest.ts';
import { renderProblem } from './problem.ts';
import {
  type Mark,
  MARKS,
  NO_FIGURE,
  OF_FAILED_TRIAL,
  phaseRows,
  type Row,
  scenarioRows,
  secondaryRows,
} from './rows.ts';
import { logLines, postgresLines, queryLines } from './services.ts';
import { oneLine } from './text/foreign.ts';
import { createStyle, type Style } from './text/style.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text/width.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; the summary takes at most 100 and at least 60. */
  readonly width: number;
}

/** The result as lines of text, ending in a line break. Without `color` there is no escape code in it. */
export function renderResult(result: RunResult, options: TerminalOptions): string {
  const page: Page = { style: createStyle(options.color), width: Math.min(100, Math.max(60, options.width)) };
  const rows = { phases: phaseRows(result), scenarios: scenarioRows(result), secondary: secondaryRows(result) };
  const columns = columnsOf(Object.values(rows).flat(), page);
  const sections = [
    headline(result, page),
    section('Phases', tableLines(rows.phases, columns, page), page),
    section('Scenarios', tableLines(rows.scenarios, columns, page), page),
    section('Resources', tableLines(rows.secondary, columns, page), page),
    section(marked('Where the time goes', result.pytest), timeLinesOf(result, page), page),
    section(marked('Services', result.services), serviceLines(result, page), page),
    section(
      'Alerts',
      result.alerts.filter(isNews).flatMap((alert) => alertLines(alert, page)),
      page,
    ),
    section(
      'Errors',
      result.errors.flatMap((error) => errorLines(error, options, page)),
      page,
    ),
    section(
      'Advice',
      result.advice.flatMap((advice) => adviceLines(advice, page)),
      page,
    ),
    section('Notes', noteLines(result, page), page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

interface Page {
  readonly style: Style;
  readonly width: number;
}

function headline(result: RunResult, { style, width }: Page): string[] {
  const mark = VERDICT_MARKS[result.verdict];
  const where = revision(result);
  const what = oneLine(where === null ? result.project : `${result.project} at ${where}`);
  return [
    `${MARKS[mark]} ${colored(mark, style.bold(result.verdict), style)}  ${what}`,
    ...wrap(oneLine(result.summary), width - 3).map((line) => `   ${line}`),
  ];
}

function section(title: string, content: readonly string[], { style }: Page): string[] {
  return content.length === 0 ? [] : [style.bold(title), ...content];
}

function marked(title: string, seen: { readonly ofFailedTrial: boolean } | null): string {
  return seen?.ofFailedTrial === true ? `${title} (${OF_FAILED_TRIAL})` : title;
}

interface Columns {
  readonly title: number;
  readonly figure: number;
  readonly target: number;
}

/** All tables share their columns, so that the figures stand in one line down the page. */
function columnsOf(all: readonly Row[], { width }: Page): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth));
  const rows = all.filter((row) => !isSentence(row));
  return {
    title: Math.min(widest(rows.map(({ title }) => oneLine(title))), Math.floor(width * 0.4)),
    figure: widest(rows.map((row) => row.figure)),
    target: widest(rows.map((row) => row.target)),
  };
}

function tableLines(rows: readonly Row[], columns: Columns, page: Page): string[] {
  return rows.flatMap((row) => (isSentence(row) ? sentenceLines(row, page) : rowLines(row, columns, page)));
}

/** What has nothing for the columns. */
function isSentence(row: Row): boolean {
  return row.figure === NO_FIGURE && row.target === '' && row.note === '';
}

function sentenceLines({ mark, title, reason }: Row, { style, width }: Page): string[] {
  const text = reason === null ? title : `${title}: ${reason}`;
  return hanging(`  ${MARKS[mark]} `, oneLine(text), width).map(style.dim);
}

/** The reason of a part that simply was not measured stands in the row, where it fits; a failure gets lines of its own. */
function rowLines(row: Row, columns: Columns, page: Page): string[] {
  const { style, width } = page;
  const room = Math.max(12, width - (5 + columns.title + 2 + columns.figure + 2 + columns.target + 2));
  const isNote = row.mark === 'none' && row.reason !== null && displayWidth(oneLine(row.reason)) <= room;
  const note = truncate(oneLine(isNote ? (row.reason ?? '') : row.note), room);
  const cells = [
    padEnd(truncate(oneLine(row.title), columns.title), columns.title),
    colored(row.mark, padStart(row.figure, columns.figure), style),
    ...(row.target === '' && note === ''
      ? []
      : [style.dim(note === '' ? row.target : padEnd(row.target, columns.target))]),
    ...(note === '' ? [] : [style.dim(note)]),
  ];
  return [
    `  ${MARKS[row.mark]} ${cells.join('  ')}`,
    ...(isNote ? [] : reasonLines(row, page)),
    ...partLines(row, page),
  ];
}

function partLines({ parts = [] }: Row, { style, width }: Page): string[] {
  return parts.map((part) => style.dim(`       ${truncate(oneLine(part), width - 7)}`));
}

function reasonLines({ reason, mark }: Row, { style, width }: Page): string[] {
  if (reason === null) return [];
  return wrap(oneLine(reason), width - 5).map((line) => `     ${mark === 'bad' ? line : style.dim(line)}`);
}

function serviceLines(result: RunResult, { style, width }: Page): string[] {
  return [
    ...[...postgresLines(result), ...queryLines(result)].flatMap((line) => hanging('  · ', oneLine(line), width)),
    ...logLines(result)
      .flatMap((line) => hanging(`  ${MARKS.warning} `, oneLine(line), width))
      .map(style.yellow),
  ];
}

function timeLinesOf(result: RunResult, { width }: Page): string[] {
  return timeLines(result).flatMap((line) => hanging('  · ', oneLine(line), width));
}

/** A failure stands beside its scenario already. */
function isNews({ kind }: Alert): boolean {
  return kind !== 'failure';
}

function alertLines({ message, gate, state }: Alert, { style, width }: Page): string[] {
  const mark: Mark = gate ? 'bad' : 'warning';
  const words = `${oneLine(message)}${state === 'raised' ? '' : ` (${state})`}${gate ? '' : ' It does not decide the verdict.'}`;
  return hanging(`  ${MARKS[mark]} `, words, width).map((line) => (gate ? line : style.yellow(line)));
}

function errorLines(error: RunResult['errors'][number], { color }: TerminalOptions, { width }: Page): string[] {
  return renderProblem(error, { color, width: width - 2 })
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
}

function adviceLines({ message, evidence, savedSeconds, state }: RunResult['advice'][number], page: Page): string[] {
  const { style, width } = page;
  const saves = savedSeconds === null ? '' : ` (saves ${figure(savedSeconds, 'second')}, ${state})`;
  return [
    ...hanging('  → ', `${oneLine(message)}${saves}`, width),
    ...evidence.flatMap((line) => hanging('      ', oneLine(line), width)).map(style.dim),
  ];
}

function noteLines(result: RunResult, { style, width }: Page): string[] {
  return [...result.notes, ...standInLines(result), ...hostLines(result)]
    .flatMap((note) => hanging('  · ', oneLine(note), width))
    .map(style.dim);
}

/** A wrapped paragraph whose first line begins with a sign and whose others are indented to stand under it. */
function hanging(sign: string, text: string, width: number): string[] {
  const indent = displayWidth(sign);
  return wrap(text, width - indent).map((line, i) => (i === 0 ? sign : ' '.repeat(indent)) + line);
}

const COLORS = { good: 'green', bad: 'red', warning: 'yellow', none: 'dim' } as const satisfies Record<
  Mark,
  keyof Style
>;

function colored(mark: Mark, text: string, style: Style): string {
  return style[COLORS[mark]](text);
}
