/** Finds out what will be benchmarked, and checks as much of it as possible before anything starts. */
import { existsSync } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { projectNameAt } from '../data/project-name.ts';
import { projectNameOf } from '../model/project-name.ts';
import type { SourceSpec } from '../model/run.ts';
import { folderComplaint, hasPassword } from '../plan/git-url.ts';
import { commitOf, remoteCommitOf } from '../data/git/ref-facts.ts';
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

/** @throws PacelineError WrongUsage if a path does not exist or is not readable, or if a ref does not exist */
export async function readSource(flags: SourceFlags, io: Io): Promise<ReadSource> {
  if (flags.git !== undefined) return readRepository(flags.git, flags, io);
  if (flags.path === undefined) return readFolder(flags, io);
  throw wrongUsage(
    '--path is for a directory in a repository that --git names.',
    'Use --project PATH for a directory on this machine.',
  );
}

async function readFolder({ project, ref }: SourceFlags, io: Io): Promise<ReadSource> {
  const directory = await readableDirectory(resolve(io.cwd, project), project);
  const [name, commit] = await Promise.all([projectNameAt(directory, io.env), commitOf(directory, ref ?? null)]);
  return { source: { path: directory, ...(ref === undefined ? {} : { ref }) }, project: { name, directory }, commit };
}

async function readRepository(given: string, { ref, path: folder }: SourceFlags, io: Io): Promise<ReadSource> {
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
    project: { name: projectNameOf({ remote: git, folder: git, subfolder: path ?? '' }), directory: null },
    commit: await remoteCommitOf(git, ref ?? 'HEAD'),
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
