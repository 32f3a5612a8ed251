/** What a pytest command and the project's addopts say of workers and their distribution, and the same with other values. Pure. */
import type { PytestOption, ProjectFiles } from '../../model/project-files.ts';
import type { Edit } from '../patches/make-patch.ts';
import { makePatch } from '../patches/make-patch.ts';
import type { Distribution } from './schedulers/scheduler.ts';

export interface Way {
  /** 0: within pytest's own process. */
  readonly workers: number;
  /** null without workers. */
  readonly distribution: Distribution | null;
}

const COUNT = /^(?:-n|--numprocesses)(?:=?(auto|logical|\d+))?$/;
const DISTRIBUTION = /^--dist(?:=(\w+))?$/;

/** The first option that names a count of workers, as written: `-n auto`. null: none. */
export function countIn(words: readonly string[]): string | null {
  const index = words.findIndex((word) => COUNT.test(word));
  if (index === -1) return null;
  return COUNT.exec(words[index]!)![1] ?? words[index + 1] ?? null;
}

export function distributionIn(words: readonly string[]): string | null {
  const index = words.findLastIndex((word) => DISTRIBUTION.test(word));
  if (index === -1) return null;
  return DISTRIBUTION.exec(words[index]!)![1] ?? words[index + 1] ?? null;
}

/** The command with these workers: in place of its own option for them, else at its end. */
export function commandWith(command: readonly string[], { workers, distribution }: Way): string[] {
  const kept: string[] = [];
  let place: number | null = null;
  for (let index = 0; index < command.length; index += 1) {
    const word = command[index]!;
    const match = COUNT.exec(word) ?? DISTRIBUTION.exec(word);
    if (match === null) {
      kept.push(word);
      continue;
    }
    place ??= kept.length;
    if (match[1] === undefined) index += 1;
  }
  const words = ['-n', String(workers), ...(workers === 0 || distribution === null ? [] : ['--dist', distribution])];
  return kept.toSpliced(place ?? kept.length, 0, ...words);
}

/** The command with the workers that the project's own configuration gives it. */
export function commandWithoutCount(command: readonly string[]): string[] {
  const skipped = command.map((word, index) => {
    const before = COUNT.exec(command[index - 1] ?? '');
    return COUNT.test(word) || (before !== null && before[1] === undefined);
  });
  return command.filter((_, index) => skipped[index] !== true);
}

/** `addopts` of the project's pytest configuration; null where it has none, or where it was not read. */
export function addoptsOf(files: ProjectFiles | null | undefined): PytestOption | null {
  return files?.pytest?.options.find(({ name }) => name === 'addopts') ?? null;
}

/** How far below its key a list of addopts is looked through. */
const LINES = 30;

/** @returns a patch that gives `addopts` these workers; null where it does not name them literally */
export function addoptsPatch(files: ProjectFiles | null | undefined, { workers, distribution }: Way): string | null {
  const option = addoptsOf(files);
  const file = files?.pytest?.file;
  const lines = files?.texts?.find((each) => each.file === file)?.lines;
  if (option === null || file === undefined || lines === undefined) return null;
  const edits: Edit[] = [];
  for (let line = option.line; line <= Math.min(lines.length, option.line + LINES); line += 1) {
    const written = lines[line - 1];
    if (written === null || written === undefined) break;
    if (line > option.line && !/^\s/.test(written)) break;
    const changed = written
      .replace(/((?:^|[\s"'=])(?:-n|--numprocesses)[\s=]?)(?:auto|logical|\d+)(?=$|[\s"'])/, `$1${workers}`)
      .replace(/(--dist[\s=])\w+/, distribution === null ? '$1no' : `$1${distribution}`);
    if (changed !== written) edits.push({ kind: 'replace', file, line, endLine: line, lines: [changed] });
  }
  return edits.length === 0 ? null : makePatch(files, edits);
}
