/** Whether a difference that no changed input explains may be other work on the machine: then nothing is blamed for it. */
import type { Cause } from '../../model/cause.ts';
import type { Disturbance, RunFacts } from '../../model/run.ts';
import { typicalTrial } from '../trials/typical-trial.ts';
import type { Figure } from './causes.ts';
import { changedFilesOfRuns } from './inputs.ts';
import type { Sides } from './part.ts';

/** Why a difference says nothing of the project. */
export type Undecided =
  /** Other work ran on the slower side, and may slow it down by this factor. */
  | { readonly kind: 'otherWork'; readonly reason: string; readonly mostRatio: number }
  /** Start-ups of the slower side were as fast as start-ups of the faster one. */
  | { readonly kind: 'withinSpread'; readonly base: Range; readonly head: Range };

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
  const slower = seconds.head > seconds.base ? runs.head : runs.base;
  const mostRatio = mostRatioOf(slower, figure);
  const isOfChange = (cause: Cause) =>
    isOfChangedFiles(cause, LEAST_OF_FILES[figure.phase] ?? { share: 0.6, ratio: mostRatio });
  if (!areInputsKnown(runs, figure) || causes.some(isOfChange)) return null;
  if (figure.phase === 'startup') {
    const spread = withinSpread(runs);
    if (spread !== null) return spread;
  }
  const disturbed = disturbanceOf(slower, figure);
  if (disturbed === null) return null;
  const [least, most] = [Math.min(seconds.base, seconds.head), Math.max(seconds.base, seconds.head)];
  return most > mostRatio * least ? null : { kind: 'otherWork', reason: disturbed.reason, mostRatio };
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

function isOfChangedFiles({ share, baseSeconds, headSeconds, evidence }: Cause, least: LeastOfFiles): boolean {
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
  const stage =
    figure.phase === 'build'
      ? facts.builds.find(({ mode }) => mode === figure.mode)?.disturbed
      : facts.startup?.disturbed;
  return stage ?? facts.trials.find(({ disturbed }) => disturbed !== null)?.disturbed ?? null;
}

function isTimed({ seconds }: RunFacts['trials'][number]): boolean {
  return seconds !== null;
}

/** Where the load is not known. */
const USUAL_RATIO = 2;

/**
 * A scheduler that is fair gives a process among `load` others on `cores` CPUs this part of the time that it would have alone.
 */
function mostRatioOf(facts: RunFacts, figure: Figure): number {
  const trials =
    figure.phase === 'test' ? facts.trials.filter(({ scenarioId }) => scenarioId === figure.scenario) : facts.trials;
  const loads = trials.flatMap(({ profile }) => profile?.host?.loadAverageMax ?? []);
  const cores = facts.hosts[0]?.fingerprint.key.cores;
  return loads.length === 0 || cores === undefined ? USUAL_RATIO : 1 + Math.max(...loads) / cores;
}
