/** The steps of an image's build, named so that the same step of another build has the same name. */
import type { BuildProfile } from '../../../model/profile/build-profile.ts';

export interface Step {
  /** As BuildKit writes it. */
  readonly written: string;
  /** Without its number: with one more step before it, it is still the same step. */
  readonly name: string;
  /** Names the stage; empty where the Dockerfile has one, or for BuildKit's own steps. */
  readonly stage: string;
  /** In capitals: RUN, COPY, FROM …; null for BuildKit's own steps. */
  readonly keyword: string | null;
  readonly cached: boolean;
  readonly seconds: number;
  /** Only these move the wall time of the build. */
  readonly critical: boolean;
}

/**
 * Those of the Dockerfile in the order of BuildKit, then BuildKit's own, as far as they are among those that took longest. Older
 * profiles have only the latter list, in which no step is cached.
 */
export function stepsOf({ allSteps = [], steps }: BuildProfile): Step[] {
  const known = new Set(allSteps.map(({ name }) => name));
  return [
    ...allSteps.map(({ name, cached, seconds, onCriticalPath }) => stepOf(name, cached, seconds ?? 0, onCriticalPath)),
    ...steps
      .filter(({ name }) => !known.has(name))
      .map(({ name, seconds, onCriticalPath }) => stepOf(name, false, seconds, onCriticalPath)),
  ];
}

const NUMBERED = /^\[(?:([^\]]*?) )?(\d+)\/(\d+)\] (\S+) ?([\s\S]*)$/;

function stepOf(written: string, cached: boolean, seconds: number, critical: boolean): Step {
  const [, stage = '', , , keyword, rest = ''] = NUMBERED.exec(written) ?? [];
  const own = { written, cached, seconds, critical: critical && !cached };
  if (keyword === undefined) return { ...own, name: internalName(written), stage: '', keyword: null };
  // Another base image in the same place is a change of that step, not a new one.
  const text = keyword === 'FROM' ? 'FROM' : `${keyword} ${rest}`;
  return { ...own, name: `${stage === '' ? '' : `[${stage}] `}${text}`, stage, keyword: keyword.toUpperCase() };
}

export const EXPORT = 'export of the image';
export const CONTEXT = 'build context';
export const METADATA = 'look-up of the base image';

function internalName(written: string): string {
  if (written.startsWith('exporting')) return EXPORT;
  if (/^\[internal\] (?:load build context|load \.dockerignore|settings)/.test(written)) return CONTEXT;
  if (written.startsWith('[internal] load metadata for')) return METADATA;
  return written;
}

export interface StepPair {
  readonly base: Step | null;
  readonly head: Step | null;
}

/**
 * By name, then those that are left by their order among the steps of their stage and keyword, if their texts are much alike: an
 * edited instruction is one step that changed, not one that went and one that came.
 */
export function pairSteps(base: readonly Step[], head: readonly Step[]): StepPair[] {
  const left = [...base];
  const take = (isIt: (step: Step) => boolean): Step | null => {
    const index = left.findIndex(isIt);
    return index < 0 ? null : left.splice(index, 1)[0]!;
  };
  const named = head.map((step) => ({ head: step, base: take(({ name }) => name === step.name) }));
  const pairs = named.map(({ head: step, base: same }) => ({
    head: step,
    base:
      same ??
      take(({ keyword, stage, name }) => {
        return keyword === step.keyword && keyword !== null && stage === step.stage && alike(name, step.name);
      }),
  }));
  return [...pairs, ...left.map((step) => ({ base: step, head: null }))];
}

/** Half of the longer one is the same at the beginning or the end. */
function alike(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return start + end >= Math.max(a.length, b.length) / 2;
}
