/** report.md and GitHub's step summary. */
import type { RunResult } from '../../model/result.ts';
import type { Block, Cell, Inline, KeyFigures, List, ListItem, Section, Table, Timeline } from '../blocks.ts';
import { isEmpty, paragraph, strong } from '../blocks.ts';
import { headline } from '../sections/headline.ts';
import { sectionsOf } from '../sections/index.ts';
import { lines } from '../text/foreign.ts';
import { keepingSpaces } from '../text/kept-spaces.ts';
import { block as fenced, code, escaped, table } from '../text/markdown-text.ts';
import { MARKS, NO_VALUE, SIGNS } from '../text/marks.ts';
import { isSequence, plain } from '../text/plain.ts';

/** The whole report as a file. */
export function renderMarkdown(result: RunResult): string {
  return page([headlineLines(result), ...sectionsOf(result).map(wholeSection)]);
}

/** The same for $GITHUB_STEP_SUMMARY, without what is folded away. */
export function renderStepSummary(result: RunResult): string {
  return page([headlineLines(result), ...sectionsOf(result).map(summaryOf)]);
}

/** Blocks on their own, such as a comparison's. */
export function renderMarkdownBlocks(title: string, blocks: readonly Block[]): string {
  return page([[`# ${escaped(title)}`], ...blocks.map(blockLines)]);
}

function headlineLines(result: RunResult): string[] {
  const { mark, verdict, subject, summary } = headline(result);
  return [`## ${MARKS[mark].trim()} ${verdict}: ${escaped(subject)}`, '', escaped(summary)];
}

function wholeSection(section: Section): string[] {
  const { title, summary } = section;
  const details = [...section.details, ...summary.flatMap(moreOf)];
  if (details.length === 0) return summaryOf(section);
  const folded = summary.length === 0 ? title : `${title}: details`;
  return [
    ...summaryOf(section),
    ...(summary.length === 0 ? [] : ['']),
    '<details>',
    `<summary>${escaped(folded)}</summary>`,
    '',
    ...blocksLines(details),
    '',
    '</details>',
  ];
}

/** What items hold back: each with the item's own words, since it stands apart from it. */
function moreOf(block: Block): readonly Block[] {
  if (block.kind !== 'list') return [];
  return block.items.flatMap(({ text, more }) =>
    more === undefined ? [] : [paragraph(strong(plain(text))), ...more.blocks],
  );
}

function summaryOf({ title, summary }: Section): string[] {
  return summary.length === 0 ? [] : [`### ${escaped(title)}`, '', ...blocksLines(summary)];
}

function blocksLines(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, i) => (i === 0 ? blockLines(block) : ['', ...blockLines(block)]));
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'figures':
      return figuresTable(block);
    case 'list':
      return listLines(block);
    case 'table':
      return tableLines(block);
    case 'timeline':
      return timelineLines(block);
    case 'paragraph':
      return [markdown(block.text)];
    case 'code':
      return fenced(lines(block.text));
    case 'chart':
      return block.table === null ? [] : tableLines(block.table);
  }
}

function figuresTable({ of, rows }: KeyFigures): string[] {
  return table(
    'llrrl',
    ['', of, 'Measured', 'Target', ''],
    rows.map(({ mark, title, value, target, note, reason }) => [
      MARKS[mark].trim(),
      escaped(title),
      cellText(value),
      target === null ? '' : markdown(target),
      [isEmpty(note) ? '' : markdown(note), escaped(reason ?? '')].filter((text) => text !== '').join('. '),
    ]),
  );
}

function listLines({ items }: List): string[] {
  return items.flatMap(itemLines);
}

function itemLines({ sign, text, details, output }: ListItem): string[] {
  const start = sign === null || sign === 'action' ? '' : `${SIGNS[sign].trim()} `;
  const shown = output === null ? [] : ['', ...fenced(lines(output)).map((line) => `  ${line}`), ''];
  return [`- ${start}${markdown(text)}`, ...details.map((detail) => `  - ${markdown(detail)}`), ...shown];
}

function tableLines({ caption, columns, rows }: Table): string[] {
  return [
    ...(caption === null ? [] : [markdown(caption), '']),
    ...table(
      columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join(''),
      columns.map(({ title }) => escaped(title)),
      rows.map((row) => row.map(cellText)),
    ),
  ];
}

/** Columns of the bars. */
const BAR = 40;
/** For the kinds of spans, in the order of the legend. */
const BAR_SIGNS = ['·', '─', '━', '┃'];

function timelineLines({ names, rows }: Timeline): string[] {
  const end = Math.max(0, ...rows.flatMap(({ spans }) => spans.map(({ toSeconds }) => toSeconds)));
  const column = (seconds: number) => (end <= 0 ? 0 : Math.round((seconds / end) * BAR));
  const signOf = (name: string) => BAR_SIGNS[names.indexOf(name)] ?? '?';
  const width = Math.max(0, ...rows.map(({ title }) => title.length));
  const bars = rows.map(({ title, spans }) => {
    const signs = Array.from({ length: BAR + 1 }, () => ' ');
    for (const { name, fromSeconds, toSeconds } of spans) {
      const [from, to] = [column(fromSeconds), column(toSeconds)];
      const past = fromSeconds === toSeconds ? from + 1 : to;
      for (let at = from; at < past; at += 1) signs[at] = signOf(name);
    }
    return `${title.padEnd(width)}  ${signs.join('').trimEnd()}`;
  });
  const legend = names.map((name) => `${escaped(name)} ${code(signOf(name))}`).join(', ');
  return [...fenced(bars.flatMap(lines)), '', `${legend}.`];
}

/** The one place that turns values into Markdown and escapes text. */
function markdown(inline: Inline): string {
  if (typeof inline === 'string') return keepingSpaces(inline, escaped);
  if (isSequence(inline)) return inline.map(markdown).join('');
  if (inline.kind === 'code') return code(inline.text);
  if (inline.kind === 'link') return escaped(inline.text);
  if (inline.kind === 'spark') return '';
  if (inline.kind === 'strong') return `**${escaped(inline.text)}**`;
  return escaped(plain(inline));
}

function cellText(cell: Cell): string {
  return cell === null ? NO_VALUE : markdown(cell);
}

function page(sections: readonly (readonly string[])[]): string {
  const shown = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${shown.join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
