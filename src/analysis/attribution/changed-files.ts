/** What differs between the project files of two runs: keys of compose files, options of pytest, instructions of Dockerfiles. */
import type { CauseEvidence } from '../../model/cause.ts';
import type { ComposeKey, DockerfileInstruction, Place, ProjectFiles } from '../../model/project-files.ts';
import type { RunFacts } from '../../model/run.ts';
import { placeOf } from '../place-of.ts';
import type { Sides } from './part.ts';

export type ChangedKey = Extract<CauseEvidence, { kind: 'changedKey' }>;
type ChangedInstruction = Extract<CauseEvidence, { kind: 'changedInstruction' }>;
type Path = ComposeKey['path'];

interface Written {
  readonly value: string;
  readonly place: Place;
}

/** Keys below `path` whose values differ. Values that may be secrets are not known, so they never differ. */
export function changedKeys({ base, head }: Sides<RunFacts>, path: Path): ChangedKey[] {
  const [before, now] = [keysBelow(base.projectFiles, path), keysBelow(head.projectFiles, path)];
  if (before === null || now === null) return [];
  return [...new Set([...now.keys(), ...before.keys()])]
    .filter((key) => before.get(key)?.value !== now.get(key)?.value)
    .map((key) => ({
      kind: 'changedKey',
      place: (now.get(key) ?? before.get(key))?.place ?? null,
      key,
      base: before.get(key)?.value ?? null,
      head: now.get(key)?.value ?? null,
    }));
}

/** @returns null where the files were not read */
function keysBelow(files: ProjectFiles | null | undefined, path: Path): ReadonlyMap<string, Written> | null {
  if (files == null) return null;
  const found = new Map<string, Written>();
  for (const { file, keys } of files.composeFiles) {
    // A later file replaces what an earlier one says; a list is one value.
    const own = new Map<string, Written>();
    for (const each of keys) {
      if (each.value === null || !path.every((part, index) => each.path[index] === part)) continue;
      const name = each.path.filter((part) => typeof part === 'string').join('.');
      const before = own.get(name);
      const value = before === undefined ? String(each.value) : `${before.value} ${each.value}`;
      own.set(name, { value, place: before?.place ?? { file, line: each.line } });
    }
    for (const [name, written] of own) found.set(name, written);
  }
  return found;
}

/** Options of pytest's file whose values differ. */
export function changedOptions({ base, head }: Sides<RunFacts>): ChangedKey[] {
  const [before, now] = [base.projectFiles, head.projectFiles];
  if (before == null || now == null) return [];
  const of = ({ pytest }: ProjectFiles, name: string) => pytest?.options.find((option) => option.name === name) ?? null;
  const names = [...(now.pytest?.options ?? []), ...(before.pytest?.options ?? [])].map(({ name }) => name);
  return [...new Set(names)].flatMap((name) => {
    const [was, is] = [of(before, name), of(now, name)];
    if (was?.value === is?.value) return [];
    const file = is === null ? before.pytest?.file : now.pytest?.file;
    const line = (is ?? was)?.line;
    const place = file === undefined || line === undefined ? null : { file, line };
    return [{ kind: 'changedKey' as const, place, key: name, base: was?.value ?? null, head: is?.value ?? null }];
  });
}

/**
 * The instruction behind a build step on both sides; null where they are alike, or not known.
 * @param steps BuildKit's name of the step on each side; null if that side does not have it
 */
export function changedInstruction(
  { base, head }: Sides<RunFacts>,
  service: string,
  steps: Sides<string | null>,
): ChangedInstruction | null {
  const before = instructionAt(base.projectFiles, service, steps.base);
  const now = instructionAt(head.projectFiles, service, steps.head);
  if (before?.text === now?.text) return null;
  return {
    kind: 'changedInstruction',
    place: now?.place ?? before?.place ?? null,
    base: before?.text ?? null,
    head: now?.text ?? null,
  };
}

interface Found {
  readonly text: string;
  readonly place: Place;
}

function instructionAt(files: ProjectFiles | null | undefined, service: string, step: string | null): Found | null {
  const place = step === null ? null : placeOf(files, { kind: 'buildStep', service, step });
  if (files == null || place === null) return null;
  const dockerfile = files.dockerfiles.find(({ file, services }) => file === place.file && services.includes(service));
  const instruction = dockerfile?.instructions.find(({ line }) => line === place.line);
  return instruction === undefined ? null : { text: textOf(instruction), place };
}

function textOf({ keyword, flags, arguments: rest }: DockerfileInstruction): string {
  return [keyword, ...flags, rest].join(' ');
}
