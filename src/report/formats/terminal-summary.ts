/**
 * What a run ends with on the screen: at most fifteen lines, with the two that name the page and the way back to the run. Verdict,
 * the phases against their targets, what went wrong, and what to do first. `--verbose` shows the whole report instead.
 */
import { toDoFirst } from '../../analysis/advice/listing.ts';
import { figure } from '../../format/figure.ts';
import type { FailedTests, RunResult } from '../../model/result.ts';
import { bestSaving, signed } from '../advice-words.ts';
import type { Sign } from '../blocks.ts';
import { headline } from '../sections/headline.ts';
import { PART_MARKS } from '../sections/verdict-marks.ts';
import { layOut } from '../text/columns.ts';
import { lines, oneLine } from '../text/foreign.ts';
import { MARKS, NO_VALUE, SIGNS } from '../text/marks.ts';
import { createStyle, type Style } from '../text/style.ts';
import { testCounts } from '../text/test-counts.ts';
import { truncate, wrap } from '../text/width.ts';
import type { TerminalOptions } from './terminal.ts';

/** Without the two lines that come after it. */
export const SUMMARY_LINES = 13;
const BEST_REMEDIES = 3;
const OUTPUT_LINES = 2;

interface Point {
  /** null continues the point above. */
  readonly sign: Sign | null;
  readonly text: string;
}

/** Points of one kind, the most important first. */
interface Group {
  readonly points: readonly Point[];
  /** Stands for those that do not fit. */
  readonly rest: (leftOut: number) => Point;
}

/** Lines of plain text, ending in a line break. Without `color` it holds no escape code. */
export function renderSummary(result: RunResult, { color, width: columns }: TerminalOptions): string {
  const width = Math.min(100, Math.max(60, columns));
  const style = createStyle(color);
  const top = [...headlineLines(result, width, style), ...phaseLines(result, width, style)];
  const points = chosen(groupsOf(result), SUMMARY_LINES - top.length);
  return `${[...top, ...pointLines(points, SUMMARY_LINES - top.length, width, style)].join('\n')}\n`;
}

function headlineLines(result: RunResult, width: number, style: Style): string[] {
  const { mark, verdict, subject, summary } = headline(result);
  return [
    `${MARKS[mark]} ${style.bold(verdict)}  ${truncate(oneLine(subject), width - verdict.length - 5)}`,
    ...limited(oneLine(summary), width - 3, 2).map((line) => `   ${line}`),
  ];
}

const PHASES = { build: 'Build (cold)', startup: 'Start-up', test: 'Tests', total: 'Total' } as const;

function phaseLines({ phases, scenarios }: RunResult, width: number, style: Style): string[] {
  const primary = scenarios.find((scenario) => scenario.primary);
  const tests = primary?.trials.findLast(({ kind, tests: counts }) => kind === 'measured' && counts !== null)?.tests;
  const rows = (['build', 'startup', 'test', 'total'] as const).map((name) => {
    const { verdict, seconds, target, reason } = phases[name];
    const ofTests = [primary?.name ?? '', tests == null ? '' : testCounts(tests)].filter((text) => text !== '');
    const note = name === 'test' ? ofTests.join(': ') : verdict === 'pass' ? '' : (reason ?? '');
    return {
      mark: PART_MARKS[verdict],
      cells: [
        PHASES[name],
        seconds === null ? NO_VALUE : figure(seconds, 'second'),
        target === null ? '' : `< ${figure(target, 'second')}`,
        oneLine(note),
      ],
    };
  });
  const layout = layOut(
    rows.map(({ cells }) => cells),
    [{}, { align: 'right' }, {}, {}],
    { width: width - 5 },
  );
  return rows.map(
    ({ mark, cells }) => `  ${MARKS[mark]} ${layout.row(cells, (cell, i) => (i > 1 ? style.dim(cell) : cell))}`,
  );
}

/** In the order of what a reader needs first. */
function groupsOf(result: RunResult): readonly Group[] {
  return [errors(result), failedTests(result), failedScenarios(result), alerts(result), remedies(result)].filter(
    ({ points }) => points.length > 0,
  );
}

function errors({ errors: all, summary }: RunResult): Group {
  const points = all.flatMap(({ what, next, detail }): Point[] => [
    ...(summary.includes(what) ? [] : [{ sign: 'bad', text: what } as const]),
    ...lines(detail ?? '')
      .filter((line) => line.trim() !== '')
      .slice(-OUTPUT_LINES)
      .map((line) => ({ sign: null, text: line.trim() })),
    { sign: 'action', text: next },
  ]);
  return { points, rest: (leftOut) => ({ sign: null, text: `${leftOut} more lines of errors are in the report` }) };
}

/** Names and the first line of each error; the last line says where the rest is. */
function failedTests({ failedTests: failed = [], runId }: RunResult): Group {
  const points = failed.flatMap(({ tests, scenario }) =>
    tests.map(({ id, message }): Point => {
      const of = failed.length > 1 ? ` (${scenario})` : '';
      return { sign: 'bad', text: `${id}${of}${message === null ? '' : `: ${message}`}` };
    }),
  );
  const unnamed = failed.reduce((sum, { total, tests }: FailedTests) => sum + total - tests.length, 0);
  const output = `paceline logs ${runId.slice(0, 8)} shows the output`;
  const rest = (leftOut: number): Point => ({
    sign: 'action',
    text: leftOut + unnamed > 0 ? `${leftOut + unnamed} more failed; ${output}` : output,
  });
  return { points: points.length === 0 ? [] : [...points, rest(0)], rest: (leftOut) => rest(leftOut - 1) };
}

/** Those that no failed test tells of. */
function failedScenarios({ scenarios, failedTests: failed = [], summary }: RunResult): Group {
  const points = scenarios.flatMap(({ name, verdict, reason }): Point[] =>
    verdict !== 'failed' ||
    reason === null ||
    summary.includes(reason) ||
    failed.some(({ scenario }) => scenario === name)
      ? []
      : [{ sign: 'bad', text: `${name}: ${reason}` }],
  );
  return { points, rest: (leftOut) => ({ sign: 'bad', text: `${leftOut} more scenarios failed` }) };
}

function alerts({ alerts: all, summary }: RunResult): Group {
  const news = all.filter(({ kind, message }) => kind !== 'failure' && !summary.includes(message));
  const points = [...news.filter(({ gate }) => gate), ...news.filter(({ gate }) => !gate)].map(
    ({ message, gate, state }): Point => ({
      sign: gate ? 'bad' : 'warning',
      text: state === 'raised' ? message : `${message} (${state})`,
    }),
  );
  return { points, rest: (leftOut) => ({ sign: 'warning', text: `${leftOut} more alerts are in the report` }) };
}

/** What they save comes first: it is what people choose by. */
function remedies({ advice }: RunResult): Group {
  const best = toDoFirst(advice).slice(0, BEST_REMEDIES);
  const points = best.map(({ saves, where, message }): Point => {
    const saving = bestSaving(saves);
    const saved = saving === null || saves === null ? '' : `saves ${signed(saving.value, saves.unit)}: `;
    const place = where === null ? '' : `${where.file}:${where.line} `;
    return { sign: 'action', text: `${saved}${place}${message.replaceAll('`', '')}` };
  });
  return { points, rest: (leftOut) => ({ sign: 'action', text: `${leftOut} more remedies are in the report` }) };
}

/** Each group gets a line first; what is left goes to the groups in their order. */
function chosen(groups: readonly Group[], room: number): readonly Point[] {
  const counts = groups.map((_, i) => (i < room ? 1 : 0));
  let left = room - counts.filter((count) => count > 0).length;
  groups.forEach(({ points }, i) => {
    const more = counts[i] === 0 ? 0 : Math.min(left, points.length - 1);
    counts[i]! += more;
    left -= more;
  });
  return groups.flatMap(({ points, rest }, i) => {
    const count = counts[i]!;
    if (count >= points.length || count === 0) return points.slice(0, count);
    // A single line is better spent on the first of them than on how many there are.
    return count === 1 ? points.slice(0, 1) : [...points.slice(0, count - 1), rest(points.length - count + 1)];
  });
}

/** As many lines for each point as there is room for, at most three. */
function pointLines(points: readonly Point[], room: number, width: number, style: Style): string[] {
  const laidOut = (most: number) => points.map(({ text }) => limited(oneLine(text), width - 5, most));
  const all = [3, 2, 1].map(laidOut);
  const fitting = all.find((each) => each.flat().length <= room) ?? all[2]!;
  return points.flatMap(({ sign }, i) =>
    fitting[i]!.map((line, j) => {
      const shown = `  ${sign === null || j > 0 ? '  ' : SIGNS[sign]} ${line}`;
      return sign === null ? style.dim(shown) : shown;
    }),
  );
}

/** What does not fit into these lines ends in "…". */
function limited(text: string, width: number, most: number): string[] {
  const wrapped = wrap(text, width);
  if (wrapped.length <= most) return wrapped;
  const last = wrapped.slice(most - 1).join(' ');
  return [...wrapped.slice(0, most - 1), truncate(last, width)];
}
