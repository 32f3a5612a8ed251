/** What git knows about the source before the run: its commit, and whether a ref exists. */
import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize, relative } from 'node:path';
import { askGit, outputOf, runGit, withoutSecrets } from './git-command.ts';
import { withRemote } from './git-remote.ts';
import { findRepository, type RepositoryView, viewed } from './git-repository.ts';
import { wrongUsage } from '../../model/failure.ts';

const REMOTE_MS = 30_000;

/**
 * The commit of `ref`, or of the directory as it is. null outside git.
 * @throws PacelineError WrongUsage if a given ref does not exist
 */
export async function commitOf(directory: string, ref: string | null): Promise<string | null> {
  if (ref?.startsWith('-')) throw noSuchRef(ref, directory);
  const found = await inRepository(directory, async ({ ask }) => {
    const commit = await ask(['rev-parse', '--verify', '--quiet', `${ref ?? 'HEAD'}^{commit}`]);
    if (commit !== null || ref === null) return { commit, ofRemote: null };
    return { commit, ofRemote: await ask(['rev-parse', '--verify', '--quiet', `origin/${ref}^{commit}`]) };
  });
  const commit = found?.commit ?? null;
  if (commit !== null || ref === null) return commit;
  throw noSuchRef(ref, directory, found?.ofRemote == null ? undefined : `Use origin/${ref}, which exists.`);
}

/** A digest of the uncommitted changes. null if there are none, and outside git. */
export async function worktreeDigest(directory: string): Promise<string | null> {
  return inRepository(directory, async ({ ask }, prefix) => {
    const where = ['--ignore-submodules=dirty', '--', prefix === '' ? '.' : `:(top,literal)${prefix}`];
    const status = await ask(['status', '--porcelain', '--untracked-files=all', ...where]);
    if (status === null || status === '') return null;
    const diff = await ask(['diff', '--no-ext-diff', '--no-textconv', 'HEAD', ...where]);
    return createHash('sha256')
      .update(status)
      .update(diff ?? '')
      .digest('hex')
      .slice(0, 16);
  });
}

/** @throws PacelineError WrongUsage if the repository cannot be reached or has no such ref; null for a bare commit id */
export async function remoteCommitOf(url: string, ref: string): Promise<string | null> {
  if (ref.startsWith('-') || url.startsWith('-')) throw noSuchRef(ref, url);
  const listed = await withRemote(url, (address) =>
    withinTime((signal) => runGit(['ls-remote', '--quiet', address, ref, `${ref}^{}`], { signal })),
  );
  const output = listed === 'late' ? null : outputOf(listed);
  if (output === null) {
    const said = listed === 'late' || listed.kind === 'missing' ? '' : listed.stderr;
    throw wrongUsage(
      `The git repository ${withoutSecrets(url)} cannot be read: ${withoutSecrets(reasonOf(said))}.`,
      'Check the address, and that `git ls-remote` works with it on this machine without asking for a password.',
    );
  }
  const lines = output.split('\n').filter(Boolean);
  // An annotated tag is listed twice, the second time with its commit.
  const line = lines.find((text) => text.endsWith('^{}')) ?? lines[0];
  if (line !== undefined) return line.split('\t')[0]!;
  if (/^[0-9a-f]{7,64}$/.test(ref)) return ref;
  throw noSuchRef(ref, url);
}

/** A file at a commit. The path is relative to the directory. null if it does not exist. */
export async function fileAt(directory: string, ref: string, file: string): Promise<string | null> {
  return inRepository(directory, ({ ask }, prefix) => ask(['cat-file', 'blob', `${ref}:${join(prefix, file)}`]));
}

/** The first of these files that the repository has at the ref. Fetched into a temporary directory. */
export async function filesOfRemote(
  { git: url, ref = 'HEAD', path = '' }: { readonly git: string; readonly ref?: string; readonly path?: string },
  files: readonly string[],
): Promise<{ readonly file: string; readonly text: string } | null> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-plan-'));
  const repository = { gitDirectory: folder };
  try {
    await askGit(['init', '--quiet', '--bare', folder]);
    const fetched = await withRemote(url, (address) =>
      askGit(['fetch', '--quiet', '--depth', '1', '--no-tags', '--', address, ref], { repository }),
    );
    if (fetched === null) throw noSuchRef(ref, url);
    const kind = await askGit(['cat-file', '-t', `FETCH_HEAD:${inTree(path)}`], { repository });
    if (kind !== 'tree') throw noSuchFolder(path, url, ref);
    for (const file of files) {
      const text = await askGit(['cat-file', 'blob', `FETCH_HEAD:${join(inTree(path), file)}`], { repository });
      if (text !== null) return { file, text };
    }
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param work gets the directory's path in the repository. @returns null outside git */
async function inRepository<T>(
  directory: string,
  work: (view: RepositoryView, prefix: string) => Promise<T>,
): Promise<T | null> {
  const place = await findRepository(directory);
  if (place === null || place.top === null) return null;
  const prefix = relative(place.top, await realpath(directory));
  return viewed(place, (view) => work(view, prefix));
}

async function withinTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | 'late'> {
  const signal = AbortSignal.timeout(REMOTE_MS);
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) return 'late';
    throw error;
  }
}

/** Git prints the error first, then some lines of general advice. */
function reasonOf(stderr: string): string {
  const [, fatal] = /^fatal: (.*?)\.?$/m.exec(stderr) ?? [];
  return fatal ?? 'it gave no answer';
}

/** A directory in git's notation for trees: the top is empty. */
function inTree(path: string): string {
  return normalize(`./${path}/`)
    .replace(/^\.?\//, '')
    .replace(/\/$/, '');
}

function noSuchFolder(path: string, url: string, ref: string) {
  return wrongUsage(
    `There is no directory ${path} in ${withoutSecrets(url)} at ${ref}.`,
    'Specify the directory of the project relative to the top of the repository.',
  );
}

function noSuchRef(ref: string, where: string, next = 'Use a branch, tag or commit of that repository.') {
  return wrongUsage(`There is no ref \`${ref}\` in ${withoutSecrets(where)}.`, next);
}
