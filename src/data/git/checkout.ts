/** The prepared source at a commit: an independent clone of the user's repository or of a URL. */
import { existsSync } from 'node:fs';
import { realpath, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative } from 'node:path';
import { PacelineError, wrongUsage } from '../../model/failure.ts';
import type { SourceSpec } from '../../model/run.ts';
import { isInside } from '../directory.ts';
import { asDraft } from '../draft.ts';
import { askGit, mustGit, withoutSecrets } from './git-command.ts';
import { findRepository, type RepositoryConfig, viewed } from './git-repository.ts';
import { withRemote } from './git-remote.ts';
import { removeTree } from '../remove-tree.ts';

export interface CheckoutOptions {
  readonly source: SourceSpec;
  /** The clone. What an earlier attempt left there is replaced. */
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Checkout {
  /** The project: `to`, or a directory in it if the project is a part of its repository. */
  readonly directory: string;
  readonly commit: string;
  /** null if the ref does not name a branch. */
  readonly branch: string | null;
  /** Parts that could not be fetched and may matter. */
  readonly notes: readonly string[];
}

/** A ref in the repository it belongs to. */
interface Resolved {
  readonly commit: string;
  readonly branch: string | null;
}

/** A repository to clone from, and the project's place in it. */
interface Repository {
  /** The name for users, and for the origin of the clone. */
  readonly url: string;
  /** What git receives: for a local repository, a view of it. */
  readonly address: string;
  /** null for a remote repository, whose commits are known only after cloning. */
  readonly resolved: Resolved | null;
  /** For a local repository. */
  readonly config: RepositoryConfig | null;
  readonly objects: string | null;
  readonly subfolder: string;
}

/**
 * Clones without sharing objects with the origin, so a clean-up there and a test here cannot damage each other. Then checks
 * out the ref: by default what is checked out at the path, or the URL's default branch. Programs that the repository names
 * are not run. Files in Git LFS are fetched if the user's configuration does so.
 * @throws PacelineError WrongUsage for an invalid ref; SourceUnavailable if repository, ref or directory do not exist;
 * DiskFull; `signal.reason` on abort
 */
export async function checkout({ source, to, signal }: CheckoutOptions): Promise<Checkout> {
  if (source.ref !== undefined) checkRef(source.ref);
  const work = (repository: Repository) => checkOutOf(repository, source.ref, to, signal);
  return 'git' in source ? withRemoteRepository(source, work) : withLocalRepository(source, work, signal);
}

async function checkOutOf(
  repository: Repository,
  ref: string | undefined,
  to: string,
  signal?: AbortSignal,
): Promise<Checkout> {
  await removeTree(to);
  return asDraft(to, async (draft) => {
    await clone(repository, draft, signal);
    const { commit, branch } = repository.resolved ?? (await resolveInClone(draft, repository.url, ref, signal));
    await checkOut(draft, repository, commit, signal);
    const origin = (repository.config === null ? null : promisorUrl(repository.config)) ?? repository.url;
    await git(draft, ['remote', 'set-url', 'origin', origin], signal);
    const notes = await submodules(draft, repository, signal);
    await checkSubfolder(draft, repository, commit);
    return { directory: join(to, repository.subfolder), commit, branch, notes };
  });
}

/**
 * The commit that a ref names in a local repository. Writes nothing.
 * @throws PacelineError WrongUsage for an invalid ref; SourceUnavailable if directory, repository or ref do not exist
 */
export async function resolveRef(path: string, ref: string, signal?: AbortSignal): Promise<string> {
  checkRef(ref);
  return withLocalRepository({ path, ref }, async ({ resolved }) => resolved.commit, signal);
}

async function withLocalRepository<T>(
  { path, ref = 'HEAD' }: { readonly path: string; readonly ref?: string },
  work: (repository: Repository & { readonly resolved: Resolved }) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!existsSync(path)) throw noFolder(path);
  await mustGit(['--version'], `No commit of ${path} can be read`, '', { signal });
  const place = await findRepository(path);
  if (place === null || place.top === null) throw noRepository(path);
  const { top } = place;
  const subfolder = relative(top, await realpath(path));
  return viewed(place, async ({ gitDirectory, config, ask }) => {
    const commit = await ask(['rev-parse', ...VERIFY, '--end-of-options', `${ref}^{commit}`], signal);
    if (commit === null) throw unknownRef(ref, path);
    const name = await ask(['rev-parse', '--symbolic-full-name', ...VERIFY, ref], signal);
    const branch = name?.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null;
    const objects = join(place.commonDirectory, 'objects');
    return work({ url: top, address: gitDirectory, resolved: { commit, branch }, config, objects, subfolder });
  });
}

async function withRemoteRepository<T>(
  { git: url, path = '' }: { readonly git: string; readonly path?: string },
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  if (url.startsWith('-')) throw wrongUsage(`"${url}" is not a git URL.`, 'Use a URL such as https://host/name.git.');
  const subfolder = cleanSubfolder(path);
  return withRemote(url, (address) => work({ url, address, resolved: null, config: null, objects: null, subfolder }));
}

const VERIFY = ['--verify', '--quiet'];

/** Never uses git's shortcut for local paths. It links or copies object files, which is not allowed for files of another user. */
async function clone({ url, address, config }: Repository, to: string, signal?: AbortSignal): Promise<void> {
  // A partial clone has only its commits and directories. Its files are fetched at the checkout.
  const filter = config !== null && promisorUrl(config) !== null ? ['--filter=blob:none'] : [];
  const args = ['--quiet', '--no-checkout', '--no-local', '--origin', 'origin', ...filter];
  await mustGit(
    ['clone', ...args, '--', address, to],
    `${withoutSecrets(url)} cannot be cloned`,
    'Check that the address is right, that this machine can reach the host, and that git has credentials without asking for them.',
    { signal },
  );
}

/** A branch, tag or commit, or else a ref that only the server knows, such as `refs/pull/7/head`. */
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
  await git(directory, ['fetch', '--quiet', '--no-tags', '--end-of-options', 'origin', ref], signal);
  const fetched = await commitOf(directory, 'FETCH_HEAD', signal);
  if (fetched === null) throw unknownRef(ref, url);
  return { commit: fetched, branch: null };
}

async function defaultBranch(directory: string, url: string, signal?: AbortSignal): Promise<Resolved> {
  const commit = await commitOf(directory, 'HEAD', signal);
  if (commit === null) throw unknownRef('HEAD', url);
  return { commit, branch: await git(directory, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal) };
}

/** A commit that no branch or tag of a local repository contains is not in the clone yet. */
async function checkOut(
  directory: string,
  repository: Repository,
  commit: string,
  signal?: AbortSignal,
): Promise<void> {
  const failed = `Commit ${commit} of ${withoutSecrets(repository.url)} cannot be checked out`;
  const next = 'Read the error of git. The same can be tried with git clone and git checkout.';
  if ((await commitOf(directory, commit, signal)) === null) {
    await mustGit(['fetch', '--quiet', '--no-tags', 'origin', commit], failed, next, { cwd: directory, signal });
  }
  await withPromisedFiles(directory, repository, signal, () =>
    mustGit(['checkout', '--quiet', '--detach', commit], failed, next, { cwd: directory, signal }),
  );
}

/** Missing files of a partial clone come from its own origin. Files that it has come from the clone itself. */
async function withPromisedFiles(
  directory: string,
  { config, objects }: Repository,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const url = config === null ? null : promisorUrl(config);
  if (url === null || objects === null) return work();
  const alternates = join(directory, '.git', 'objects', 'info', 'alternates');
  await withRemote(url, async (address) => {
    await git(directory, ['remote', 'set-url', 'origin', address], signal);
    await writeFile(alternates, `${objects}\n`);
    await work();
  });
  await rm(alternates);
}

/** Where the missing objects of the repository are. null if it has all objects. */
function promisorUrl({ keys, valuesOf }: RepositoryConfig): string | null {
  const promisor = keys.find((key) => /^remote\..+\.promisor$/.test(key) && valuesOf(key).at(-1) !== 'false');
  return promisor === undefined ? null : originUrl(valuesOf(promisor.replace(/promisor$/, 'url')));
}

/** @returns null for text that git would read as an option or as a program (`ext::…`) */
function originUrl([url = '']: readonly string[]): string | null {
  return url === '' || url.startsWith('-') || /^\w+::/.test(url) ? null : url;
}

/** Submodule addresses can be relative to the repository's origin. @returns notes */
async function submodules(directory: string, { config }: Repository, signal?: AbortSignal): Promise<readonly string[]> {
  if (!existsSync(join(directory, '.gitmodules'))) return [];
  const origin = config === null ? null : originUrl(config.valuesOf('remote.origin.url'));
  if (origin !== null) await git(directory, ['remote', 'set-url', 'origin', origin], signal);
  // Always check out the commit, whatever `submodule.NAME.update` configures.
  const args = ['submodule', 'update', '--quiet', '--init', '--recursive', '--checkout'];
  try {
    await mustGit(args, 'Not all submodules could be fetched', '', { cwd: directory, signal });
    return [];
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error;
    return [`${error.problem.what} ${error.problem.detail?.split('\n').at(-1) ?? ''}`.trim()];
  }
}

async function checkSubfolder(directory: string, { url, subfolder }: Repository, commit: string): Promise<void> {
  const [top, there] = await Promise.all(
    [directory, join(directory, subfolder)].map((path) => realpath(path).catch(() => null)),
  );
  // Never through a link that points outside.
  if (top && there && isInside(top, there) && (await stat(there)).isDirectory()) return;
  throw new PacelineError({
    type: 'SourceUnavailable',
    what: `The directory ${subfolder} of ${withoutSecrets(url)} does not exist at commit ${commit.slice(0, 7)}.`,
    next: 'Use a ref that has the directory, or use its name at that commit.',
  });
}

function commitOf(directory: string, ref: string, signal?: AbortSignal): Promise<string | null> {
  return git(directory, ['rev-parse', ...VERIFY, '--end-of-options', `${ref}^{commit}`], signal);
}

/** Runs in the clone, whose configuration was written by Paceline. */
function git(directory: string, args: readonly string[], signal?: AbortSignal): Promise<string | null> {
  return askGit(args, { cwd: directory, signal });
}

/** @throws PacelineError WrongUsage for a path outside of the repository */
function cleanSubfolder(path: string): string {
  const clean = normalize(path).replace(/\/+$/, '');
  if (clean === '.') return '';
  if (!isAbsolute(clean) && clean !== '..' && !clean.startsWith('../')) return clean;
  throw wrongUsage(
    `The directory ${JSON.stringify(path)} is not in the repository.`,
    'Specify the directory of the project relative to the top of its repository.',
  );
}

/** git reads a leading dash as an option. A ref cannot have one. */
function checkRef(ref: string): void {
  if (ref !== '' && !ref.startsWith('-')) return;
  throw wrongUsage(`${JSON.stringify(ref)} is not a git ref.`, 'Use a branch, a tag or a commit.');
}

function noFolder(path: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `There is no directory ${path}.`,
    next: 'Specify the path of a project on this machine.',
  });
}

function noRepository(path: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `${path} is not in a git repository, so a commit of it cannot be checked out.`,
    next: 'Leave out --ref to measure the directory as it is.',
  });
}

function unknownRef(ref: string, where: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `There is no commit ${JSON.stringify(ref)} in ${withoutSecrets(where)}.`,
    next: 'Use a branch, tag or commit of that repository. A branch that only the remote has is called origin/NAME after git fetch.',
  });
}
