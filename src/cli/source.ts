/** Finds out what will be benchmarked, and checks as much of it as possible before anything starts. */
import { existsSync } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { projectNameOf } from '../model/project-name.ts';
import type { SourceSpec } from '../model/run.ts';
import { folderComplaint, hasPassword } from '../plan/git-url.ts';
import type { Io } from './io.ts';

export interface SourceFlags {
  readonly project: string;
  readonly ref?: string;
  readonly git?: string;
  readonly path?: string;
}

export interface ReadSource {
  readonly source: SourceSpec;
  readonly project: {
    /** The name of the directory or repository. The plan may set another one. */
    readonly name: string;
    /** null for a git URL: there is no local directory yet. */
    readonly directory: string | null;
  };
  /** The commit that will be measured. null outside git, or while it is not known. */
  readonly commit: string | null;
}

/** What is known before git is asked. To ask it takes longer than all else that `paceline plan` does. */
export interface FoundSource {
  readonly source: SourceSpec;
  /** As in `ReadSource`. */
  readonly directory: string | null;
  /** The name of the directory or repository. */
  readonly nameOf: () => Promise<string>;
  /** As in `ReadSource`. @throws PacelineError WrongUsage if the ref does not exist, or the repository cannot be read */
  readonly commitOf: () => Promise<string | null>;
}

/** @throws PacelineError WrongUsage if a path does not exist or is not readable, or if a ref does not exist */
export async function readSource(flags: SourceFlags, io: Io): Promise<ReadSource> {
  const { source, directory, nameOf, commitOf } = await findSource(flags, io);
  const [name, commit] = await Promise.all([nameOf(), commitOf()]);
  return { source, project: { name, directory }, commit };
}

/** @throws PacelineError WrongUsage if a path does not exist or is not readable */
export async function findSource(flags: SourceFlags, io: Io): Promise<FoundSource> {
  if (flags.git !== undefined) return findRepository(flags.git, flags, io);
  if (flags.path === undefined) return findFolder(flags, io);
  throw wrongUsage(
    '--path is for a directory in a repository that --git names.',
    'Use --project PATH for a directory on this machine.',
  );
}

async function findFolder({ project, ref }: SourceFlags, io: Io): Promise<FoundSource> {
  const directory = await readableDirectory(resolve(io.cwd, project), project);
  return {
    source: { path: directory, ...(ref === undefined ? {} : { ref }) },
    directory,
    nameOf: async () => (await import('../data/project-name.ts')).projectNameAt(directory, io.env),
    commitOf: async () => (await import('../data/git/ref-facts.ts')).commitOf(directory, ref ?? null),
  };
}

function findRepository(given: string, { ref, path: folder }: SourceFlags, io: Io): FoundSource {
  const path = folder === undefined ? undefined : folderInRepository(folder);
  if (hasPassword(given)) {
    throw wrongUsage(
      "The git URL contains a password or token, which would be readable in Temporal's history.",
      'Remove it from the URL. Git on the worker can use a credential helper, ~/.netrc or an SSH key.',
    );
  }
  // A relative path starts here. The worker may have another current directory.
  const git = existsSync(resolve(io.cwd, given)) ? resolve(io.cwd, given) : given;
  return {
    source: { git, ...(ref === undefined ? {} : { ref }), ...(path === undefined ? {} : { path }) },
    directory: null,
    nameOf: async () => projectNameOf({ remote: git, folder: git, subfolder: path ?? '' }),
    commitOf: async () => (await import('../data/git/ref-facts.ts')).remoteCommitOf(git, ref ?? 'HEAD'),
  };
}

function folderInRepository(given: string): string {
  const complaint = folderComplaint(given);
  if (complaint === null) return given.replace(/\/+$/, '');
  throw wrongUsage(
    `--path ${complaint}.`,
    'Specify the directory relative to the top of the repository, such as services/api.',
  );
}

async function readableDirectory(path: string, given: string): Promise<string> {
  const next = "Specify the project's directory with --project PATH.";
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'EIO');
  if (found === 'ENOENT' || found === 'ENOTDIR') throw wrongUsage(`There is no directory ${given}.`, next);
  if (typeof found === 'string') throw wrongUsage(`The directory ${given} cannot be read (${found}).`, next);
  if (!found.isDirectory()) throw wrongUsage(`${given} is not a directory.`, next);
  try {
    await access(path, constants.R_OK | constants.X_OK);
  } catch {
    throw wrongUsage(
      `The directory ${given} is not readable for this user.`,
      'Change its permissions, or run as a user who can read it.',
    );
  }
  return realpath(path);
}
