/** The result of `tune` as blocks, rendered for the terminal and as Markdown. */
import { percent } from '../analysis/regression/words.ts';
import type { TuneResult, Tried } from '../model/tune.ts';
import { type Block, type Cell, item, list, paragraph, quantityOrNull, table } from './blocks.ts';
import { renderMarkdownBlocks } from './formats/markdown.ts';
import { renderBlocks, type TerminalOptions } from './formats/terminal.ts';

const COLUMNS = ['', '>Simulated', '>Measured', '>Change', '>n', 'State'];
const STATES = {
  open: 'measured to the end',
  slower: 'left out: slower',
  failed: 'failed',
  left: 'not measured',
} as const;

/** Lines of plain text, ending in a line break. */
export function renderTuning(result: TuneResult, options: TerminalOptions): string {
  return renderBlocks([paragraph(`${result.verdict}  ${heading(result)}`), ...tuningBlocks(result)], options);
}

export function renderTuningMarkdown(result: TuneResult): string {
  return renderMarkdownBlocks(`${result.verdict}: ${heading(result)}`, tuningBlocks(result));
}

export function heading({ project, scenario }: TuneResult): string {
  return `${project ?? 'project'}: ${scenario ?? 'workers and distribution'}`;
}

export function tuningBlocks(result: TuneResult): readonly Block[] {
  const { summary, now, tried, simulated, from, best, errors, notes } = result;
  return [
    paragraph(summary),
    ...table(COLUMNS, [
      [`as it is: ${wayText(now)}`, null, quantityOrNull(now.seconds, 'second'), null, null, null],
      ...tried.map(cells),
    ]),
    ...list([
      ...(best === null ? [] : [item('What to change:', { details: changeLines(best.remedy) })]),
      ...(simulated === 0
        ? []
        : [
            item(
              `${simulated} ways were simulated${from == null ? '' : ` from run ${from}`}; the ${tried.length} most promising were measured.`,
            ),
          ]),
      ...tried.flatMap(({ reason, ...way }) => (reason === null ? [] : [item(`${wayText(way)}: ${reason}`)])),
      ...errors.map(({ what, next }) => item(what, { sign: 'bad', details: [next] })),
      ...notes.map((note) => item(note)),
    ]),
  ];
}

function changeLines(remedy: NonNullable<TuneResult['best']>['remedy']): string[] {
  if (remedy.kind === 'planOverride')
    return Object.entries(remedy.set).map(([path, value]) => `paceline.yml: ${path} = ${value}`);
  return remedy.kind === 'patch' ? remedy.patch.split('\n').filter((line) => line !== '') : [...remedy.steps];
}

function cells({ predictedSeconds, seconds, comparison, samples, state, ...way }: Tried): readonly Cell[] {
  return [
    wayText(way),
    quantityOrNull(predictedSeconds, 'second'),
    quantityOrNull(seconds, 'second'),
    comparison?.kind === 'judged' ? percent(comparison.ratio) : null,
    String(samples),
    STATES[state],
  ];
}

function wayText({
  workers,
  distribution,
}: {
  readonly workers: number | null;
  readonly distribution: string | null;
}): string {
  if (workers === null) return 'not known';
  return workers === 0 ? 'a single process' : `-n ${workers}${distribution === null ? '' : ` --dist ${distribution}`}`;
}
