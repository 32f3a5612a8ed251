/** A comparison as blocks, rendered for the terminal and as Markdown. pages/comparison.ts makes its page of the same parts. */
import { attributionWords } from '../analysis/attribution/sentence.ts';
import { verdictOf } from '../analysis/regression/compare.ts';
import { testsSentence } from '../analysis/regression/tests-taken-out.ts';
import { percent } from '../analysis/regression/words.ts';
import { COMPARE_LIMITS, type ComparedPart, type ComparedSide, type CompareResult } from '../model/comparison.ts';
import { readPatch } from '../model/patch.ts';
import { changesOf } from '../model/variant.ts';
import { formatRatio } from '../format/format-quantity.ts';
import { type Block, type Cell, item, list, type ListItem, paragraph, quantityOrNull, table } from './blocks.ts';
import { renderMarkdownBlocks } from './formats/markdown.ts';
import { renderBlocks, type TerminalOptions } from './formats/terminal.ts';

const COLUMNS = ['', '>Base', '>Head', '>Change', '>Interval', '>n', '>Could show', 'Verdict'];
/** Of a patch, by name. */
const MOST_FILES = 5;
const WORDS = { regressed: 'regressed', improved: 'improved', noChange: 'no change', inconclusive: 'inconclusive' };

/** Lines of plain text, ending in a line break. */
export function renderComparison(result: CompareResult, options: TerminalOptions): string {
  return renderBlocks([paragraph(`${verdictWord(result)}  ${heading(result)}`), ...comparisonBlocks(result)], options);
}

export function renderComparisonMarkdown(result: CompareResult): string {
  return renderMarkdownBlocks(`${verdictWord(result)}: ${heading(result)}`, comparisonBlocks(result));
}

function comparisonBlocks(result: CompareResult): readonly Block[] {
  return [
    paragraph(result.summary),
    ...comparedTable(result),
    ...list([
      ...moved(result),
      ...errorItems(result),
      ...[...refusals(result), ...testsRun(result), ...otherTests(result), ...changes(result), ...result.notes].map(
        (note) => item(note),
      ),
      ...legend(result).map((line) => item(line)),
      ...undecided(result),
    ]),
  ];
}

/** A row for each figure: both sides, the change with its interval, and what that means. */
export function comparedTable({ parts }: CompareResult): readonly Block[] {
  return table(COLUMNS, parts.map(cells));
}

export function errorItems({ errors }: Pick<CompareResult, 'errors'>): readonly ListItem[] {
  return errors.map(({ what, next }) => item(what, { sign: 'bad', details: [next] }));
}

/** What else is known of the figures: why one was not judged, and which tests ran. */
export function notesOn(result: CompareResult): readonly string[] {
  return [...refusals(result), ...testsRun(result), ...otherTests(result), ...result.notes];
}

/** What the columns mean: the table is read without knowing statistics. */
export function legend({ parts }: CompareResult): readonly string[] {
  if (!parts.some(({ comparison }) => comparison.kind === 'judged')) return [];
  return [
    'Change: head against base, from pairs of measurements. Interval: where the true change is, with the noise of this machine. n: number of pairs. Could show: the smallest change that this number of pairs would find.',
  ];
}

export function undecided({ parts }: CompareResult): readonly ListItem[] {
  if (!parts.some((part) => part.comparison.kind === 'judged' && verdictOf(part) === 'inconclusive')) return [];
  const most = Math.max(...parts.map(({ pairs }) => pairs.length));
  const pairs = Math.min(2 * most, COMPARE_LIMITS.pairs.most);
  return [
    item(
      `Inconclusive: the measurements differ too much among themselves to decide. Compare again on a quieter machine, or with more pairs (--pairs ${pairs}).`,
      { sign: 'action' },
    ),
  ];
}

/** "Full Suite: 312 tests on both sides." */
function testsRun({ parts }: CompareResult): readonly string[] {
  return parts.flatMap(({ title, pairs }) => {
    const last = pairs.at(-1);
    const [base, head] = [last?.base.tests?.count, last?.head.tests?.count];
    if (base === undefined || head === undefined) return [];
    return [
      `${title}: ${base === head ? `${base} tests on each side` : `${base} tests at the base, ${head} at the head`}.`,
    ];
  });
}

export function verdictWord({ verdict }: CompareResult): string {
  return verdict === 'noChange' ? WORDS.noChange : verdict;
}

export function heading({ project, base, head }: CompareResult): string {
  return `${project ?? 'project'}: ${named(base)} against ${named(head)}`;
}

export function named({ ref, commit, ...changes }: ComparedSide): string {
  const name =
    commit === null
      ? ref.slice(0, 40)
      : commit.startsWith(ref)
        ? commit.slice(0, Math.max(7, Math.min(ref.length, 12)))
        : `${ref} (${commit.slice(0, 7)})`;
  const changed = changesOf({ ref, ...changes });
  return changed === null ? name : `${name} with ${changed}`;
}

/** Why: "Service start-up: healthcheck of db: interval 1s → 6s (compose.yml:12) explains 5.1 s of 5.2 s". */
export function moved({ parts }: CompareResult): readonly ListItem[] {
  return parts.flatMap(({ title, moved = [], baseSeconds, headSeconds }) => {
    const words = attributionWords(moved, (headSeconds ?? 0) - (baseSeconds ?? 0));
    return words === null ? [] : [item(`${title}: ${words}.`)];
  });
}

/** What each side changes on top of its commit. The patch itself is in comparison.json. */
function changes({ base, head }: CompareResult): readonly string[] {
  const sides = [
    ['Base', base],
    ['Head', head],
  ] as const;
  return sides.flatMap(([side, { patch, set = {} }]) => [
    ...(patch === undefined ? [] : [`${side}: a patch changes ${filesOf(patch)}.`]),
    ...Object.entries(set).map(([path, value]) => `${side}: ${path} is ${JSON.stringify(value)}.`),
  ]);
}

function filesOf(patch: string): string {
  const { files } = readPatch(patch);
  const more = files.length - MOST_FILES;
  return `${files.slice(0, MOST_FILES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function cells(part: ComparedPart): readonly Cell[] {
  const { title, comparison, baseSeconds, headSeconds } = part;
  const judged: readonly Cell[] =
    comparison.kind === 'refused'
      ? [null, null, String(part.pairs.length), null]
      : [
          percent(comparison.ratio),
          `${percent(comparison.interval.low)} to ${percent(comparison.interval.high)}`,
          String(comparison.n),
          comparison.minimumDetectableEffect === null ? null : formatRatio(comparison.minimumDetectableEffect),
        ];
  const figures = [baseSeconds, headSeconds].map((value) => quantityOrNull(value, 'second'));
  return [title, ...figures, ...judged, WORDS[verdictOf(part)]];
}

function refusals({ parts }: CompareResult): readonly string[] {
  return parts.flatMap(({ title, comparison }) =>
    comparison.kind === 'refused' ? [`${title}: ${comparison.reason}`] : [],
  );
}

/** A refusal names them itself. */
function otherTests({ parts }: CompareResult): readonly string[] {
  return parts.flatMap(({ title, comparison, tests }) =>
    comparison.kind === 'judged' && tests !== undefined ? [`${title}: ${testsSentence(tests)}`] : [],
  );
}
