/** Whether a difference that no changed input explains may be other work on the machine: then nothing is blamed for it. */
import type { Cause } from '../../model/cause.ts';
import type { Disturbance, RunFacts } from '../../model/run.ts';
import { typicalTrial } from '../trials/typical-trial.ts';
import type { Figure } from './causes.ts';
import { changedKeys } from './changed-files.ts';
import { changedFilesOfRuns } from './inputs.ts';
import type { Sides } from './part.ts';
import { hasChangedInput } from './shows-change.ts';
import { mostSlowDown, type SlowDown } from './slow-down.ts';

/** Why a difference says nothing of the project. */
export type Undecided =
  /** Other work ran on the slower side, and may slow it down by this factor. */
  | { readonly kind: 'otherWork'; readonly reason: string; readonly mostRatio: number }
  /** Other work ran on the slower side, and no fact tells by how much it may slow it down. */
  | { readonly kind: 'cannotTell'; readonly reason: string }
  /** Start-ups of the slower side were as fast as start-ups of the faster one. */
  | { readonly kind: 'withinSpread'; readonly base: Range; readonly head: Range };

/** Of a difference that is reported, and that no cause with a changed input explains. */
export interface Unexplained {
  /** `others`: some changed, and none of these is behind it. */
  readonly inputs: 'none' | 'others' | 'unknown';
  /** Of the slower side. `unknown`: an older version stored nothing of it. */
  readonly otherWork:
    | { readonly kind: 'none' | 'unknown' }
    | { readonly kind: 'tooLittle'; readonly reason: string; readonly mostRatio: number };
}

export interface Range {
  readonly leastSeconds: number;
  readonly mostSeconds: number;
}

interface Compared {
  readonly figure: Figure;
  readonly seconds: Sides<number>;
  readonly causes: readonly Cause[];
}

/** @returns null where an input that changed explains the difference, and where other work cannot */
export function undecidedBy(runs: Sides<RunFacts>, { figure, seconds, causes }: Compared): Undecided | null {
  const slower = slowerOf(runs, seconds);
  const most = mostSlowDown(slower, figure);
  const isOfChange = (cause: Cause) =>
    isOfChangedFiles(cause, LEAST_OF_FILES[figure.phase] ?? { share: 0.6, ratio: most?.ratio ?? UNKNOWN_RATIO });
  if (!areInputsKnown(runs, figure) || causes.some(isOfChange)) return null;
  if (figure.phase === 'startup') {
    const spread = withinSpread(runs);
    if (spread !== null) return spread;
  }
  const disturbed = disturbanceOf(slower, figure);
  if (disturbed === null) return null;
  if (most === null) return { kind: 'cannotTell', reason: disturbed.reason };
  if (exceeds(seconds, most)) return null;
  // What the load allows is far more than what work among it does wait for.
  if (most.by === 'load') return { kind: 'cannotTell', reason: disturbed.reason };
  return { kind: 'otherWork', reason: disturbed.reason, mostRatio: most.ratio };
}

/** What is known of a reported difference, next to its causes. @returns null where a cause has an input that changed */
export function unexplainedOf(runs: Sides<RunFacts>, { figure, seconds, causes }: Compared): Unexplained | null {
  if (causes.some(hasChangedInput)) return null;
  const slower = slowerOf(runs, seconds);
  return { inputs: inputsOf(runs, figure), otherWork: otherWorkOf(slower, figure, seconds) };
}

function inputsOf(runs: Sides<RunFacts>, figure: Figure): Unexplained['inputs'] {
  if (!areInputsKnown(runs, figure)) return 'unknown';
  const files = changedFilesOfRuns(runs) ?? [];
  return files.length === 0 && changedKeys(runs, ['services']).length === 0 ? 'none' : 'others';
}

function otherWorkOf(slower: RunFacts, figure: Figure, seconds: Sides<number>): Unexplained['otherWork'] {
  const disturbed = disturbanceOf(slower, figure);
  if (disturbed === null) return { kind: isStageUnknown(slower, figure) ? 'unknown' : 'none' };
  const most = mostSlowDown(slower, figure);
  if (most === null || !exceeds(seconds, most)) return { kind: 'unknown' };
  return { kind: 'tooLittle', reason: disturbed.reason, mostRatio: most.ratio };
}

function slowerOf(runs: Sides<RunFacts>, seconds: Sides<number>): RunFacts {
  return seconds.head > seconds.base ? runs.head : runs.base;
}

function exceeds({ base, head }: Sides<number>, { ratio }: SlowDown): boolean {
  return Math.max(base, head) > ratio * Math.min(base, head);
}

/** Without them, a change may go unseen. */
function areInputsKnown({ base, head }: Sides<RunFacts>, { phase }: Figure): boolean {
  if (base.projectFiles == null || head.projectFiles == null) return false;
  return phase === 'startup' || phase === 'teardown' || changedFilesOfRuns({ base, head }) !== null;
}

/**
 * Files that differ are a change of what reads them, if that is a large part of the difference and grew by this factor. A step of a build
 * sees all that was copied before it, and rarely works on all of it: it has to grow more than other work can make it.
 */
const LEAST_OF_FILES: Partial<Record<Figure['phase'], LeastOfFiles>> = {
  test: { share: 0.3, ratio: null },
  startup: { share: 0.6, ratio: 2 },
};

interface LeastOfFiles {
  readonly share: number;
  /** null: of tests, some have no times before. */
  readonly ratio: number | null;
}

function isOfChangedFiles(cause: Cause, least: LeastOfFiles): boolean {
  const { class: cls, share, baseSeconds, headSeconds, evidence } = cause;
  if (cls === 'disturbance') return false;
  const [a, b] = [baseSeconds ?? 0, headSeconds ?? 0];
  const grew = least.ratio === null || Math.max(a, b) >= least.ratio * Math.min(a, b);
  return share >= least.share && grew && evidence.some(({ kind }) => kind === 'changedFiles');
}

/** Each trial starts the services once more: of one code, these differ by the machine alone. */
function withinSpread({ base, head }: Sides<RunFacts>): Undecided | null {
  const [before, now] = [rangeOfStarts(base), rangeOfStarts(head)];
  if (before === null || now === null) return null;
  const overlap = before.leastSeconds <= now.mostSeconds && now.leastSeconds <= before.mostSeconds;
  return overlap ? { kind: 'withinSpread', base: before, head: now } : null;
}

function rangeOfStarts({ startup, measurements }: RunFacts): Range | null {
  const ofTrials = measurements.flatMap(({ metric, value }) =>
    metric === 'startup.trial.duration' && value.kind === 'measured' ? [value.value] : [],
  );
  if (startup?.seconds == null || ofTrials.length === 0) return null;
  const all = [startup.seconds, ...ofTrials];
  return { leastSeconds: Math.min(...all), mostSeconds: Math.max(...all) };
}

/** Of the stage itself; where older versions stored none or it only started quietly, of the run's trials, which follow. */
function disturbanceOf(facts: RunFacts, figure: Figure): Disturbance | null {
  if (figure.phase === 'test') return typicalTrial(facts, figure.scenario, isTimed)?.disturbed ?? null;
  return stageDisturbance(facts, figure) ?? facts.trials.find(({ disturbed }) => disturbed !== null)?.disturbed ?? null;
}

function isStageUnknown(facts: RunFacts, figure: Figure): boolean {
  return figure.phase !== 'test' && stageDisturbance(facts, figure) === undefined;
}

/** undefined: not stored. */
function stageDisturbance(facts: RunFacts, figure: Figure): Disturbance | null | undefined {
  return figure.phase === 'build'
    ? facts.builds.find(({ mode }) => mode === figure.mode)?.disturbed
    : facts.startup?.disturbed;
}

function isTimed({ seconds }: RunFacts['trials'][number]): boolean {
  return seconds !== null;
}

/** Where nothing tells by how much other work slows a step down, one that grew by this much is not blamed on it. */
const UNKNOWN_RATIO = 2;
