import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { baseOfChange, changeBranchFile, headCommit, readBranchFile } from '../../../src/data/git/ci-repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PLACE = { branch: 'paceline-history', file: 'shop.jsonl' };
const NO_CHANGE = { headCommit: null, baseCommit: null, baseBranch: null };
const noWait = async () => {};

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

function commit(folder: string, file: string): string {
  writeFileSync(join(folder, file), file);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '-m', file);
  return git(folder, 'rev-parse', 'HEAD');
}

/** main has three commits; the change has two since the second. As at GitHub, any commit can be fetched by its id. */
function world() {
  const folder = temporaryFolder();
  const origin = join(folder, 'origin');
  mkdirSync(origin);
  git(origin, 'init', '--quiet');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  commit(origin, 'one');
  const forked = commit(origin, 'two');
  git(origin, 'checkout', '--quiet', '-b', 'topic');
  commit(origin, 'change');
  const head = commit(origin, 'more');
  git(origin, 'checkout', '--quiet', 'main');
  const tip = commit(origin, 'three');
  git(origin, 'checkout', '--quiet', '-b', 'merge');
  git(origin, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
  git(origin, 'checkout', '--quiet', 'main');
  const cloned = (branch: string, ...more: readonly string[]) => {
    const to = join(folder, `clone-${branch}-${more.length}-${Math.random()}`);
    git(folder, 'clone', '--quiet', '--branch', branch, '--single-branch', ...more, `file://${origin}`, to);
    return to;
  };
  return { origin, forked, head, tip, cloned };
}

describe('the base of a change', () => {
  test("is the first parent of GitHub's merge commit, also in a clone with one commit", async () => {
    const { tip, head, forked, cloned } = world();
    for (const more of [['--depth=1'], []]) {
      const top = cloned('merge', ...more);
      // The event may be older than the merge: its base is not what the merge was made with.
      const found = await baseOfChange(top, { headCommit: head, baseCommit: forked, baseBranch: 'main' });
      expect(found).toEqual({ kind: 'commit', commit: tip });
      expect(git(top, 'cat-file', '-t', `${tip}^{tree}`)).toBe('tree');
    }
  });

  test('is the merge base of a branch, whose history is fetched as far as needed', async () => {
    const { tip, head, forked, cloned } = world();
    for (const more of [['--depth=1'], []]) {
      const found = await baseOfChange(cloned('topic', ...more), {
        headCommit: head,
        baseCommit: tip,
        baseBranch: 'main',
      });
      expect(found).toEqual({ kind: 'commit', commit: forked });
    }
  });

  test('is found by the name of the base branch alone', async () => {
    const { forked, cloned } = world();
    const found = await baseOfChange(cloned('topic', '--depth=1'), { ...NO_CHANGE, baseBranch: 'main' });
    expect(found).toEqual({ kind: 'commit', commit: forked });
  });

  test('a complete clone stays complete', async () => {
    const { tip, head, cloned } = world();
    const top = cloned('topic');
    await baseOfChange(top, { headCommit: head, baseCommit: tip, baseBranch: 'main' });
    expect(git(top, 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  test('where it cannot be fetched, the answer says what to set', async () => {
    const { cloned } = world();
    const top = cloned('topic', '--depth=1');
    git(top, 'remote', 'set-url', 'origin', 'file:///nonexistent');
    const found = await baseOfChange(top, { ...NO_CHANGE, baseBranch: 'main' });
    expect(found).toMatchObject({ kind: 'unknown', why: expect.stringContaining('fetch-depth: 0') });
  });
});

describe('a file on a branch', () => {
  test('is none before the first push, and keeps the other files of the branch', async () => {
    const { cloned } = world();
    const [a, b] = [cloned('main', '--depth=1'), cloned('main')];
    expect(await readBranchFile(a, PLACE)).toEqual({ kind: 'none' });
    await changeBranchFile(a, PLACE, () => 'first\n', noWait);
    await changeBranchFile(b, { ...PLACE, file: 'other.jsonl' }, () => 'other\n', noWait);
    expect(await readBranchFile(b, PLACE)).toEqual({ kind: 'read', text: 'first' });
    expect(await readBranchFile(a, { ...PLACE, file: 'other.jsonl' })).toEqual({ kind: 'read', text: 'other' });
  });

  test('loses nothing when jobs push at the same time, and stays one commit', async () => {
    const { origin, cloned } = world();
    const jobs = ['a', 'b', 'c', 'd'];
    const pushed = await Promise.all(
      jobs.map((job) => changeBranchFile(cloned('main', '--depth=1'), PLACE, (before) => `${before}${job}\n`, noWait)),
    );
    expect(pushed.map(({ kind }) => kind)).toEqual(jobs.map(() => 'pushed'));
    const text = git(origin, 'show', `${PLACE.branch}:${PLACE.file}`);
    expect(text.split('\n').toSorted()).toEqual(jobs);
    expect(git(origin, 'rev-list', '--count', PLACE.branch)).toBe('1');
  });

  test('a change that comes between reading and pushing is read again', async () => {
    const { cloned } = world();
    const [a, b] = [cloned('main'), cloned('main')];
    let first = true;
    const pushed = await changeBranchFile(
      a,
      PLACE,
      (before) => {
        if (first) {
          first = false;
          writeAside(b, 'theirs\n');
        }
        return `${before}ours\n`;
      },
      noWait,
    );
    expect(pushed).toEqual({ kind: 'pushed', attempts: 2 });
    expect(await readBranchFile(b, PLACE)).toEqual({ kind: 'read', text: 'theirs\nours' });
  });

  test('the checked-out branch and the files of the job do not change', async () => {
    const { cloned } = world();
    const top = cloned('main');
    const before = await headCommit(top);
    await changeBranchFile(top, PLACE, () => 'x\n', noWait);
    expect(await headCommit(top)).toBe(before);
    expect(git(top, 'status', '--porcelain')).toBe('');
    expect(git(top, 'for-each-ref', 'refs/paceline')).toBe('');
  });
});

/** What another job pushes, by plain git. */
function writeAside(top: string, text: string): void {
  git(top, 'checkout', '--quiet', '--orphan', 'aside');
  git(top, 'rm', '-rq', '--cached', '.');
  writeFileSync(join(top, PLACE.file), text);
  git(top, 'add', PLACE.file);
  git(top, 'commit', '--quiet', '-m', 'aside');
  git(top, 'push', '--quiet', 'origin', `HEAD:refs/heads/${PLACE.branch}`);
}
