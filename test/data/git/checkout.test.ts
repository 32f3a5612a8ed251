import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { checkout, resolveRef } from '../../../src/data/git/checkout.ts';
import { withoutSecrets } from '../../../src/data/git/git-command.ts';
import { gitFacts } from '../../../src/data/git/worktree-facts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { gitIn, repositoryIn, type Repository } from '../repositories.ts';

const REFS: readonly [string, (repository: Repository) => string, keyof Repository['commits'], string | null][] = [
  ['a branch', () => 'feature/login', 'feature', 'feature/login'],
  ['an annotated tag', () => 'v1', 'tagged', null],
  ['a commit', ({ commits }) => commits.first, 'first', null],
  ['the beginning of a commit', ({ commits }) => commits.first.slice(0, 10), 'first', null],
  ['what goes back from a branch', () => 'main~2', 'first', null],
  ['HEAD', () => 'HEAD', 'main', 'main'],
  ['a commit that no branch or tag leads to', ({ commits }) => commits.orphan, 'orphan', null],
];

test.each(REFS)('of a path: %s', async (_, refOf, expected, branch) => {
  const folder = temporaryFolder();
  const repository = repositoryIn(join(folder, 'repo'));
  const commit = repository.commits[expected];
  const to = join(folder, 'data', 'source');
  const made = await checkout({ source: { path: repository.path, ref: refOf(repository) }, to });
  expect(made).toEqual({ directory: to, commit, branch, notes: [] });
  expect(await gitFacts(to)).toEqual({ commit, branch: null, dirty: false });
  expect(await resolveRef(repository.path, refOf(repository))).toBe(commit);
  expect(readdirSync(join(folder, 'data'))).toEqual(['source']);
});

test.each(REFS.filter(([name]) => !name.startsWith('HEAD') && !name.includes('back')))(
  'of a URL: %s',
  async (_, refOf, expected, branch) => {
    const folder = temporaryFolder();
    const repository = repositoryIn(join(folder, 'repo'));
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const to = join(folder, 'source');
    const made = await checkout({ source: { git: `file://${repository.path}`, ref: refOf(repository) }, to });
    expect(made).toEqual({ directory: to, commit: repository.commits[expected], branch, notes: [] });
    expect(gitIn(to)('rev-parse', 'HEAD')).toBe(repository.commits[expected]);
  },
);

test('of a URL without a ref: its default branch', async () => {
  const folder = temporaryFolder();
  const { path, git, commits } = repositoryIn(join(folder, 'repo'));
  git('checkout', '--quiet', 'feature/login');
  const made = await checkout({ source: { git: `file://${path}` }, to: join(folder, 'source') });
  expect(made).toMatchObject({ commit: commits.feature, branch: 'feature/login' });
});

test('of a URL: what only the server knows, such as a pull request', async () => {
  const folder = temporaryFolder();
  const { path, git, commits } = repositoryIn(join(folder, 'repo'));
  git('update-ref', 'refs/pull/7/head', commits.orphan);
  const made = await checkout({
    source: { git: `file://${path}`, ref: 'refs/pull/7/head' },
    to: join(folder, 'source'),
  });
  expect(made).toMatchObject({ commit: commits.orphan, branch: null });
});

test('changes that are not committed stay where they are, on both sides', async () => {
  const folder = temporaryFolder();
  const { path, git } = repositoryIn(join(folder, 'repo'));
  writeFileSync(join(path, 'version.txt'), 'not committed');
  const before = git('status', '--porcelain');
  await checkout({ source: { path, ref: 'HEAD' }, to: join(folder, 'source') });
  expect(readFileSync(join(folder, 'source', 'version.txt'), 'utf8')).toBe('tagged');
  expect(git('status', '--porcelain')).toBe(before);
});

test('the clone lives on without its origin and shares no file with it', async () => {
  const folder = temporaryFolder();
  const { path } = repositoryIn(join(folder, 'repo'));
  const to = join(folder, 'source');
  await checkout({ source: { path, ref: 'v1' }, to });
  const objects = join(to, '.git', 'objects');
  const files = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const { parentPath, name } of files) expect(statSync(join(parentPath, name)).nlink).toBe(1);
  rmSync(path, { recursive: true });
  expect(gitIn(to)('fsck', '--full')).not.toContain('missing');
});

test('a project in a folder of its repository is that folder of the clone', async () => {
  const folder = temporaryFolder();
  const { path, commits } = repositoryIn(join(folder, 'repo'));
  const made = await checkout({
    source: { path: join(path, 'services', 'api'), ref: 'main' },
    to: join(folder, 'source'),
  });
  expect(made).toMatchObject({ commit: commits.main, directory: join(folder, 'source', 'services', 'api') });
  expect(readdirSync(made.directory)).toEqual(['Dockerfile.test']);
});

test('a folder of a URL is that folder of the clone, and never one outside of it', async () => {
  const folder = temporaryFolder();
  const { path, git, commits } = repositoryIn(join(folder, 'repo'));
  const of = (subfolder: string) =>
    checkout({ source: { git: `file://${path}`, path: subfolder }, to: join(folder, 'source') });
  for (const subfolder of ['services/api', 'services/api/', './services//api'])
    expect(await of(subfolder)).toMatchObject({
      commit: commits.main,
      directory: join(folder, 'source', 'services', 'api'),
    });
  expect(await of('.')).toMatchObject({ directory: join(folder, 'source') });
  symlinkSync('/etc', join(path, 'elsewhere'));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a link');
  for (const subfolder of ['elsewhere', 'missing', 'version.txt'])
    await expect(of(subfolder)).rejects.toMatchObject({
      problem: { type: 'SourceUnavailable', what: expect.stringMatching(/^The directory .* does not exist/) },
    });
  for (const subfolder of ['/etc', '..', 'a/../../b'])
    await expect(of(subfolder)).rejects.toMatchObject({ problem: { type: 'WrongUsage' } });
});

test('a directory that does not exist at the ref is a problem that names it', async () => {
  const folder = temporaryFolder();
  const { path } = repositoryIn(join(folder, 'repo'));
  const source = { path: join(path, 'services', 'api'), ref: 'v1' };
  await expect(checkout({ source, to: join(folder, 'data', 'source') })).rejects.toMatchObject({
    problem: { type: 'SourceUnavailable', what: expect.stringMatching(/^The directory services\/api of .* at commit/) },
  });
  expect(readdirSync(join(folder, 'data'))).toEqual([]);
});

test.each([
  ['a ref that is not there', 'v9', 'SourceUnavailable', 'There is no commit "v9" in '],
  [
    'a ref that would be an option',
    '--upload-pack=touch /tmp/x',
    'WrongUsage',
    '"--upload-pack=touch /tmp/x" is not a git ref.',
  ],
  ['no ref at all', '', 'WrongUsage', '"" is not a git ref.'],
  ['shell text', '$(touch x); v1', 'SourceUnavailable', 'There is no commit "$(touch x); v1" in '],
])('%s', async (_, ref, type, what) => {
  const folder = temporaryFolder();
  const { path } = repositoryIn(join(folder, 'repo'));
  const problem = { type, what: expect.stringContaining(what) };
  const to = join(folder, 'data', 'source');
  await expect(checkout({ source: { path, ref }, to })).rejects.toMatchObject({ problem });
  await expect(checkout({ source: { git: `file://${path}`, ref }, to })).rejects.toMatchObject({ problem });
  await expect(resolveRef(path, ref)).rejects.toMatchObject({ problem });
  expect(existsSync(to)).toBe(false);
});

test('a missing directory or repository is a problem that names it', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'plain'));
  const to = join(folder, 'source');
  const what = (text: string) => ({ problem: { type: 'SourceUnavailable', what: expect.stringContaining(text) } });
  await expect(resolveRef(join(folder, 'plain'), 'main')).rejects.toMatchObject(what('is not in a git repository'));
  await expect(resolveRef(join(folder, 'missing'), 'main')).rejects.toMatchObject(what('There is no directory'));
  await expect(checkout({ source: { git: `file://${folder}/missing` }, to })).rejects.toMatchObject(
    what('cannot be cloned'),
  );
  await expect(checkout({ source: { git: '-x' }, to })).rejects.toMatchObject({ problem: { type: 'WrongUsage' } });
});

test('a second attempt replaces what the first one left', async () => {
  const folder = temporaryFolder();
  const { path, commits } = repositoryIn(join(folder, 'repo'));
  const to = join(folder, 'source');
  await checkout({ source: { path, ref: 'main' }, to });
  await checkout({ source: { path, ref: 'v1' }, to });
  expect(gitIn(to)('rev-parse', 'HEAD')).toBe(commits.tagged);
});

test('hooks do not run, even where the machine has some for every repository', async () => {
  const folder = temporaryFolder();
  const { path } = repositoryIn(join(folder, 'repo'));
  writeFileSync(join(folder, 'post-checkout'), `#!/bin/sh\ntouch '${folder}/ran'\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'gitconfig'), `[core]\n\thooksPath = ${folder}\n`);
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
  try {
    await checkout({ source: { path, ref: 'v1' }, to: join(folder, 'source') });
  } finally {
    vi.unstubAllEnvs();
  }
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('submodules that cannot be fetched are a note', async () => {
  const folder = temporaryFolder();
  const library = repositoryIn(join(folder, 'library'));
  const { path, git } = repositoryIn(join(folder, 'repo'));
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'vendor/library');
  git('commit', '--quiet', '--message', 'a submodule');
  rmSync(library.path, { recursive: true });
  const { notes } = await checkout({ source: { path, ref: 'main' }, to: join(folder, 'source') });
  expect(notes).toEqual([expect.stringMatching(/^Not all submodules could be fetched\. ./)]);
});

test.skipIf(process.getuid?.() !== 0)("another user's repository can be read and cloned", async () => {
  const folder = temporaryFolder();
  const { path, commits } = repositoryIn(join(folder, 'repo'));
  for (const name of ['', ...readdirSync(path, { recursive: true }).map(String)])
    chownSync(join(path, name), 65_534, 65_534);
  expect(await gitFacts(path)).toEqual({ commit: commits.main, branch: 'main', dirty: false });
  const made = await checkout({ source: { path, ref: commits.orphan }, to: join(folder, 'source') });
  expect(made.commit).toBe(commits.orphan);
});

test('on abort it rejects with the reason and leaves nothing', async () => {
  const folder = temporaryFolder();
  const { path } = repositoryIn(join(folder, 'repo'));
  const reason = new Error('the run was cancelled');
  const controller = new AbortController();
  const to = join(folder, 'data', 'source');
  const working = checkout({ source: { path, ref: 'v1' }, to, signal: controller.signal });
  controller.abort(reason);
  await expect(working).rejects.toBe(reason);
  expect(existsSync(to)).toBe(false);
});

test('never shows credentials of URLs', () => {
  expect(withoutSecrets("fatal: unable to access 'https://me:secret@example.invalid/x.git/'")).toBe(
    "fatal: unable to access 'https://example.invalid/x.git/'",
  );
});
