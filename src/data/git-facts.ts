/** Which commit a folder is at. */
import { askGit } from './git-command.ts';

export interface GitFacts {
  /** null outside git, and before the first commit. */
  readonly commit: string | null;
  /** null outside git and on a detached HEAD. */
  readonly branch: string | null;
  /** Anything in the repository that is not committed and not ignored; null outside git. */
  readonly dirty: boolean | null;
}

const NO_GIT: GitFacts = { commit: null, branch: null, dirty: null };

/**
 * Commit, branch and state of the repository that the folder belongs to; all null where it belongs to none, or git is not
 * installed. Reads only.
 * @param branch what to say on a detached HEAD, where CI knows the branch: see `branchOfCi`
 */
export async function gitFacts(
  directory: string,
  { branch = null, signal }: { readonly branch?: string | null; readonly signal?: AbortSignal | undefined } = {},
): Promise<GitFacts> {
  const status = await askGit(
    ['-C', directory, 'status', '--porcelain=v2', '--branch', '--untracked-files=normal'],
    signal,
  );
  if (status === null) return NO_GIT;
  const lines = status.split('\n').filter((line) => line !== '');
  const header = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
  const commit = header('branch.oid') ?? '(initial)';
  const head = header('branch.head') ?? '(detached)';
  return {
    commit: commit === '(initial)' ? null : commit,
    branch: head === '(detached)' ? branch : head,
    dirty: lines.some((line) => !line.startsWith('# ')),
  };
}

/** The branch that a GitHub Actions job is for: a checkout there has a detached HEAD. null elsewhere, and for tags. */
export function branchOfCi(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env['GITHUB_ACTIONS'] !== 'true') return null;
  const ofPullRequest = env['GITHUB_HEAD_REF'];
  if (ofPullRequest) return ofPullRequest;
  return env['GITHUB_REF_TYPE'] === 'branch' ? env['GITHUB_REF_NAME'] || null : null;
}
