/** Where in the project's files a finding points: file and line, from what the run read of them. */
import type {
  ComposeFileFacts,
  DockerfileFacts,
  DockerfileInstruction,
  Place,
  ProjectFiles,
} from '../model/project-files.ts';

export type Pointed =
  /** A key below a service: `['healthcheck', 'interval']`; `[]` is the service itself. */
  | { readonly kind: 'composeKey'; readonly service: string; readonly key: readonly (string | number)[] }
  /** A step of the build of a service, named as BuildKit names it: `[stage 3/8] RUN …`. */
  | { readonly kind: 'buildStep'; readonly service: string; readonly step: string }
  | { readonly kind: 'pytestOption'; readonly name: string };

/** @returns null where it is not in the files, or the files were not read */
export function placeOf(files: ProjectFiles | null | undefined, pointed: Pointed): Place | null {
  if (files === null || files === undefined) return null;
  if (pointed.kind === 'composeKey') return placeOfKey(files, ['services', pointed.service, ...pointed.key]);
  if (pointed.kind === 'buildStep') return placeOfStep(files, pointed.service, pointed.step);
  const line = files.pytest?.options.find(({ name }) => name === pointed.name)?.line;
  return files.pytest === null || line === undefined ? null : { file: files.pytest.file, line };
}

/** Of several files the last one that has the key, for its value wins when compose merges them. */
function placeOfKey({ composeFiles }: ProjectFiles, path: readonly (string | number)[]): Place | null {
  const places = composeFiles.flatMap(({ file, keys }) => {
    const line = lineOf(keys, path);
    return line === null ? [] : [{ file, line }];
  });
  return places.at(-1) ?? null;
}

function lineOf(keys: ComposeFileFacts['keys'], wanted: readonly (string | number)[]): number | null {
  const found = keys.find(
    ({ path }) => path.length === wanted.length && path.every((part, index) => part === wanted[index]),
  );
  return found?.line ?? null;
}

function placeOfStep({ dockerfiles }: ProjectFiles, service: string, step: string): Place | null {
  const dockerfile = dockerfiles.find(({ services }) => services.includes(service));
  const named = parseStep(step);
  if (dockerfile === undefined || named === null) return null;
  const instruction = instructionOf(dockerfile, named);
  return instruction === null ? null : { file: dockerfile.file, line: instruction.line };
}

interface Step {
  /** As in the name; null where the Dockerfile has one stage without a name. */
  readonly stage: string | null;
  readonly number: number;
  readonly total: number;
  readonly keyword: string;
  /** From the keyword on. */
  readonly text: string;
}

/** `[linux/arm64 test 3/8] RUN …`: the platform stands there only in builds for several, and `stage-1` for a stage without a name. */
function parseStep(step: string): Step | null {
  const match = /^\[(?:[^\]]*?(\S+) +)?(\d+)\/(\d+)\] (([A-Za-z]+)[\s\S]*)$/.exec(step);
  if (match === null) return null;
  const [, stage, number, total, text = '', keyword = ''] = match;
  return {
    stage: stage === undefined || stage.includes('/') ? null : stage,
    number: Number(number),
    total: Number(total),
    keyword: keyword.toUpperCase(),
    text,
  };
}

/** The instructions that BuildKit counts in a stage, after its FROM. */
const COUNTED = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The only one with its text, else the one that is counted. Counting is from the end: ONBUILD instructions of the base image come first,
 * and are in no file of the project. BuildKit counts them in the number of a step, though not always in the total.
 */
function instructionOf(dockerfile: DockerfileFacts, step: Step): DockerfileInstruction | null {
  const stage = stageOf(dockerfile, step);
  // With instructions left out, nothing can be counted.
  if (stage === null || dockerfile.leftOut > 0) return null;
  const own = dockerfile.instructions.filter((instruction) => instruction.stage === stage);
  const alike = own.filter((instruction) => isText(step.text, instruction));
  if (alike.length === 1) return alike[0]!;
  const counted = own.filter(({ keyword }) => COUNTED.has(keyword));
  const found =
    step.number === 1
      ? own.find(({ keyword }) => keyword === 'FROM')
      : counted[counted.length - 1 - (step.total - step.number)];
  return found?.keyword === step.keyword ? found : null;
}

/** As written: variables of a COPY have their values in the name of the step. */
function isText(text: string, { keyword, flags, arguments: rest }: DockerfileInstruction): boolean {
  const plain = (words: string) => words.replaceAll(/\s+/g, ' ').trim();
  const own = plain([keyword, ...flags, rest].join(' '));
  return text.endsWith('…') ? own.startsWith(text.slice(0, -1)) : own === plain(text);
}

function stageOf({ stages, target }: DockerfileFacts, { stage }: Step): number | null {
  const wanted = stage ?? target;
  if (wanted === null) return stages.length === 0 ? null : stages.length - 1;
  const named = stages.findLastIndex(({ name }) => name?.toLowerCase() === wanted.toLowerCase());
  if (named !== -1) return named;
  const index = /^(?:stage-)?(\d+)$/.exec(wanted)?.[1];
  return index !== undefined && Number(index) < stages.length ? Number(index) : null;
}
