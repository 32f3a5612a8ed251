/** Which instruction of a Dockerfile a step of a build is. */
import type { DockerfileFacts, DockerfileInstruction } from '../../model/project-files.ts';

/** What BuildKit's name of a step says. */
export interface StepName {
  /** `stage-1` for a stage without a name; null where a Dockerfile has only that one. */
  readonly stage: string | null;
  readonly number: number;
  /** Number of steps of its stage. */
  readonly total: number;
  readonly keyword: string;
}

/** `[linux/arm64 test  3/12] RUN …`: the platform stands there only in builds for several. null for names of another form. */
export function readStepName(name: string): StepName | null {
  const [, words, number, total, keyword] = /^\[(?:([^\]]*?)\s+)?(\d+)\/(\d+)\]\s+([A-Za-z]+)/.exec(name) ?? [];
  if (number === undefined || total === undefined || keyword === undefined) return null;
  const stage = words?.trim().split(/\s+/).at(-1) ?? '';
  return {
    stage: stage === '' || stage.includes('/') ? null : stage,
    number: Number(number),
    total: Number(total),
    keyword: keyword.toUpperCase(),
  };
}

/** The instructions that BuildKit counts in a stage, after its FROM. */
export const COUNTED: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * Counted from the end: the triggers (ONBUILD) of the base image come first, and are in no file of the project.
 * @param step as BuildKit writes it
 * @param instructions those of the Dockerfile, all of them
 * @param steps the names of all steps of the build, if they are known
 * @returns null where the Dockerfile and the step do not fit together
 */
export function instructionOfStep<T extends DockerfileInstruction>(
  step: string,
  dockerfile: DockerfileFacts,
  instructions: readonly T[],
  steps: readonly string[] = [],
): T | null {
  const name = readStepName(step);
  const stage = name === null ? null : stageOfStep(name, dockerfile);
  // With instructions left out, nothing can be counted.
  if (name === null || stage === null || dockerfile.leftOut > 0) return null;
  const own = instructions.filter((each) => each.stage === stage);
  if (name.keyword === 'FROM') return own.find(({ keyword }) => keyword === 'FROM') ?? null;
  const counted = own.filter(({ keyword }) => COUNTED.has(keyword));
  const before = isNumberedFromOne(name, steps) ? 0 : name.total - counted.length;
  const found = counted[name.number - 1 - before];
  return found?.keyword === name.keyword ? found : null;
}

/** Where a named context takes the place of the base image, FROM and the triggers count in the total but have no number. */
function isNumberedFromOne({ stage, total }: StepName, steps: readonly string[]): boolean {
  const numbers = steps.flatMap((each) => {
    const other = readStepName(each);
    return other?.stage === stage ? [other.number] : [];
  });
  return numbers.length > 0 && !numbers.includes(total);
}

function stageOfStep({ stage }: StepName, { stages }: DockerfileFacts): number | null {
  if (stage === null) return stages.length === 1 ? 0 : null;
  const named = stages.findLastIndex(({ name }) => name?.toLowerCase() === stage.toLowerCase());
  if (named !== -1) return named;
  const number = /^stage-(\d+)$/.exec(stage)?.[1];
  return number !== undefined && Number(number) < stages.length ? Number(number) : null;
}
