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

export interface MissedStep {
  /** As the Dockerfile writes it: `COPY . .`. */
  readonly step: string;
  /** Its line; null if it is not known. */
  readonly line: number | null;
  /** The file that was changed for this build; null if none was. */
  readonly change: string | null;
}

/** What made the first step miss: what was changed for this build, else what differs between the inputs of the two builds. */
export function missInputOf({ base, head }: Sides<BuildProfile>, { step, line, change }: MissedStep): MissInput {
  const written = new Set([...(change === null ? [] : [change]), ...(head.context?.changed ?? [])]);
  const copied = [...written].filter((file) => copies(step, file));
  if (copied.length > 0) return filesInput(copied);
  const [before, now] = [base.inputs, head.inputs];
  if (before === undefined || now === undefined) return { kind: 'unknown' };
  const image = now.images.find(([name, digest]) =>
    before.images.some((each) => each[0] === name && each[1] !== digest),
  );
  if (image !== undefined) {
    const was = before.images.find(([name]) => name === image[0])?.[1] ?? null;
    return { kind: 'baseImage', image: image[0], base: was, head: image[1] };
  }
  const known = new Set(before.instructions.map(([, , digest]) => digest));
  const own = now.instructions.find(([at]) => at === line);
  if (own !== undefined && !known.has(own[2])) return { kind: 'instruction', line: own[0], keyword: own[1] };
  const files = (changedInputFiles({ base: before, head: now }) ?? []).filter((file) => copies(step, file));
  if (files.length > 0) return filesInput(files);
  const args = now.args.filter(([name, digest]) => new Map(before.args).get(name) !== digest).map(([name]) => name);
  return args.length > 0 ? { kind: 'argument', names: args } : { kind: 'unknown' };
}

/** Whether the instruction copies the file of the context: by its path, by a folder above it, or by a pattern. */
function copies(step: string, file: string): boolean {
  const [keyword, ...words] = step.split(/\s+/);
  if (keyword !== 'COPY' && keyword !== 'ADD') return false;
  if (words.some((word) => word.startsWith('--from='))) return false;
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  return sources
    .map((source) => source.replace(/^\.?\//, '').replace(/\/$/, ''))
    .some((source) => {
      if (source === '' || source === '.') return true;
      if (!/[*?]/.test(source)) return file === source || file.startsWith(`${source}/`);
      const pattern = source
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]');
      return new RegExp(`^${pattern}(?:/|$)`).test(file);
    });
}

function filesInput(files: readonly string[]): MissInput {
  return { kind: 'files', files: files.slice(0, MOST_FILES), more: Math.max(0, files.length - MOST_FILES) };
}

function firstInputs({ builds }: RunFacts): BuildInputs | undefined {
  return builds.flatMap(({ images }) => images).find(({ profile }) => profile?.inputs !== undefined)?.profile?.inputs;
}
