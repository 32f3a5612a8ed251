/** The commit and state of a directory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRepository, repositoryAt, type RepositoryPlace, type RepositoryView, viewed } from './git-repository.ts';

export interface GitFacts {
  /** null outside git, and before the first commit. */
  readonly commit: string | null;
  /** null outside git and on a detached HEAD. */
  readonly branch: string | null;
  /** Whether anything in the repository is neither committed nor ignored. null outside git. */
  readonly dirty: boolean | null;
}

const NO_GIT: GitFacts = { commit: null, branch: null, dirty: null };

/**
 * Commit, branch and state of the directory's repository. All null if it has none, or if git is not installed. Only reads, and
 * runs no program that the repository names.
 * @param branch the branch to use on a detached HEAD, if CI knows it: see `branchOfCi`
 */
export async function gitFacts(
  directory: string,
  { branch = null, signal }: { readonly branch?: string | null; readonly signal?: AbortSignal | undefined } = {},
): Promise<GitFacts> {
  const place = await findRepository(directory);
  return place === null ? NO_GIT : factsOf(place, branch, signal);
}

async function factsOf(place: RepositoryPlace, branch: string | null, signal?: AbortSignal): Promise<GitFacts> {
  return viewed(place, async (view) => {
    const status = await view.ask([...STATUS, '--branch', '--untracked-files=normal'], signal);
    if (status === null) return NO_GIT;
    const lines = status.split('\n').filter((line) => line !== '');
    const header = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
    const commit = header('branch.oid') ?? '(initial)';
    const head = header('branch.head') ?? '(detached)';
    return {
      commit: commit === '(initial)' ? null : commit,
      branch: head === '(detached)' ? branch : head,
      dirty: lines.some((line) => !line.startsWith('# ')) || (await hasDirtySubmodule(place, view, signal)),
    };
  });
}

/** Checked here, because git would use the submodules' own configuration. */
const STATUS = ['status', '--porcelain=v2', '--ignore-submodules=dirty'];

/** Includes nested submodules. A submodule that is not checked out cannot have changes. */
async function hasDirtySubmodule(
  { top }: RepositoryPlace,
  view: RepositoryView,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const path of await submodulePaths(top, view, signal)) {
    const inner = await repositoryAt(path);
    if (inner !== null && (await factsOf(inner, null, signal)).dirty === true) return true;
  }
  return false;
}

/** Absolute paths of the submodules in the index. */
async function submodulePaths(
  top: string | null,
  view: RepositoryView,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (top === null || !existsSync(join(top, '.gitmodules'))) return [];
  const entries = (await view.ask(['ls-files', '--stage', '-z'], signal)) ?? '';
  return entries
    .split('\0')
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => join(top, entry.slice(entry.indexOf('\t') + 1)))
    .filter((path) => existsSync(join(path, '.git')));
}

/** The branch of a GitHub Actions job, whose checkout has a detached HEAD. null elsewhere, and for tags. */
export function branchOfCi(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env['GITHUB_ACTIONS'] !== 'true') return null;
  const ofPullRequest = env['GITHUB_HEAD_REF'];
  if (ofPullRequest) return ofPullRequest;
  return env['GITHUB_REF_TYPE'] === 'branch' ? env['GITHUB_REF_NAME'] || null : null;
}
