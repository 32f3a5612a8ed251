/** The run's current details in Temporal's UI. Runs inside the workflow: it depends on the progress and nothing else. */
import type { Progress, Step } from '../../model/progress.ts';
import { MARKS } from '../text/marks.ts';
import { stepMark, stepTarget, stepTime } from './step-row.ts';
import { escapedForTemporal as escaped, table } from '../text/markdown-text.ts';

const NO_BREAK_SPACE = '\u00a0';
const HEADER = ['Step', 'Time', 'Target', ''];

export function renderCurrentDetails({ project, commit, steps, notes, result, page = null }: Progress): string {
  const title = [project, commit?.slice(0, 7)].filter((part) => part !== null && part !== undefined).join(' at ');
  const heading = result === null ? title : `${result.verdict}: ${title}`;
  const parts = [
    ...(heading === '' ? [] : [[`### ${escaped(heading)}`]]),
    ...(result === null ? [] : [[escaped(result.summary)]]),
    ...(steps.length === 0 ? [] : [table('lrrl', HEADER, steps.map(cells))]),
    ...(page === null ? [] : [[`[Page of this run](${page})`]]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escaped(note)}`)]),
  ];
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function cells(step: Step): string[] {
  const title = [sign(step), escaped(step.title)].filter((part) => part !== '').join(' ');
  return [title, time(step), escaped(stepTarget(step)), escaped(step.note ?? '')].map(spaced);
}

/** The UI's tables have no space between their columns, and Markdown would trim ordinary spaces. */
function spaced(cell: string): string {
  return cell === '' ? '' : `${NO_BREAK_SPACE}${cell}${NO_BREAK_SPACE}`;
}

function sign(step: Step): string {
  if (step.state === 'running') return '▶️';
  return step.state === 'pending' ? '' : MARKS[stepMark(step)].trim();
}

/** The details are only written when something changes, so a running step tells its beginning and not its age. */
function time(step: Step): string {
  if (step.state !== 'running' || step.startedAtMs === null) return stepTime(step);
  return `since ${new Date(step.startedAtMs).toISOString().slice(11, 19)} UTC`;
}
