/** Repositories of every shape, read through a view and checked out. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkout } from '../../../src/data/git/checkout.ts';
import { gitFacts } from '../../../src/data/git/worktree-facts.ts';
import { withHarmlessGit } from '../../../src/data/git/git-of-others.ts';
import { findRepository } from '../../../src/data/git/git-repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { gitIn, repositoryIn } from '../repositories.ts';

// Many commands of git, each of which a busy machine makes slow.
vi.setConfig({ testTimeout: 60_000 });

interface Shape {
  readonly path: string;
  readonly branch: string | null;
}

/** Each makes a project in the folder, out of a repository `origin` there. */
const SHAPES: Readonly<Record<string, (root: string) => Shape>> = {
  'an additional work tree': (root) => {
    gitIn(join(root, 'origin'))('worktree', 'add', '--quiet', '-b', 'other', join(root, 'tree'), 'main');
    return { path: join(root, 'tree'), branch: 'other' };
  },
  'a submodule': (root) => {
    const outer = repositoryIn(join(root, 'outer'));
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(root, 'origin'), 'inner');
    return { path: join(root, 'outer', 'inner'), branch: 'main' };
  },
  'a shallow clone': (root) => {
    gitIn(root)('clone', '--quiet', '--depth', '1', `file://${root}/origin`, 'shallow');
    return { path: join(root, 'shallow'), branch: 'main' };
  },
  'a partial clone': (root) => {
    gitIn(join(root, 'origin'))('config', 'uploadpack.allowFilter', 'true');
    gitIn(root)('clone', '--quiet', '--filter=blob:none', `file://${root}/origin`, 'partial');
    return { path: join(root, 'partial'), branch: 'main' };
  },
  'a sparse checkout': (root) => {
    const git = gitIn(join(root, 'origin'));
    git('sparse-checkout', 'set', '--cone', '--sparse-index', 'services');
    return { path: join(root, 'origin'), branch: 'main' };
  },
  'a repository with packed refs and a split index': (root) => {
    const git = gitIn(join(root, 'origin'));
    git('pack-refs', '--all');
    git('gc', '--quiet');
    git('update-index', '--split-index');
    return { path: join(root, 'origin'), branch: 'main' };
  },
  'a repository whose objects are in another': (root) => {
    gitIn(root)('clone', '--quiet', '--shared', 'origin', 'sharing');
    return { path: join(root, 'sharing'), branch: 'main' };
  },
  'a git directory elsewhere': (root) => {
    renameSync(join(root, 'origin', '.git'), join(root, 'elsewhere'));
    writeFileSync(join(root, 'origin', '.git'), 'gitdir: ../elsewhere\n');
    return { path: join(root, 'origin'), branch: 'main' };
  },
  'a configuration that git cannot read': (root) => {
    writeFileSync(join(root, 'origin', '.git', 'config'), '[core\nx');
    return { path: join(root, 'origin'), branch: 'main' };
  },
  'a configuration for each work tree': (root) => {
    const git = gitIn(join(root, 'origin'));
    git('config', 'extensions.worktreeConfig', 'true');
    git('config', '--worktree', 'core.fileMode', 'false');
    return { path: join(root, 'origin'), branch: 'main' };
  },
};

describe.each(Object.entries(SHAPES))('%s', (_, make) => {
  test('has its commit, branch and state, and is checked out', async () => {
    const root = temporaryFolder();
    const { commits } = repositoryIn(join(root, 'origin'));
    const { path, branch } = make(root);
    expect(await gitFacts(path)).toEqual({ commit: commits.main, branch, dirty: false });
    const to = join(root, 'data', 'source');
    expect(await checkout({ source: { path, ref: 'HEAD' }, to })).toEqual({
      directory: to,
      commit: commits.main,
      branch,
      notes: [],
    });
    expect(readFileSync(join(to, 'version.txt'), 'utf8')).toBe('tagged');
    expect(await gitFacts(to)).toEqual({ commit: commits.main, branch: null, dirty: false });
    mkdirSync(join(path, 'new'), { recursive: true });
    writeFileSync(join(path, 'new', 'file'), '');
    expect((await gitFacts(path)).dirty).toBe(true);
  });
});

test('a partial clone gives a commit whose files it does not have', async () => {
  const root = temporaryFolder();
  const { commits } = repositoryIn(join(root, 'origin'));
  const { path } = SHAPES['a partial clone']!(root);
  const to = join(root, 'source');
  await checkout({ source: { path, ref: commits.first }, to });
  expect(readFileSync(join(to, 'version.txt'), 'utf8')).toBe('first');
});

test.skipIf(/git version 2\.[012]\d?\./.test(gitIn('/')('--version')))('a repository of SHA-256', async () => {
  const path = join(temporaryFolder(), 'repo');
  mkdirSync(path);
  const git = gitIn(path);
  git('init', '--quiet', '--object-format=sha256', '--initial-branch=main');
  writeFileSync(join(path, 'file'), 'content');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'one');
  const commit = git('rev-parse', 'HEAD');
  expect(await gitFacts(path)).toEqual({ commit, branch: 'main', dirty: false });
  expect(await checkout({ source: { path, ref: 'main' }, to: `${path}-2` })).toMatchObject({ commit });
});

test('a change in a submodule is a change, however deep', async () => {
  const root = temporaryFolder();
  repositoryIn(join(root, 'origin'));
  const { path } = SHAPES['a submodule']!(root);
  const outer = join(root, 'outer');
  gitIn(outer)('commit', '--quiet', '--message', 'a submodule');
  expect((await gitFacts(outer)).dirty).toBe(false);
  writeFileSync(join(path, 'version.txt'), 'changed');
  expect((await gitFacts(outer)).dirty).toBe(true);
});

test('ignores an empty .git and uses the repository above', async () => {
  const { path } = repositoryIn(join(temporaryFolder(), 'repo'));
  mkdirSync(join(path, 'services', '.git'));
  expect((await findRepository(join(path, 'services')))?.top).toBe(path);
  rmSync(join(path, '.git'), { recursive: true });
  expect(await findRepository(join(path, 'services'))).toBeNull();
});

test('programs that start git get none of the variables that send it elsewhere, and those of the project stay', async () => {
  const env = { GIT_DIR: '/x', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_COMMIT: 'abc', A: 'b' };
  const harmless = await withHarmlessGit(env);
  expect(harmless).toMatchObject({ GIT_COMMIT: 'abc', A: 'b', BUILDX_GIT_INFO: 'false', GIT_CONFIG_VALUE_0: 'false' });
  expect(harmless).not.toHaveProperty('GIT_DIR');
});
