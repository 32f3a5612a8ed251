import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { branchOfCi, gitFacts } from '../../../src/data/git/worktree-facts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { gitIn, repositoryIn } from '../repositories.ts';

test('a clean repository has its commit and branch, also seen from a folder in it', async () => {
  const { path, commits } = repositoryIn(join(temporaryFolder(), 'repo'));
  const facts = { commit: commits.main, branch: 'main', dirty: false };
  expect(await gitFacts(path)).toEqual(facts);
  expect(await gitFacts(join(path, 'services', 'api'))).toEqual(facts);
});

test.each([
  ['a changed file', (path: string) => writeFileSync(join(path, 'version.txt'), 'changed'), true],
  ['a new file', (path: string) => writeFileSync(join(path, 'new.txt'), ''), true],
  ['a deleted file', (path: string) => rmSync(join(path, 'version.txt')), true],
  ['a file that only has another time', (path: string) => utimesSync(join(path, 'version.txt'), 1, 1), false],
  [
    'an ignored file',
    (path: string) => {
      writeFileSync(join(path, '.git', 'info', 'exclude'), 'ignored\n');
      writeFileSync(join(path, 'ignored'), '');
    },
    false,
  ],
])('after %s', async (_, change, dirty) => {
  const { path } = repositoryIn(join(temporaryFolder(), 'repo'));
  change(path);
  const index = readFileSync(join(path, '.git', 'index'));
  expect((await gitFacts(path)).dirty).toBe(dirty);
  expect(readFileSync(join(path, '.git', 'index')).equals(index)).toBe(true);
});

test('a detached HEAD has no branch but the one that CI knows', async () => {
  const { path, git, commits } = repositoryIn(join(temporaryFolder(), 'repo'));
  git('checkout', '--quiet', '--detach', 'v1');
  expect(await gitFacts(path)).toEqual({ commit: commits.tagged, branch: null, dirty: false });
  expect(await gitFacts(path, { branch: 'from-ci' })).toEqual({
    commit: commits.tagged,
    branch: 'from-ci',
    dirty: false,
  });
});

test('before the first commit there is a branch and no commit', async () => {
  const path = temporaryFolder();
  gitIn(path)('init', '--quiet', '--initial-branch=trunk');
  expect(await gitFacts(path)).toEqual({ commit: null, branch: 'trunk', dirty: false });
});

test('outside git, and where there is nothing, all is null', async () => {
  const nothing = { commit: null, branch: null, dirty: null };
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'plain'));
  expect(await gitFacts(join(folder, 'plain'), { branch: 'from-ci' })).toEqual(nothing);
  expect(await gitFacts(join(folder, 'missing'))).toEqual(nothing);
});

test("a hook's GIT_DIR does not lead to the hook's repository", async () => {
  const folder = temporaryFolder();
  const ours = repositoryIn(join(folder, 'ours'));
  const other = repositoryIn(join(folder, 'other'));
  other.git('checkout', '--quiet', 'feature/login');
  vi.stubEnv('GIT_DIR', join(other.path, '.git'));
  vi.stubEnv('GIT_INDEX_FILE', join(other.path, '.git', 'index'));
  try {
    expect(await gitFacts(ours.path)).toEqual({ commit: ours.commits.main, branch: 'main', dirty: false });
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each([
  ['not on GitHub', { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' }, null],
  [
    'a push to a branch',
    { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main', GITHUB_HEAD_REF: '' },
    'main',
  ],
  [
    'a pull request',
    { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: '7/merge', GITHUB_HEAD_REF: 'feature/login' },
    'feature/login',
  ],
  ['a tag', { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' }, null],
])('the branch of a CI job: %s', (_, env, branch) => {
  expect(branchOfCi(env)).toBe(branch);
});
