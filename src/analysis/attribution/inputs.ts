/** Which inputs of an image's build differ between two runs. A small join of what the builds recorded. */
import type { CauseEvidence, MissInput } from '../../model/cause.ts';
import type { BuildInputs, BuildProfile } from '../../model/profile/build-profile.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Sides } from './part.ts';

/** Of a longer list that many are named. */
const MOST_FILES = 5;

/** Files of the build context that differ, by path; null where a side did not record them. */
export function changedInputFiles({ base, head }: Sides<BuildInputs | undefined>): string[] | null {
  if (base === undefined || head === undefined) return null;
  const [before, now] = [new Map(base.files), new Map(head.files)];
  const names = new Set([...now.keys(), ...before.keys()]);
  return [...names].filter((name) => before.get(name) !== now.get(name)).sort();
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

/** What made the first step miss: what was changed for this build, else what differs between the inputs of the two builds. */
export function missInputOf(
  { base, head }: Sides<BuildProfile>,
  { change, line, keyword }: { readonly change: string | null; readonly line: number | null; readonly keyword: string },
): MissInput {
  if (change !== null) return { kind: 'files', files: [change], more: 0 };
  const written = head.context?.changed ?? [];
  if (written.length > 0) return filesInput(written);
  const [before, now] = [base.inputs, head.inputs];
  if (before === undefined || now === undefined) return { kind: 'unknown' };
  const images = now.images.find(([name, digest]) =>
    before.images.some((each) => each[0] === name && each[1] !== digest),
  );
  if (images !== undefined) {
    const was = before.images.find(([name]) => name === images[0])?.[1] ?? null;
    return { kind: 'baseImage', image: images[0], base: was, head: images[1] };
  }
  const known = new Set(before.instructions.map(([, , digest]) => digest));
  const own = now.instructions.find(([at]) => at === line);
  if (own !== undefined && !known.has(own[2])) return { kind: 'instruction', line: own[0], keyword: own[1] };
  const files = changedInputFiles({ base: before, head: now }) ?? [];
  if (files.length > 0 && keyword !== 'RUN') return filesInput(files);
  const args = now.args.filter(([name, digest]) => new Map(before.args).get(name) !== digest).map(([name]) => name);
  if (args.length > 0) return { kind: 'argument', names: args };
  return { kind: 'unknown' };
}

function filesInput(files: readonly string[]): MissInput {
  return { kind: 'files', files: files.slice(0, MOST_FILES), more: Math.max(0, files.length - MOST_FILES) };
}

function firstInputs({ builds }: RunFacts): BuildInputs | undefined {
  return builds.flatMap(({ images }) => images).find(({ profile }) => profile?.inputs !== undefined)?.profile?.inputs;
}
