/** The prepared source at a commit: a clone of the user's repository, or of a URL, that stands on its own. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PacelineError, wrongUsage } from '../model/failure.ts';
import type { SourceSpec } from '../model/run.ts';
import { asDraft } from './draft.ts';
import { askGit, LOCAL_UPLOAD_PACK, mustGit, withoutSecrets } from './git-command.ts';
import { removeTree } from './remove-tree.ts';

export interface CheckoutOptions {
  readonly source: SourceSpec;
  /** The clone; what an earlier attempt left there is replaced. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Checkout {
  /** The project: `to`, or the folder in it where the project is a part of its repository. */
  readonly directory: string;
  readonly commit: string;
  /** null where the ref names none. */
  readonly branch: string | null;
  /** What could not be had and may matter. */
  readonly notes: readonly string[];
}

/** A ref in the repository that it was asked of. */
interface Resolved {
  readonly commit: string;
  readonly branch: string | null;
}

/** A repository to clone from, and where the project lies in it. */
interface Repository {
  readonly url: string;
  /** null for a repository elsewhere, which can only be asked once it is cloned. */
  readonly resolved: Resolved | null;
  readonly subfolder: string;
}

/**
 * Clones without sharing anything with the origin, so neither a clean-up there nor a test here can hurt the other, and
 * checks out the ref: by default what is checked out at the path, or the URL's default branch. Hooks do not run; files in
 * Git LFS come as git is configured to bring them.
 * @throws PacelineError WrongUsage for a ref that is none; SourceUnavailable when repository, ref or folder are not there;
 * DiskFull; `signal.reason` on abort
 */
export async function checkout({ source, to, signal }: CheckoutOptions): Promise<Checkout> {
  if (source.ref !== undefined) checkRef(source.ref);
  const repository = 'path' in source ? await localRepository(source, signal) : remoteRepository(source);
  await removeTree(to);
  return asDraft(to, async (draft) => {
    await clone(repository, draft, signal);
    const { commit, branch } = repository.resolved ?? (await resolveInClone(draft, repository.url, source.ref, signal));
    await checkOut(draft, repository, commit, signal);
    const notes = await submodules(draft, repository.url, signal);
    await checkSubfolder(draft, repository, commit);
    return { directory: join(to, repository.subfolder), commit, branch, notes };
  });
}

/**
 * The commit that a ref names in a repository on this machine, found without writing anything.
 * @throws PacelineError WrongUsage for a ref that is none; SourceUnavailable when folder, repository or ref are not there
 */
export async function resolveRef(path: string, ref: string, signal?: AbortSignal): Promise<string> {
  checkRef(ref);
  const { resolved } = await localRepository({ path, ref }, signal);
  return resolved.commit;
}

async function localRepository(
  { path, ref = 'HEAD' }: { readonly path: string; readonly ref?: string },
  signal?: AbortSignal,
): Promise<Repository & { readonly resolved: Resolved }> {
  if (!existsSync(path)) throw noFolder(path);
  await mustGit(['--version'], `No commit of ${path} can be read`, '', signal);
  const top = await askGit(['-C', path, 'rev-parse', '--show-toplevel'], signal);
  if (top === null) throw noRepository(path);
  const prefix = await askGit(['-C', path, 'rev-parse', '--show-prefix'], signal);
  const commit = await commitOf(path, ref, signal);
  if (commit === null) throw unknownRef(ref, path);
  const name = await askGit(['-C', path, 'rev-parse', '--symbolic-full-name', '--verify', '--quiet', ref], signal);
  const branch = name?.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null;
  return { url: top, resolved: { commit, branch }, subfolder: prefix?.replace(/\/$/, '') ?? '' };
}

function remoteRepository({ git }: { readonly git: string }): Repository {
  if (git.startsWith('-')) throw wrongUsage(`"${git}" is no git URL.`, 'Give one such as https://host/name.git.');
  return { url: git, resolved: null, subfolder: '' };
}

/** Never by git's short cut for local paths, which links or copies the objects' files and may not where they are another user's. */
async function clone({ url, resolved }: Repository, to: string, signal?: AbortSignal): Promise<void> {
  await mustGit(
    ['clone', '--quiet', '--no-checkout', '--no-local', ...uploadPack(resolved), '--', url, to],
    `${withoutSecrets(url)} cannot be cloned`,
    'See that the address is right, the host can be reached from here and the credentials are there without asking.',
    signal,
  );
}

/** Elsewhere the server alone decides how it serves. */
function uploadPack(resolvedHere: Resolved | null): readonly string[] {
  return resolvedHere === null ? [] : [`--upload-pack=${LOCAL_UPLOAD_PACK}`];
}

/** Branch, tag or commit; at last what only the server knows, such as `refs/pull/7/head`. */
async function resolveInClone(
  directory: string,
  url: string,
  ref: string | undefined,
  signal?: AbortSignal,
): Promise<Resolved> {
  if (ref === undefined) return defaultBranch(directory, url, signal);
  const ofBranch = await commitOf(directory, `refs/remotes/origin/${ref}`, signal);
  if (ofBranch !== null) return { commit: ofBranch, branch: ref };
  const known = (await commitOf(directory, `refs/tags/${ref}`, signal)) ?? (await commitOf(directory, ref, signal));
  if (known !== null) return { commit: known, branch: null };
  await askGit(['-C', directory, 'fetch', '--quiet', '--no-tags', '--end-of-options', 'origin', ref], signal);
  const fetched = await commitOf(directory, 'FETCH_HEAD', signal);
  if (fetched === null) throw unknownRef(ref, url);
  return { commit: fetched, branch: null };
}

async function defaultBranch(directory: string, url: string, signal?: AbortSignal): Promise<Resolved> {
  const commit = await commitOf(directory, 'HEAD', signal);
  if (commit === null) throw unknownRef('HEAD', url);
  return { commit, branch: await askGit(['-C', directory, 'symbolic-ref', '--quiet', '--short', 'HEAD'], signal) };
}

/** A commit that no branch or tag of a local repository leads to is not in the clone yet. */
async function checkOut(
  directory: string,
  { url, resolved }: Repository,
  commit: string,
  signal?: AbortSignal,
): Promise<void> {
  const failed = `Commit ${commit} of ${withoutSecrets(url)} cannot be checked out`;
  const next = 'See what git says; the same can be tried with git clone and git checkout.';
  if ((await commitOf(directory, commit, signal)) === null) {
    const args = ['fetch', '--quiet', '--no-tags', ...uploadPack(resolved), 'origin', commit];
    await mustGit(['-C', directory, ...args], failed, next, signal);
  }
  await mustGit(['-C', directory, 'checkout', '--quiet', '--detach', commit], failed, next, signal);
}

/** Their addresses may be relative to the repository's own origin. @returns notes */
async function submodules(directory: string, url: string, signal?: AbortSignal): Promise<readonly string[]> {
  if (!existsSync(join(directory, '.gitmodules'))) return [];
  const origin = await askGit(['-C', url, 'remote', 'get-url', 'origin'], signal);
  if (origin !== null) await askGit(['-C', directory, 'remote', 'set-url', 'origin', origin], signal);
  const args = ['-C', directory, 'submodule', 'update', '--quiet', '--init', '--recursive'];
  try {
    await mustGit(args, 'Not all submodules could be fetched', '', signal);
    return [];
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error;
    return [`${error.problem.what} ${error.problem.detail?.split('\n').at(-1) ?? ''}`.trim()];
  }
}

async function checkSubfolder(directory: string, { url, subfolder }: Repository, commit: string): Promise<void> {
  const there = await stat(join(directory, subfolder)).catch(() => null);
  if (there?.isDirectory()) return;
  throw new PacelineError({
    type: 'SourceUnavailable',
    what: `The folder ${subfolder} of ${url} does not exist at commit ${commit.slice(0, 7)}.`,
    next: 'Give a ref that has it, or the folder by its name at that commit.',
  });
}

function commitOf(directory: string, ref: string, signal?: AbortSignal): Promise<string | null> {
  return askGit(['-C', directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], signal);
}

/** git takes what begins with a dash for an option; no ref can be called so. */
function checkRef(ref: string): void {
  if (ref !== '' && !ref.startsWith('-')) return;
  throw wrongUsage(`${JSON.stringify(ref)} is no git ref.`, 'Give a branch, a tag or a commit.');
}

function noFolder(path: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `There is no folder ${path}.`,
    next: 'Give the path of a project on this machine.',
  });
}

function noRepository(path: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `${path} is in no git repository, so no commit of it can be checked out.`,
    next: 'Leave --ref out to measure the folder as it lies.',
  });
}

function unknownRef(ref: string, where: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `There is no commit ${JSON.stringify(ref)} in ${withoutSecrets(where)}.`,
    next: 'Give a branch, tag or commit that is there; a branch that only the remote has is origin/NAME, after git fetch.',
  });
}
