/** Why a figure of one run differs from that of another: typed evidence. report/ makes sentences of it. Plain JSON. */
import type { Place } from './project-files.ts';

export type CauseClass =
  | 'cacheMiss'
  | 'baseImage'
  | 'step'
  | 'newStep'
  | 'removedStep'
  | 'context'
  | 'export'
  | 'healthcheck'
  | 'dependencyEdge'
  | 'readiness'
  | 'newService'
  | 'removedService'
  | 'stopSignal'
  | 'test'
  | 'manyTests'
  | 'newTests'
  | 'removedTests'
  | 'fixture'
  | 'collection'
  | 'coverage'
  | 'imbalance'
  | 'workers'
  | 'limit'
  | 'service'
  | 'disturbance'
  | 'unknown';

/** One cause of a difference, and how much of it. */
export interface Cause {
  readonly class: CauseClass;
  /** What it is about: a step, a service, a test, a fixture, an option. */
  readonly name: string;
  /** Of the part on each side; null if the side does not have it. */
  readonly baseSeconds: number | null;
  readonly headSeconds: number | null;
  /** Of the difference of the figure: 1 is all of it. The shares of all causes of one figure sum to at most 1. */
  readonly share: number;
  readonly evidence: readonly CauseEvidence[];
}

export type CauseEvidence =
  /** A line of the project's files that differs: `null` if the side does not have it. */
  | {
      readonly kind: 'changedKey';
      readonly place: Place | null;
      /** `services.db.healthcheck.interval`, a pytest option, a build argument. */
      readonly key: string;
      readonly base: string | null;
      readonly head: string | null;
    }
  | {
      readonly kind: 'changedInstruction';
      readonly place: Place | null;
      readonly base: string | null;
      readonly head: string | null;
    }
  /** Where it is written, of what did not change itself. */
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'changedFiles'; readonly files: readonly string[]; readonly more: number }
  /** The first step that missed the cache, and the step that it stands for in the figure. */
  | { readonly kind: 'firstMiss'; readonly step: string; readonly input: MissInput; readonly place: Place | null }
  | { readonly kind: 'tests'; readonly ids: readonly string[]; readonly count: number; readonly secondsEach: number }
  /** The cause is one of these tests, and the facts do not say which. */
  | { readonly kind: 'oneOfTests'; readonly ids: readonly string[] }
  | { readonly kind: 'allUseFixture'; readonly fixture: string; readonly count: number }
  | {
      readonly kind: 'fixture';
      readonly name: string;
      readonly scope: string;
      readonly baseCount: number;
      readonly headCount: number;
    }
  | { readonly kind: 'option'; readonly name: string; readonly base: string | null; readonly head: string | null }
  | {
      readonly kind: 'readiness';
      readonly service: string;
      readonly baseReadySeconds: number | null;
      readonly headReadySeconds: number | null;
    }
  | { readonly kind: 'waitedFor'; readonly service: string; readonly base: string | null; readonly head: string | null }
  | { readonly kind: 'throttled'; readonly baseSeconds: number | null; readonly headSeconds: number | null }
  | {
      readonly kind: 'workers';
      readonly baseBusiest: number;
      readonly headBusiest: number;
      readonly baseMean: number;
      readonly headMean: number;
    }
  | { readonly kind: 'calls'; readonly what: string; readonly base: number; readonly head: number }
  | { readonly kind: 'imageBytes'; readonly base: number; readonly head: number }
  | { readonly kind: 'disturbed'; readonly reason: string };

/** The input of a build step that changed. */
export type MissInput =
  | { readonly kind: 'files'; readonly files: readonly string[]; readonly more: number }
  | { readonly kind: 'argument'; readonly names: readonly string[] }
  | { readonly kind: 'baseImage'; readonly image: string; readonly base: string | null; readonly head: string | null }
  | { readonly kind: 'instruction'; readonly line: number; readonly keyword: string }
  | { readonly kind: 'mount'; readonly mount: string }
  | { readonly kind: 'earlierStep'; readonly step: string }
  /** The build was asked not to use the cache. */
  | { readonly kind: 'noCache' }
  /** Nothing changed, so the cache no longer had it. */
  | { readonly kind: 'pruned' }
  | { readonly kind: 'unknown' };
