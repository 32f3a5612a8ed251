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
  /** From the keyword on; it may end with `…`. */
  readonly text: string;
}

/** `[linux/arm64 test  3/12] RUN …`: the platform stands there only in builds for several. null for names of another form. */
export function readStepName(name: string): StepName | null {
  const [, words, number, total, text, keyword] =
    /^\[(?:([^\]]*?)\s+)?(\d+)\/(\d+)\]\s+(([A-Za-z]+)[\s\S]*)$/.exec(name) ?? [];
  if (number === undefined || total === undefined || text === undefined || keyword === undefined) return null;
  const stage = words?.trim().split(/\s+/).at(-1) ?? '';
  return {
    stage: stage === '' || stage.includes('/') ? null : stage,
    number: Number(number),
    total: Number(total),
    keyword: keyword.toUpperCase(),
    text,
  };
}

/** The instructions that BuildKit counts in a stage, after its FROM. */
export const COUNTED: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The only one of its stage with the step's text, else the one that is counted. Counting is from the end: the triggers (ONBUILD) of the
 * base image come first, and are in no file of the project.
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
  const alike = own.filter((each) => hasText(each, name.text));
  if (alike.length === 1) return alike[0] ?? null;
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
  // Not every BuildKit counts triggers in the total, so a number may be beyond it.
  return numbers.length > 0 && Math.max(...numbers) < total;
}

/** As written: in the name of a step, variables of a COPY have their values. */
function hasText({ keyword, flags, arguments: rest }: DockerfileInstruction, text: string): boolean {
  const plain = (words: string) => words.replaceAll(/\s+/g, ' ').trim();
  const own = plain([keyword, ...flags, rest].join(' '));
  return text.endsWith('…') ? own.startsWith(text.slice(0, -1)) : own === plain(text);
}

function stageOfStep({ stage }: StepName, { stages }: DockerfileFacts): number | null {
  if (stage === null) return stages.length === 1 ? 0 : null;
  const named = stages.findLastIndex(({ name }) => name?.toLowerCase() === stage.toLowerCase());
  if (named !== -1) return named;
  const number = /^stage-(\d+)$/.exec(stage)?.[1];
  return number !== undefined && Number(number) < stages.length ? Number(number) : null;
}
