/** What git says of the source before the run: which commit, and whether a ref is there at all. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { wrongUsage } from '../model/failure.ts';

const REMOTE_MS = 30_000;

/**
 * The commit that `ref`, or the folder as it lies, stands at; null outside git.
 * @throws PacelineError WrongUsage when a ref is given and is not there
 */
export async function commitOf(directory: string, ref: string | null): Promise<string | null> {
  if (ref?.startsWith('-')) throw noSuchRef(ref, directory);
  const { stdout, failed } = await git(directory, ['rev-parse', '--verify', '--quiet', `${ref ?? 'HEAD'}^{commit}`]);
  if (!failed) return stdout.trim();
  if (ref === null) return null;
  const fetched = await git(directory, ['rev-parse', '--verify', '--quiet', `origin/${ref}^{commit}`]);
  throw noSuchRef(ref, directory, fetched.failed ? undefined : `Do you mean origin/${ref}?`);
}

/** A digest of the uncommitted changes; null where there are none, and outside git. */
export async function worktreeDigest(directory: string): Promise<string | null> {
  const status = await git(directory, ['status', '--porcelain', '--untracked-files=all', '--', '.']);
  if (status.failed || status.stdout.trim() === '') return null;
  const diff = await git(directory, ['diff', 'HEAD', '--', '.']);
  return createHash('sha256').update(status.stdout).update(diff.stdout).digest('hex').slice(0, 16);
}

/** @throws PacelineError WrongUsage when the repository cannot be reached, or has no such ref; null for a bare commit id */
export async function remoteCommitOf(url: string, ref: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (ref.startsWith('-') || url.startsWith('-')) throw noSuchRef(ref, url);
  const listed = await execa('git', ['ls-remote', '--quiet', url, ref, `${ref}^{}`], {
    env: { ...env, GIT_TERMINAL_PROMPT: '0' },
    reject: false,
    timeout: REMOTE_MS,
  });
  if (listed.failed) {
    throw wrongUsage(
      `The git repository ${url} cannot be read: ${reasonOf(listed.stderr)}.`,
      'Check the address, and that `git ls-remote` on it works here without asking for a password.',
    );
  }
  const lines = listed.stdout.split('\n').filter(Boolean);
  // An annotated tag is listed twice, the second time as the commit that it names.
  const line = lines.find((text) => text.endsWith('^{}')) ?? lines[0];
  if (line !== undefined) return line.split('\t')[0]!;
  if (/^[0-9a-f]{7,64}$/.test(ref)) return ref;
  throw noSuchRef(ref, url);
}

/** A file as it is at a commit; the path is relative to the folder. null where there is none. */
export async function fileAt(directory: string, ref: string, file: string): Promise<string | null> {
  const { stdout, failed } = await git(directory, ['show', `${ref}:./${file}`]);
  return failed ? null : stdout;
}

/** The first of the files that the repository has at the ref; fetched for this into a folder that is removed again. */
export async function filesOfRemote(
  url: string,
  ref: string,
  files: readonly string[],
): Promise<{ readonly file: string; readonly text: string } | null> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-plan-'));
  try {
    await git(folder, ['init', '--quiet', '--bare']);
    const fetched = await git(folder, ['fetch', '--quiet', '--depth', '1', '--no-tags', '--', url, ref]);
    if (fetched.failed) throw noSuchRef(ref, url);
    for (const file of files) {
      const { stdout, failed } = await git(folder, ['show', `FETCH_HEAD:${file}`]);
      if (!failed) return { file, text: stdout };
    }
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function git(directory: string, argv: readonly string[]) {
  // Its own index refresh would write into the user's tree; another owner's folder may be read all the same.
  const options = ['-c', `safe.directory=${directory}`, '-c', 'safe.directory=*', '-C', directory];
  return execa('git', [...options, ...argv], {
    env: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    reject: false,
    stripFinalNewline: false,
  });
}

/** Git says first what is wrong, and then for some lines what people could do in general. */
function reasonOf(stderr: string): string {
  const [, fatal] = /^fatal: (.*?)\.?$/m.exec(stderr) ?? [];
  return fatal ?? 'it gave no answer';
}

function noSuchRef(ref: string, where: string, next = 'Give a branch, tag or commit that `git log` knows there.') {
  return wrongUsage(`There is no ref \`${ref}\` in ${where}.`, next);
}
