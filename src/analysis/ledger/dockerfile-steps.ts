/** Which instruction of a Dockerfile a step of a build is, and what comes before it. Pure. */
import type { BuildInputs } from '../../model/profile/build-profile.ts';
import type { DockerfileFacts, DockerfileInstruction } from '../../model/project-files.ts';

/** An instruction with the digest of its whole text, secrets included; null where that is not known. */
export interface Instruction extends DockerfileInstruction {
  readonly index: number;
  readonly digest: string | null;
}

/** The instructions of a Dockerfile, put together from what a run read of it and what its build was made from. */
export function instructionsOf(dockerfile: DockerfileFacts, { instructions }: BuildInputs): readonly Instruction[] {
  const isSame = instructions.length === dockerfile.instructions.length;
  return dockerfile.instructions.map((instruction, index) => {
    const [, keyword, digest] = instructions[index] ?? [];
    return { ...instruction, index, digest: isSame && keyword === instruction.keyword ? (digest ?? null) : null };
  });
}

export interface StepName {
  /** As BuildKit writes it; null for the only stage of a file. */
  readonly stage: string | null;
  readonly number: number;
  readonly of: number;
  readonly keyword: string;
}

/** `[stage 3/8] RUN …`; null for other names. */
export function readStepName(name: string): StepName | null {
  const [, stage, number, of, keyword] = /^\[(?:([^\]]*?)\s+)?(\d+)\/(\d+)\]\s+([A-Za-z]+)/.exec(name) ?? [];
  if (number === undefined || of === undefined || keyword === undefined) return null;
  // With several platforms, theirs comes first.
  const own = stage?.split(' ').at(-1) ?? '';
  return { stage: own === '' ? null : own, number: Number(number), of: Number(of), keyword: keyword.toUpperCase() };
}

/** What BuildKit counts in a stage after FROM. */
const COUNTED = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * @param names of all steps of the build
 * @returns null where the file and the step do not fit together
 */
export function instructionOf(
  name: string,
  dockerfile: DockerfileFacts,
  instructions: readonly Instruction[],
  names: readonly string[],
): Instruction | null {
  const step = readStepName(name);
  const stage = step === null ? null : stageIndex(step, dockerfile);
  if (step === null || stage === null) return null;
  const own = instructions.filter((each) => each.stage === stage);
  if (step.keyword === 'FROM') return own.find(({ keyword }) => keyword === 'FROM') ?? null;
  const counted = own.filter(({ keyword }) => COUNTED.has(keyword));
  // FROM and the triggers of its image have a number, but none where a named context takes the place of the image. Not every BuildKit
  // counts triggers in the total.
  const numbers = names.flatMap((each) => {
    const other = readStepName(each);
    return other?.stage === step.stage ? [other.number] : [];
  });
  const last = Math.max(...numbers);
  const before = last >= step.of ? last - counted.length : 0;
  const found = counted[step.number - 1 - before];
  return found?.keyword === step.keyword ? found : null;
}

function stageIndex({ stage }: StepName, { stages }: DockerfileFacts): number | null {
  if (stage === null) return stages.length === 1 ? 0 : null;
  const named = stages.findIndex(({ name }) => name?.toLowerCase() === stage.toLowerCase());
  const number = /^stage-(\d+)$/.exec(stage)?.[1];
  if (named !== -1) return named;
  return number !== undefined && Number(number) < stages.length ? Number(number) : null;
}

/** The earlier stage of that name or number; null where it is an image. */
export function stageNamed({ stages }: DockerfileFacts, before: number, name: string): number | null {
  const found = stages.slice(0, before).findLastIndex((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  if (found !== -1) return found;
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : null;
}

/**
 * What an instruction builds on, in order: the stages that its own stage starts from, with their FROM, and what comes before it in its stage.
 */
export function chainOf(
  { stage, index }: Pick<Instruction, 'stage' | 'index'>,
  dockerfile: DockerfileFacts,
  instructions: readonly Instruction[],
): readonly Instruction[] {
  if (stage === null) return [];
  const own = instructions.filter((each) => each.stage === stage && each.index < index);
  const from = instructions.find((each) => each.stage === stage && each.keyword === 'FROM');
  const base = from === undefined ? null : stageNamed(dockerfile, stage, from.arguments.split(/\s+/)[0] ?? '');
  if (base === null) return own;
  const end = { stage: base, index: Number.POSITIVE_INFINITY };
  return [...chainOf(end, dockerfile, instructions), ...own.filter((each) => each !== from)];
}
