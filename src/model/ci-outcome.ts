/**
 * What a CI job found, in short: ci.json in the job's report directory. The comment on a pull request, the outputs of the GitHub
 * Action and other tools are made from it. Plain JSON.
 */
import type { MetricName } from './measurement.ts';
import type { Direction, Suspect } from './regression.ts';
import type { ErrorResult, Verdict } from './result.ts';

/** Goes up when a key changes its meaning or goes away. */
export const CI_OUTCOME_VERSION = 1;

/** A file of the project, relative to the top of the repository. `line` is null where only the file is known. */
export interface RepositoryPlace {
  readonly file: string;
  readonly line: number | null;
}

/** A figure that is slower or faster than before, or looks so. */
export interface MovedFigure {
  readonly title: string;
  readonly metric: MetricName;
  /** By name; null for what belongs to the whole run. */
  readonly scenario: string | null;
  /** `confirmed`: in pairs on this runner. */
  readonly state: 'confirmed' | 'inconclusive';
  readonly direction: Direction;
  readonly baseSeconds: number | null;
  readonly headSeconds: number | null;
  /** Head over base: 1.25 is 25 % slower. */
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null;
  /** Number of pairs. */
  readonly pairs: number;
  /** What was compared with what, in full sentences. */
  readonly message: string;
  /** The largest share first. */
  readonly causes: readonly {
    /** In words, with its evidence. */
    readonly text: string;
    readonly kind: string;
    readonly name: string;
    /** Of the difference: 1 is all of it. */
    readonly share: number;
    readonly place: RepositoryPlace | null;
  }[];
}

export interface BestRemedy {
  readonly message: string;
  readonly savesSeconds: number;
  readonly state: 'predicted' | 'verified';
  readonly place: RepositoryPlace | null;
}

export interface CiAlert {
  readonly kind: string;
  readonly state: string;
  readonly metric: MetricName | null;
  readonly scenario: string | null;
  readonly message: string;
}

export interface CiOutcome {
  readonly ciVersion: typeof CI_OUTCOME_VERSION;
  readonly project: string;
  readonly verdict: Verdict;
  /** Whether the verdict fails the job, by `fail-on`. */
  readonly fails: boolean;
  /** One sentence. */
  readonly summary: string;
  /** What was done: a run that is recorded, a check against the history, pairs of base and head, or a run alone. */
  readonly task: 'record' | 'check' | 'compare' | 'measure';
  readonly hardware: string;
  readonly pullRequest: number | null;
  /** `owner/name`; null outside GitHub. */
  readonly repository: string | null;
  readonly headCommit: string | null;
  readonly baseCommit: string | null;
  /** Build, start-up and tests; null where they were not all measured. */
  readonly totalSeconds: number | null;
  readonly moved: readonly MovedFigure[];
  /** Parts that were compared and did not change, by title. */
  readonly unchanged: readonly string[];
  /** Parts that were compared, and whose pairs differ too much to decide, by title. */
  readonly undecided: readonly string[];
  readonly alerts: readonly CiAlert[];
  readonly bestRemedy: BestRemedy | null;
  readonly errors: readonly Pick<ErrorResult, 'what' | 'next'>[];
  readonly notes: readonly string[];
  /** Parts that no earlier run could be compared with, so pairs decided. */
  readonly comparedInPairs: readonly Suspect[];
  readonly links: {
    /** The page of this job's run; null outside GitHub. */
    readonly job: string | null;
  };
  /** Absolute paths on the runner; null where there is none. */
  readonly files: {
    readonly report: string;
    readonly markdown: string;
    readonly result: string | null;
    readonly comparison: string | null;
  };
}
