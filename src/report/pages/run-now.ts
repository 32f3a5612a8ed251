/** The page of a run without a result: how it stands, its steps, what its containers use, and what its tests print. */
import type { Step } from '../../model/progress.ts';
import {
  code,
  figures,
  type Inline,
  item,
  joined,
  type KeyFigure,
  keyFigure,
  limitOrNull,
  type Link,
  link,
  list,
  paragraph,
  quantity,
  quantityOrNull,
  seconds,
  type Section,
  strong,
  table,
} from '../blocks.ts';
import type { ClosedHow, RunNow, Standing, TrialOutput, TrialUsage } from '../live/run-now.ts';
import { stepMark } from '../live/step-row.ts';
import { busiestFirst } from '../live/usage.ts';
import type { Page } from '../page.ts';
import type { Headline } from '../sections/headline.ts';

/** Of a run with many trials only those around the running ones are of interest now. */
const BEFORE = 12;
const AFTER = 4;

export function runNowPage(now: RunNow, trail: readonly Link[] = []): Page {
  const head = headlineOf(now);
  return {
    title: `${now.project ?? now.workflowId}: ${head.verdict}`,
    trail,
    headline: head,
    about: aboutWords(now),
    lead: [...stepsSection(now), ...usageSection(now.usage), ...now.outputs.map(outputSection)],
    sections: notesSection(now),
  };
}

function headlineOf(now: RunNow): Headline {
  const { project, workflowId, commit, branch, standing } = now;
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}${branch === null ? '' : ` (${branch})`}`;
  const subject = `${project ?? workflowId}${at}`;
  switch (standing.kind) {
    case 'running':
      return { mark: 'none', verdict: 'running', subject, summary: runningWords(now) };
    case 'waitsForWorker':
      return { mark: 'warning', verdict: 'waiting', subject, summary: waitingWords(now) };
    case 'serverSilent':
      return { mark: 'warning', verdict: 'unknown', subject, summary: silentWords(now) };
    case 'closed':
      return { mark: 'bad', verdict: 'no result', subject, summary: CLOSED[standing.how] };
  }
}

/** "Trial 3 of 12: Full Test Suite (3)." */
function runningWords({ steps }: RunNow): string {
  const running = steps.filter(({ state }) => state === 'running');
  if (running.length === 0) return steps.length === 0 ? 'The run begins.' : 'The next step begins.';
  const names = running.map(({ title }) => title).join(', ');
  const trials = steps.filter(isTrial);
  const begun = trials.filter(({ state }) => state !== 'pending').length;
  if (!running.some(isTrial)) return `${names}.`;
  return `${running.length === 1 ? 'Trial' : `${running.length} trials at a time, up to trial`} ${begun} of ${trials.length}: ${names}.`;
}

function waitingWords(now: RunNow): string {
  const words = 'No worker answers. The run waits for one and then continues where it stopped.';
  const next = 'Start `paceline up` or `paceline worker` on its host.';
  return [words, next, ...knownWords(now)].join(' ');
}

function silentWords(now: RunNow): string {
  const words = 'The Temporal server does not answer, so the state of the run is not known.';
  return [words, ...knownWords(now)].join(' ');
}

function knownWords({ steps, stepsAreOld }: RunNow): readonly string[] {
  return steps.length > 0 && stepsAreOld ? ['The steps below are what was known last.'] : [];
}

const LOOK = 'Its history in the Temporal UI says more.';
const CLOSED: Readonly<Record<ClosedHow, string>> = {
  completed: `The workflow has ended, and its result is not in the store. ${LOOK}`,
  failed: `The workflow failed before it had a result. ${LOOK}`,
  cancelled: 'The run was cancelled before anything was measured.',
  terminated: 'The workflow was terminated, so there is no result.',
  timedOut: `The workflow took longer than it may, so there is no result. ${LOOK}`,
  unknown: 'The Temporal server no longer knows the run, and the store has no result of it.',
};

function aboutWords({ startedAt, workflowId, runId, uiUrl }: RunNow): Inline {
  const started = startedAt === null ? '' : `Started ${startedAt.slice(0, 19).replace('T', ' ')} UTC; `;
  const workflow: Inline = uiUrl === null ? ['workflow ', code(workflowId)] : link(`workflow ${workflowId}`, uiUrl);
  return [started, workflow, ', run ', code(runId), '.'];
}

function stepsSection({ steps, standing, seenAtMs }: RunNow): readonly Section[] {
  if (steps.length === 0) return [];
  const { shown, before, after } = around(steps);
  const more = [...counted(before, 'before these'), ...counted(after, 'more to come')];
  const rows = shown.map((step) => stepRow(step, standing, seenAtMs));
  return [
    {
      id: 'steps',
      title: 'Steps',
      summary: [...figures('Step', rows), ...(more.length === 0 ? [] : [paragraph([joined(more), '.'])])],
      details: [],
    },
  ];
}

function stepRow(step: Step, standing: Standing, nowMs: number): KeyFigure {
  const target = limitOrNull(step.targetSeconds, 'second');
  if (step.state === 'pending') return keyFigure(step.title, { target, note: step.note ?? '' });
  if (step.state === 'done') {
    const value = quantityOrNull(step.seconds, 'second');
    return keyFigure(step.title, { mark: stepMark(step), value, target, note: step.note ?? '' });
  }
  const isWorked = standing.kind === 'running';
  // The workflow's clock and this one may differ, so never below 0.
  const age = step.startedAtMs === null ? null : Math.max(0, Math.floor((nowMs - step.startedAtMs) / 1000));
  return keyFigure(step.title, {
    value: isWorked && age !== null ? seconds(age) : null,
    target,
    note: isWorked ? strong('running') : standing.kind === 'closed' ? 'not finished' : 'was running',
  });
}

/** The steps around the running ones, if there are many. */
function around(steps: readonly Step[]) {
  const first = steps.findIndex(({ state }) => state === 'running');
  const last = steps.findLastIndex(({ state }) => state !== 'pending');
  const start = Math.max(0, (first === -1 ? last : first) - BEFORE);
  const end = Math.min(steps.length, last + 1 + AFTER);
  return { shown: steps.slice(start, end), before: start, after: steps.length - end };
}

function counted(count: number, words: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}

function isTrial({ id }: Step): boolean {
  return id.startsWith('trial:');
}

function usageSection(usage: readonly TrialUsage[]): readonly Section[] {
  const rows = usage.flatMap(({ trial, containers }) =>
    busiestFirst(containers).map(({ name, latest, cpus }) => [
      ...(usage.length > 1 ? [code(trial)] : []),
      code(name),
      quantityOrNull(cpus, 'ratio'),
      quantity(latest.workingSetBytes, 'byte'),
      quantity(latest.networkReceivedBytes, 'byte'),
      quantity(latest.networkSentBytes, 'byte'),
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [...(usage.length > 1 ? ['Trial'] : []), 'Container', '>CPU', '>Memory', '>Received', '>Sent'];
  const caption = '100 % is one CPU, over the last second.';
  return [{ id: 'usage', title: 'In use now', summary: table(columns, rows, caption), details: [] }];
}

function outputSection({ trial, lines, isCut }: TrialOutput): Section {
  const text = lines.join('\n');
  return {
    id: `output-${trial}`,
    title: `Output of ${trial}`,
    summary: [
      ...(isCut ? [paragraph(`The last ${lines.length} lines.`)] : []),
      ...(text === '' ? [paragraph('The tests have printed nothing yet.')] : [{ kind: 'code' as const, text }]),
    ],
    details: [],
  };
}

function notesSection({ notes, troubles }: RunNow): readonly Section[] {
  const items = [...troubles.map((trouble) => item(trouble, { sign: 'warning' })), ...notes.map((note) => item(note))];
  return items.length === 0 ? [] : [{ id: 'notes', title: 'Notes', summary: list(items), details: [] }];
}
