import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readProjectPlan } from '../../src/cli/project-plan.ts';
import { readSource } from '../../src/cli/source.ts';
import { checkout, resolveRef } from '../../src/data/git/checkout.ts';
import { worktreeDigest } from '../../src/data/git/ref-facts.ts';
import { gitFacts } from '../../src/data/git/worktree-facts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainGitRuns, plantedIn, type Planted } from './planted.ts';

// Many commands of git, each of which a busy machine makes slow.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllEnvs());

/** The repository with its variables set, and something to work in. */
function planted(): Planted & { readonly root: string } {
  const root = temporaryFolder();
  const found = plantedIn(root);
  for (const [name, value] of Object.entries(found.env)) vi.stubEnv(name, value);
  return { ...found, root };
}

const io = { cwd: '/', env: process.env, out: () => {}, err: () => {} } as unknown as Parameters<typeof readSource>[1];

test('what is planted here is run by plain git', () => {
  const found = plantedIn(temporaryFolder());
  expect(plainGitRuns(found)).toBe(true);
});

test('the state of a folder is read without a program of its repository', async () => {
  const { path, commit, ran } = planted();
  expect(await gitFacts(path)).toEqual({ commit, branch: 'main', dirty: false });
  expect(await resolveRef(path, 'main')).toBe(commit);
  expect(ran()).toEqual([]);
});

test.each([
  ['a commit of a folder', (path: string) => ({ path, ref: 'main' })],
  ['a path given as a URL', (path: string) => ({ git: path })],
  ['a file:// URL', (path: string) => ({ git: `file://${path}`, ref: 'main' })],
])('%s is checked out without one', async (_, sourceOf) => {
  const { path, commit, root, ran } = planted();
  const to = join(root, 'data', 'source');
  const made = await checkout({ source: sourceOf(path), to });
  expect(made).toMatchObject({ commit });
  expect(readFileSync(join(to, 'version.txt'), 'utf8')).toBe('tagged');
  expect(readFileSync(join(to, '.git', 'config'), 'utf8')).not.toContain('programs');
  expect(ran()).toEqual([]);
});

test.each([
  ['the folder as it is', (path: string) => ({ project: path })],
  ['a commit of it', (path: string) => ({ project: path, ref: 'main' })],
  ['it as a URL', (path: string) => ({ project: '.', git: path })],
])('the command line reads %s without one', async (_, flagsOf) => {
  const { path, commit, ran } = planted();
  const read = await readSource(flagsOf(path), io);
  expect(read.commit).toBe(commit);
  expect(await worktreeDigest(path)).toBeNull();
  expect((await readProjectPlan(flagsOf(path), read.source, async () => read.project.name)).plan.project).toBe(
    'planted',
  );
  expect(ran()).toEqual([]);
});

test('called in the planted repository, another one is fetched without a program of this one', async () => {
  const { path, root, ran } = planted();
  const before = process.cwd();
  process.chdir(path);
  try {
    const git = 'ssh://someone@127.0.0.1:1/x.git';
    await expect(readSource({ project: '.', git }, io)).rejects.toMatchObject({ problem: { type: 'WrongUsage' } });
    await expect(checkout({ source: { git }, to: join(root, 'source') })).rejects.toMatchObject({
      problem: { type: 'SourceUnavailable' },
    });
  } finally {
    process.chdir(before);
  }
  expect(existsSync(join(root, 'source'))).toBe(false);
  expect(ran()).toEqual([]);
});

test('git is started in one place of the code', () => {
  const src = new URL('../../src/', import.meta.url).pathname;
  const files = readdirSync(src, { recursive: true }).map(String);
  const starting = files.filter(
    (file) =>
      file.endsWith('.ts') &&
      /(runCommand\(\[|execa\(|spawn\w*\(|exec\w*\()\s*'git'/.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(starting).toEqual(['data/git/git-command.ts']);
});
