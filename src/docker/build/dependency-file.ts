/** Which file of a context lists what a build installs: the one that developers change when they need another package. */
import { sourcesOf, takes } from '../../model/copy-sources.ts';
import { type Instruction, readInstructions } from './instructions.ts';

/** Installs what a file lists. */
const INSTALL =
  /\b(?:pip3?\s+install|uv\s+(?:pip\s+(?:install|sync)|sync)|poetry\s+(?:install|sync)|pdm\s+(?:install|sync)|pipenv\s+(?:install|sync)|(?:conda|mamba|micromamba)\s+(?:env\s+)?(?:create|update|install))\b/;

/** In these a comment line changes nothing. JSON has no comments. */
const LISTS =
  /(?:^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.cfg|Pipfile|(?:uv|poetry|pdm)\.lock|environment[\w.-]*\.ya?ml)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/;

export type DependencyFile =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'none'; readonly reason: 'noInstall' | 'noFile' };

/**
 * @param dockerfile its text
 * @param files paths of the context
 * @returns the file that the first install step names, else the first that a COPY or a bind mount before it takes
 */
export function dependencyFile(dockerfile: string, files: readonly string[]): DependencyFile {
  const lists = files.filter((path) => LISTS.test(path));
  let sources: readonly string[] = [];
  let seesInstall = false;
  for (const instruction of readInstructions(dockerfile)) {
    const { keyword, rest, hereDocuments } = instruction;
    if (keyword === 'COPY' || keyword === 'ADD') sources = [...sources, ...contextSources(instruction)];
    if (keyword !== 'RUN') continue;
    const command = [rest, ...hereDocuments].join('\n');
    if (!INSTALL.test(command)) continue;
    seesInstall = true;
    const given = [...sources, ...boundSources(instruction)];
    const taken = lists.filter((path) => given.some((source) => takes(source, path)));
    const named = taken.filter((path) => namesFile(command, path));
    const file = named[0] ?? taken.toSorted((a, b) => depth(a) - depth(b))[0];
    if (file !== undefined) return { kind: 'file', file };
  }
  return { kind: 'none', reason: seesInstall ? 'noFile' : 'noInstall' };
}

function contextSources({ flags, rest }: Instruction): readonly string[] {
  return flags.some((flag) => flag.startsWith('--from=')) ? [] : sourcesOf(rest);
}

function boundSources({ flags }: Instruction): readonly string[] {
  return flags.flatMap((flag) => {
    if (!flag.startsWith('--mount=') || !/[=,]type=bind\b|^--mount=(?!.*type=)/.test(flag) || /[=,]from=/.test(flag))
      return [];
    return [/[=,](?:source|src)=([^,]+)/.exec(flag)?.[1] ?? '.'];
  });
}

function namesFile(command: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return command.split(/[\s"'=;&|]+/).some((word) => word === name || word.endsWith(`/${name}`));
}

function depth(path: string): number {
  return path.split('/').length;
}
