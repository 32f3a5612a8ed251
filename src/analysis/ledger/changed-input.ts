/** Which input of a step changed between two builds, of all that the step is made from. Pure. */
import type { MissInput } from '../../model/cause.ts';
import { sourcesOf, takes } from '../../model/copy-sources.ts';
import type { BuildInputs, StepState } from '../../model/profile/build-profile.ts';
import type { DockerfileFacts } from '../../model/project-files.ts';
import { baseName, stageNamed } from '../project-files/stages.ts';
import { COUNTED, instructionOfStep } from '../project-files/steps.ts';
import { chainOf, type Instruction } from './instructions.ts';

/** Names in one cause. */
const MOST_NAMES = 10;

/** A build with its Dockerfile, where both are known. */
export interface ReadBuild {
  readonly inputs: BuildInputs;
  readonly dockerfile: DockerfileFacts;
  readonly instructions: readonly Instruction[];
  readonly steps: readonly StepState[];
}

/** The instruction that a step of the build is; null where the two do not fit together. */
export function instructionOf({ name }: StepState, { dockerfile, instructions, steps }: ReadBuild): Instruction | null {
  const names = steps.map((step) => step.name);
  return instructionOfStep(name, dockerfile, instructions, names);
}

/** A step that missed the cache, in a build and in the build before it. */
export interface Here {
  readonly instruction: Instruction;
  readonly now: ReadBuild;
  readonly was: ReadBuild;
}

/** The first change found: of the step's own text, of what is before it, of what it copies, then of the build itself. */
export function changedInput(here: Here): MissInput {
  return ofOwnText(here) ?? ofWhatIsBefore(here) ?? ofWhatItTakes(here) ?? ofStepsBefore(here) ?? ofBuild(here);
}

/** The instruction is not one that the build before had. */
function ofOwnText({ instruction, was }: Here): MissInput | null {
  if (counterpart(instruction, was) !== null) return null;
  const alike = was.instructions.find(
    (each) =>
      each.keyword === instruction.keyword &&
      each.arguments === instruction.arguments &&
      flagsBut('--mount=', each) === flagsBut('--mount=', instruction) &&
      mountsOf(each).join(' ') !== mountsOf(instruction).join(' '),
  );
  const mounts = alike === undefined ? [] : mountsOf(alike);
  const mount =
    mountsOf(instruction).find((each) => !mounts.includes(each)) ??
    mounts.find((each) => !mountsOf(instruction).includes(each));
  return alike !== undefined && mount !== undefined ? { kind: 'mount', mount } : changed(instruction);
}

function changed({ line, keyword }: Instruction): MissInput {
  return { kind: 'instruction', line, keyword };
}

/** The same instruction in the build before: of several the nearest one in the same stage, else the nearest of all. */
function counterpart({ keyword, digest, stage, index }: Instruction, was: ReadBuild): Instruction | null {
  const same = was.instructions.filter((each) => each.keyword === keyword && each.digest === digest);
  const distance = (each: Instruction) => (each.stage === stage ? 0 : 1_000) + Math.abs(each.index - index);
  return same.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

function flagsBut(prefix: string, { flags }: Instruction): string {
  return flags.filter((flag) => !flag.startsWith(prefix)).join(' ');
}

function mountsOf({ flags }: Instruction): readonly string[] {
  return flags.flatMap((flag) => (flag.startsWith('--mount=') ? [flag.slice('--mount='.length)] : []));
}

/** The base image, variables, and the order of the steps. What is nearest to the first step of the stage busts all of them. */
function ofWhatIsBefore(here: Here): MissInput | null {
  const { instruction, now, was } = here;
  const chain = chainOf(instruction, now.dockerfile, now.instructions);
  const before = counterpart(instruction, was);
  const chainBefore = before === null ? [] : chainOf(before, was.dockerfile, was.instructions);
  const [from] = chain;
  const base = from?.keyword === 'FROM' ? baseChange(from, chainBefore[0], here) : null;
  return (
    base ??
    argumentChange(chain, here) ??
    settingChange(chain, chainBefore, here) ??
    orderChange(chain, chainBefore, here)
  );
}

/** Whether a step of this keyword sees a setting of that one: COPY and ADD see a variable only where they name it. */
function sees({ keyword, arguments: words, flags }: Instruction, setting: Instruction): boolean {
  if (keyword === 'RUN') return true;
  if (setting.keyword !== 'ARG' && setting.keyword !== 'ENV') return false;
  return namesOf(setting).some((name) => new RegExp(`\\$\\{?${name}\\b`).test(`${flags.join(' ')} ${words}`));
}

function namesOf({ arguments: words }: Instruction): readonly string[] {
  return words.split(/\s+/).flatMap((word) => /^[A-Za-z_]\w*/.exec(word)?.[0] ?? []);
}

function baseChange(from: Instruction, before: Instruction | undefined, { now, was }: Here): MissInput | null {
  const name = baseName(from);
  const nameBefore = before?.keyword === 'FROM' ? baseName(before) : name;
  if (nameBefore !== name && !name.includes('$')) return imageChange(name, nameBefore, { now, was });
  // What a variable stands for is one of the images that were used.
  if (name.includes('$')) {
    const added = now.inputs.images.find(([image]) => !was.inputs.images.some(([each]) => each === image));
    const removed = was.inputs.images.find(([image]) => !now.inputs.images.some(([each]) => each === image));
    if (added !== undefined) return { kind: 'baseImage', image: added[0], base: removed?.[1] ?? null, head: added[1] };
  }
  const candidates = name.includes('$') ? now.inputs.images.map(([image]) => image) : [name];
  for (const image of candidates) {
    const change = imageChange(image, image, { now, was });
    if (change !== null) return change;
  }
  return null;
}

/** null where the image is the same one, or where that is not known. */
function imageChange(name: string, nameBefore: string, { now, was }: Pick<Here, 'now' | 'was'>): MissInput | null {
  const head = now.inputs.images.find(([image]) => image === name)?.[1] ?? null;
  const base = was.inputs.images.find(([image]) => image === nameBefore)?.[1] ?? null;
  const isSame = head === base || head === null || base === null;
  return name === nameBefore && isSame ? null : { kind: 'baseImage', image: name, base, head };
}

/** Build arguments with another value, of those that are declared before the step. */
function argumentChange(chain: readonly Instruction[], { instruction, now, was }: Here): MissInput | null {
  const values = new Map(was.inputs.args);
  const valuesNow = new Map(now.inputs.args);
  const isChanged = (name: string) => values.get(name) !== valuesNow.get(name);
  const options = [...new Set([...values.keys(), ...valuesNow.keys()])].filter(
    (name) => name.startsWith('--') && name !== TARGET && isChanged(name),
  );
  const declared = chain.filter((each) => each.keyword === 'ARG' && sees(instruction, each)).flatMap(namesOf);
  // A default before the first FROM is the value of an ARG without one.
  const defaults = now.instructions.filter(({ keyword, stage }) => keyword === 'ARG' && stage === null);
  const isDefaultChanged = (name: string) =>
    !valuesNow.has(name) && defaults.some((each) => namesOf(each).includes(name) && counterpart(each, was) === null);
  const names = [...new Set(declared)].filter((name) => isChanged(name) || isDefaultChanged(name));
  const all = [...names, ...(instruction.keyword === 'RUN' ? options : [])].slice(0, MOST_NAMES);
  return all.length === 0 ? null : { kind: 'argument', names: all };
}

const TARGET = '--target';
const SETTINGS = new Set(['ENV', 'ARG', 'USER', 'SHELL']);

/** A setting before the step that is new, gone or another one. Those after the last step that the cache had come first. */
function settingChange(
  chain: readonly Instruction[],
  before: readonly Instruction[],
  { instruction }: Here,
): MissInput | null {
  const isSetting = (each: Instruction) => SETTINGS.has(each.keyword) && sees(instruction, each);
  const known = new Set(before.map(({ digest }) => digest));
  const added = chain.findLast((each) => isSetting(each) && !known.has(each.digest));
  if (added !== undefined) {
    // A value is in the place of the default, which then does not count.
    return added.keyword === 'ARG' ? { kind: 'argument', names: namesOf(added) } : changed(added);
  }
  const left = new Set(chain.map(({ digest }) => digest));
  const removed = before.findLast((each) => isSetting(each) && !left.has(each.digest));
  return removed === undefined ? null : changed(removed);
}

/** The steps before it are others, or in another order, though the cache had them all. */
function orderChange(
  chain: readonly Instruction[],
  before: readonly Instruction[],
  { instruction }: Here,
): MissInput | null {
  const digests = (all: readonly Instruction[]) =>
    all.filter(({ keyword }) => COUNTED.has(keyword)).map(({ digest }) => digest);
  return digests(chain).join(' ') === digests(before).join(' ') ? null : changed(instruction);
}

/** Files of the context, and other images and stages. */
function ofWhatItTakes({ instruction, now, was }: Here): MissInput | null {
  for (const { from, sources } of takenBy(instruction)) {
    if (from === null) {
      const files = changedFiles(now.inputs, was.inputs).filter((path) =>
        sources.some((source) => takes(source, path)),
      );
      if (files.length > 0)
        return { kind: 'files', files: files.slice(0, MOST_NAMES), more: Math.max(0, files.length - MOST_NAMES) };
    } else if (stageNamed(now.dockerfile, from) === null) {
      const change = imageChange(from, from, { now, was });
      if (change !== null) return change;
    }
  }
  return null;
}

/** A step before it takes another input, and the cache had it with that one from an older build. */
function ofStepsBefore({ instruction, now, was }: Here): MissInput | null {
  for (const each of chainOf(instruction, now.dockerfile, now.instructions).toReversed()) {
    const input = COUNTED.has(each.keyword) ? ofWhatItTakes({ instruction: each, now, was }) : null;
    if (input !== null) return input;
  }
  return null;
}

interface Taken {
  /** A stage or an image; null for the context. */
  readonly from: string | null;
  readonly sources: readonly string[];
}

function takenBy({ keyword, flags, arguments: words }: Instruction): readonly Taken[] {
  if (keyword === 'COPY' || keyword === 'ADD') {
    const from = flags.flatMap((flag) => /^--from=(.+)$/.exec(flag)?.[1] ?? [])[0] ?? null;
    return [{ from, sources: sourcesOf(words.split('\n')[0] ?? '') }];
  }
  return flags.flatMap((flag) => {
    const mount = /^--mount=(.*)$/.exec(flag)?.[1];
    if (mount === undefined || /(?:^|,)type=(?!bind)/.test(mount)) return [];
    const from = /(?:^|,)from=([^,]+)/.exec(mount)?.[1] ?? null;
    return [{ from, sources: [/(?:^|,)(?:source|src)=([^,]+)/.exec(mount)?.[1] ?? '.'] }];
  });
}

/** New, removed and changed files; folders only where nothing else says what changed in them. */
export function changedFiles(now: BuildInputs, was: BuildInputs): readonly string[] {
  const before = new Map(was.files);
  const after = new Map(now.files);
  const paths = [...new Set([...after.keys(), ...before.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  return paths.filter(
    (path) => !path.endsWith('/') || !paths.some((other) => other !== path && other.startsWith(path)),
  );
}

/** Nothing that the step is made from changed. */
function ofBuild({ instruction, now, was }: Here): MissInput {
  const targetOf = ({ inputs }: ReadBuild) => new Map(inputs.args).get(TARGET);
  const before = counterpart(instruction, was);
  const wasBuilt = was.steps.some((step) => instructionOf(step, was) === before);
  if (!wasBuilt && targetOf(now) !== targetOf(was)) return { kind: 'argument', names: [TARGET] };
  if (now.inputs.filesLeftOut > 0 || was.inputs.filesLeftOut > 0) return { kind: 'unknown' };
  return wasBuilt ? { kind: 'pruned' } : { kind: 'unknown' };
}
