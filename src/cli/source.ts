/** What is to be benchmarked, checked as far as it can be before anything starts. */
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
    /** The folder's or repository's name; the plan may give another. */
    readonly name: string;
    /** null for a git URL: there is no folder of it here yet. */
    readonly directory: string | null;
  };
  /** What will be measured, as far as it is known already; null outside git. */
  readonly commit: string | null;
}

/** @throws PacelineError WrongUsage for a path that is not there or not readable, and for a ref that is not there */
export async function readSource(flags: SourceFlags, io: Io): Promise<ReadSource> {
  if (flags.git !== undefined) return readRepository(flags.git, flags, io);
  if (flags.path === undefined) return readFolder(flags, io);
  throw wrongUsage(
    "--path is the project's folder in a repository that is given by --git.",
    'Give a folder on this machine with --project PATH.',
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
      "The git URL has a password or token in it, which would stay in Temporal's history for all to read.",
      'Leave it out, and let git on the worker find it: a credential helper, ~/.netrc, or an SSH key.',
    );
  }
  // A path counts from here, and the worker may work elsewhere.
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
    'Give the folder relative to the top of the repository, such as services/api.',
  );
}

async function readableDirectory(path: string, given: string): Promise<string> {
  const next = "Give the project's folder with --project PATH.";
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'EIO');
  if (found === 'ENOENT' || found === 'ENOTDIR') throw wrongUsage(`There is no folder ${given}.`, next);
  if (typeof found === 'string') throw wrongUsage(`The folder ${given} cannot be read (${found}).`, next);
  if (!found.isDirectory()) throw wrongUsage(`${given} is no folder.`, next);
  try {
    await access(path, constants.R_OK | constants.X_OK);
  } catch {
    throw wrongUsage(
      `The folder ${given} is not readable for this user.`,
      'Change its permissions, or run as a user who may read it.',
    );
  }
  return realpath(path);
}
