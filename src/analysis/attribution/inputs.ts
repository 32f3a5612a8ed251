/** Which inputs of an image's build differ between two runs. A small join of what the builds recorded. */
import type { CauseEvidence } from '../../model/cause.ts';
import type { BuildInputs } from '../../model/profile/build-profile.ts';
import type { RunFacts } from '../../model/run.ts';
import { changedFiles } from '../ledger/changed-input.ts';
import type { Sides } from './part.ts';

/** Of a longer list that many are named. */
export const MOST_FILES = 5;

/** Files of the build context that differ, by path; null where a side did not record them. git's own differ with every commit. */
export function changedInputFiles({ base, head }: Sides<BuildInputs | undefined>): string[] | null {
  if (base === undefined || head === undefined) return null;
  return changedFiles(head, base)
    .filter((path) => !/(?:^|\/)\.git\//.test(path))
    .sort();
}

/** Files that differ between two runs in any of their images; null where it is not known. */
export function changedFilesOfRuns({ base, head }: Sides<RunFacts>): string[] | null {
  const [before, now] = [firstInputs(base), firstInputs(head)];
  return changedInputFiles({ base: before, head: now });
}

export function filesEvidence(files: readonly string[] | null): CauseEvidence[] {
  if (files === null || files.length === 0) return [];
  return [{ kind: 'changedFiles', files: files.slice(0, MOST_FILES), more: Math.max(0, files.length - MOST_FILES) }];
}

function firstInputs({ builds }: RunFacts): BuildInputs | undefined {
  return builds.flatMap(({ images }) => images).find(({ profile }) => profile?.inputs !== undefined)?.profile?.inputs;
}
