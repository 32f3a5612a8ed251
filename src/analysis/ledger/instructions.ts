/** The instructions of a Dockerfile with their digests, and what an instruction builds on. */
import type { BuildInputs } from '../../model/profile/build-profile.ts';
import type { DockerfileFacts, DockerfileInstruction } from '../../model/project-files.ts';
import { baseName, stageNamed } from '../project-files/stages.ts';

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
  const base = from === undefined ? null : stageNamed(dockerfile, baseName(from), stage);
  if (base === null) return own;
  const end = { stage: base, index: Number.POSITIVE_INFINITY };
  return [...chainOf(end, dockerfile, instructions), ...own.filter((each) => each !== from)];
}
