/** Live progress: a block of lines that a terminal redraws, or one plain line for each beginning and end. */
import { figure } from '../../format/figure.ts';
import type { Progress, Step } from '../../model/progress.ts';
import type { Mark } from '../blocks.ts';
import { stepMark, stepTarget, stepTime } from './step-row.ts';
import { layOut } from '../text/columns.ts';
import { oneLine } from '../text/foreign.ts';
import { MARKS } from '../text/marks.ts';
import { createStyle, type Style } from '../text/style.ts';
import { truncate } from '../text/width.ts';

export interface ProgressOptions {
  readonly color: boolean;
  /** No line is wider: a wrapped one could not be redrawn. */
  readonly width: number;
  /** No more lines than this; steps far from the running ones are then left out and counted. @default unlimited */
  readonly height?: number;
  /** Lines below a running step, by its id: what its containers use. @default none */
  readonly usage?: ReadonlyMap<string, readonly string[]>;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** The block at one moment. @param nowMs on the clock of `Step.startedAtMs`, ms since the epoch */
export function renderProgress(progress: Progress, nowMs: number, options: ProgressOptions): string[] {
  const style = createStyle(options.color);
  const height = options.height ?? Number.POSITIVE_INFINITY;
  const usage = shownUsage(progress, options.usage ?? new Map(), height);
  const used = [...usage.values()].reduce((lines, own) => lines + own.length, 0);
  const room = height - 1 - used;
  const { shown, before, after } = visibleSteps(progress.steps, room);
  const cells = shown.map((step) => cellsOf(step, nowMs));
  const rowsOf = ({ title, time, target, note }: Cells) => [title, time, target, note];
  const layout = layOut(cells.map(rowsOf), [{ most: Math.floor(options.width * 0.4) }, { align: 'right' }, {}, {}]);
  const rows = cells.flatMap((cell) => {
    const line = `  ${cell.sign} ${layout.row(rowsOf(cell))}`;
    const row = painted(cell, truncate(line, options.width - 1), style);
    const own = usage.get(cell.id) ?? [];
    return [row, ...own.map((each) => style.dim(truncate(`     ${each}`, options.width - 1)))];
  });
  const more = (count: number, words: string) => (count === 0 ? [] : [style.dim(`  … ${count} ${words}`)]);
  return [
    style.bold(truncate(heading(progress), options.width - 1)),
    ...more(before, 'finished'),
    ...rows,
    ...more(after, 'to come'),
  ];
}

/** The steps themselves come first: at most half of a low terminal is for containers, the busiest of each. */
function shownUsage(
  { steps }: Progress,
  usage: ReadonlyMap<string, readonly string[]>,
  height: number,
): ReadonlyMap<string, readonly string[]> {
  const running = steps.filter(({ id, state }) => state === 'running' && usage.has(id));
  const each = Math.floor(height / 2 / Math.max(1, running.length));
  return new Map(running.map(({ id }) => [id, (usage.get(id) ?? []).slice(0, each)]));
}

/** What happened between two answers of the progress query, a line each; `before` is null for the first. */
export function progressEvents(before: Progress | null, after: Progress): string[] {
  const known = new Map(before?.steps.map((step) => [step.id, step]));
  const steps = after.steps.flatMap((step) => {
    const old = known.get(step.id)?.state ?? 'pending';
    if (old === step.state || old === 'done') return [];
    if (step.state === 'running') return [startLine(step)];
    // A step may begin and end between two answers.
    return old === 'pending' ? [startLine(step), endLine(step)] : [endLine(step)];
  });
  const notes = after.notes.slice(before?.notes.length ?? 0).map((note) => `· ${oneLine(note)}`);
  return [...steps, ...notes];
}

function startLine(step: Step): string {
  const target = step.targetSeconds === null ? '' : ` (target: under ${figure(step.targetSeconds, 'second')})`;
  return `▶ ${oneLine(step.title)}${target}`;
}

function endLine(step: Step): string {
  const time = stepTime(step);
  const figures = [...(time === '' ? [] : [time]), ...(step.note === null ? [] : [oneLine(step.note)])].join('; ');
  return `${MARKS[stepMark(step)]} ${oneLine(step.title)}${figures === '' ? '' : `: ${figures}`}`;
}

function heading({ project, commit }: Progress): string {
  if (project === null) return 'Paceline';
  return oneLine(commit === null ? project : `${project} at ${commit.slice(0, 7)}`);
}

interface Cells {
  readonly id: string;
  readonly state: Step['state'];
  readonly mark: Mark;
  readonly sign: string;
  readonly title: string;
  readonly time: string;
  readonly target: string;
  readonly note: string;
}

function cellsOf(step: Step, nowMs: number): Cells {
  const { state } = step;
  const base = {
    id: step.id,
    state,
    mark: stepMark(step),
    title: oneLine(step.title),
    target: stepTarget(step),
    note: oneLine(step.note ?? ''),
  };
  if (state === 'pending') return { ...base, sign: '· ', time: '' };
  if (state === 'done') return { ...base, sign: MARKS[base.mark], time: stepTime(step) };
  const frame = FRAMES[Math.floor(nowMs / FRAME_MS) % FRAMES.length];
  return { ...base, sign: `${frame} `, time: age(step, nowMs) };
}

/** How long it has been going on, in whole seconds: the two clocks may differ, so never below 0. */
function age({ startedAtMs }: Step, nowMs: number): string {
  return startedAtMs === null ? '' : figure(Math.max(0, Math.floor((nowMs - startedAtMs) / 1000)), 'second');
}

function painted({ state, mark }: Cells, line: string, style: Style): string {
  if (state === 'pending') return style.dim(line);
  return mark === 'bad' ? style.red(line) : line;
}

/** The running steps and those around them, if not all fit. */
function visibleSteps(steps: readonly Step[], height: number) {
  if (steps.length <= height) return { shown: steps, before: 0, after: 0 };
  const room = Math.max(1, height - 2);
  const running = steps.findIndex(({ state }) => state === 'running');
  const current = running === -1 ? steps.findLastIndex(({ state }) => state === 'done') : running;
  const start = Math.min(Math.max(0, current - Math.floor(room / 3)), steps.length - room);
  return { shown: steps.slice(start, start + room), before: start, after: steps.length - start - room };
}
