/** Two runs figure by figure: what moved, and why. */
import type { Cause } from '../../model/cause.ts';
import { METRICS } from '../../model/measurement.ts';
import { BUILD_MODES } from '../../model/plan.ts';
import type { RunFacts } from '../../model/run.ts';
import { buildSeconds } from '../judge/phases.ts';
import { BUILD_METRICS } from '../regression/series.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { cleanTrials } from '../trials/trials.ts';
import { causesOf, type Figure } from './causes.ts';
import { type Undecided, undecidedBy, type Unexplained, unexplainedOf } from './other-work.ts';
import { hasChangedInput, hasChangedSetting, showsChange } from './shows-change.ts';

export interface ExplainedFigure {
  readonly figure: Figure;
  readonly title: string;
  readonly baseSeconds: number;
  readonly headSeconds: number;
  /** Head − base. */
  readonly differenceSeconds: number;
  /** false: no more than two runs of the same code may differ. */
  readonly moved: boolean;
  /** Why a large difference is none of the project's: then nothing is blamed. null where it moved, or hardly differs. */
  readonly undecided: Undecided | null;
  /** What is known of a difference that moved and that nothing explains which changed. null where something does. */
  readonly unexplained: Unexplained | null;
  /**
   * None where it did not move, or where the profiles say nothing. Of what is undecided, those with an input that changed: other work
   * hides how much of it they are, not that they are there.
   */
  readonly causes: readonly Cause[];
}

/** Every figure that both runs have. */
export function explainRuns(base: RunFacts, head: RunFacts): ExplainedFigure[] {
  return figuresOf(head).flatMap(({ figure, title, seconds }) => {
    const before = secondsOf(base, figure);
    return before === null ? [] : [explained({ base, head }, { figure, title }, { before, now: seconds })];
  });
}

interface Known {
  readonly figure: Figure;
  readonly title: string;
  readonly seconds: number;
}

function figuresOf(facts: RunFacts): Known[] {
  const figures: Omit<Known, 'seconds'>[] = [
    ...BUILD_MODES.map((mode) => ({
      figure: { phase: 'build' as const, mode },
      title: METRICS[BUILD_METRICS[mode]].title,
    })),
    { figure: { phase: 'startup' }, title: METRICS['startup.duration'].title },
    { figure: { phase: 'teardown' }, title: METRICS['teardown.duration'].title },
    ...(facts.plan?.scenarios ?? []).map(({ id, name }) => ({
      figure: { phase: 'test' as const, scenario: id },
      title: name,
    })),
  ];
  return figures.flatMap((known) => {
    const seconds = secondsOf(facts, known.figure);
    return seconds === null ? [] : [{ ...known, seconds }];
  });
}

/** null if the run has no such figure. */
function secondsOf(facts: RunFacts, figure: Figure): number | null {
  switch (figure.phase) {
    case 'build': {
      const build = facts.builds.find(({ mode }) => mode === figure.mode);
      return build === undefined || build.images.length === 0 ? null : buildSeconds(build);
    }
    case 'startup':
      return facts.startup?.seconds ?? null;
    case 'teardown':
      return facts.startup?.tearDown?.seconds ?? null;
    case 'test': {
      const samples = samplesOf(cleanTrials(facts, figure.scenario).map(({ seconds }) => seconds));
      return samples === null ? null : median(samples);
    }
  }
}

/** Two runs of the same code differ by this much on a machine that is not quite quiet. */
const NOISE = { seconds: 0.5, ratio: 0.1 };
/** Differences above these are reported even if nothing of the project is known to have changed, unless other work explains them. */
const LARGE = { seconds: 2, ratio: 0.15 };

function explained(
  { base, head }: { readonly base: RunFacts; readonly head: RunFacts },
  { figure, title }: Pick<Known, 'figure' | 'title'>,
  { before, now }: { readonly before: number; readonly now: number },
): ExplainedFigure {
  const difference = now - before;
  const exceeds = ({ seconds, ratio }: typeof NOISE) =>
    Math.abs(difference) >= Math.max(seconds, ratio * Math.min(before, now));
  const causes = exceeds(NOISE) ? causesOf(base, head, figure, difference) : [];
  const changed = showsChange(causes);
  const seconds = { base: before, head: now };
  const compared = { figure, seconds, causes };
  // A smaller difference may hide what a changed setting does.
  const isAsked = !changed && (exceeds(LARGE) || causes.some(hasChangedSetting));
  const undecided = isAsked ? undecidedBy({ base, head }, compared) : null;
  const moved = changed || (exceeds(LARGE) && undecided === null);
  return {
    figure,
    title,
    baseSeconds: before,
    headSeconds: now,
    differenceSeconds: difference,
    moved,
    undecided,
    unexplained: moved ? unexplainedOf({ base, head }, compared) : null,
    causes: moved ? causes : undecided === null ? [] : causes.filter(hasChangedInput),
  };
}
