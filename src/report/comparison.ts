/** A comparison as a table: for the terminal and as Markdown. */
import { figure } from '../analysis/figure.ts';
import { verdictOf } from '../analysis/regression/compare.ts';
import { testsSentence } from '../analysis/regression/tests-taken-out.ts';
import { percent } from '../analysis/regression/words.ts';
import type { ComparedPart, CompareResult } from '../model/comparison.ts';
import { formatRatio } from '../plan/format-quantity.ts';
import { oneLine } from './text/foreign.ts';
import { escaped, table } from './text/markdown-text.ts';
import { displayWidth, padEnd, padStart } from './text/width.ts';

const HEADER = ['', 'Base', 'Head', 'Change', 'Interval', 'n', 'Could show', 'Verdict'];
const WORDS = { regressed: 'regressed', improved: 'improved', noChange: 'no change', inconclusive: 'inconclusive' };

/** Lines of plain text, ending in a line break. */
export function renderComparison(result: CompareResult): string {
  const rows = [HEADER, ...result.parts.map(cells)].map((row) => row.map(oneLine));
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column]!))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 7 ? padEnd(cell, widths[column]!) : padStart(cell, widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  const parts = [
    [`${result.verdict}  ${heading(result)}`, oneLine(result.summary)],
    result.parts.length === 0 ? [] : lines,
    result.errors.map(({ what, next }) => oneLine(`${what} ${next}`)),
    [...refusals(result), ...otherTests(result), ...result.notes].map((note) => `· ${oneLine(note)}`),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

export function renderComparisonMarkdown(result: CompareResult): string {
  const parts = [
    [`# ${escaped(result.verdict)}: ${escaped(heading(result))}`],
    [escaped(result.summary)],
    result.parts.length === 0
      ? []
      : table(
          'lrrrrrrl',
          HEADER,
          result.parts.map((part) => cells(part).map(escaped)),
        ),
    [
      ...refusals(result),
      ...otherTests(result),
      ...result.errors.map(({ what, next }) => `${what} ${next}`),
      ...result.notes,
    ].map((note) => `- ${escaped(note)}`),
  ];
  return `${parts
    .flatMap((part) => (part.length === 0 ? [] : [typeof part === 'string' ? part : part.join('\n')]))
    .join('\n\n')}\n`;
}

function heading({ project, base, head }: CompareResult): string {
  return `${project ?? 'project'}: ${named(base)} against ${named(head)}`;
}

function named({ ref, commit }: CompareResult['base']): string {
  return commit === null
    ? ref.slice(0, 40)
    : commit.startsWith(ref)
      ? commit.slice(0, Math.max(7, Math.min(ref.length, 12)))
      : `${ref} (${commit.slice(0, 7)})`;
}

function cells(part: ComparedPart): string[] {
  const { title, comparison, baseSeconds, headSeconds } = part;
  const seconds = (value: number | null) => (value === null ? '–' : figure(value, 'second'));
  const judged =
    comparison.kind === 'refused'
      ? ['–', '–', String(part.pairs.length), '–']
      : [
          percent(comparison.ratio),
          `${percent(comparison.interval.low)} to ${percent(comparison.interval.high)}`,
          String(comparison.n),
          comparison.smallestDetectable === null ? '–' : formatRatio(comparison.smallestDetectable),
        ];
  return [title, seconds(baseSeconds), seconds(headSeconds), ...judged, WORDS[verdictOf(part)]];
}

function refusals({ parts }: CompareResult): string[] {
  return parts.flatMap(({ title, comparison }) =>
    comparison.kind === 'refused' ? [`${title}: ${comparison.reason}`] : [],
  );
}

/** A refusal names them itself. */
function otherTests({ parts }: CompareResult): string[] {
  return parts.flatMap(({ title, comparison, tests }) =>
    comparison.kind === 'judged' && tests !== undefined ? [`${title}: ${testsSentence(tests)}`] : [],
  );
}
