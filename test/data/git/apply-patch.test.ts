import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyPatch, checkPatch } from '../../../src/data/git/apply-patch.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NAME = 'The patch of the head';
const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);

let directory: string;
let good: string;
let outdated: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.email=a@example.com', '-c', 'user.name=a', ...args], {
    cwd: directory,
    encoding: 'utf8',
  });

beforeEach(() => {
  directory = temporaryFolder();
  git('init', '--quiet', '.');
  mkdirSync(join(directory, 'src'));
  writeFileSync(join(directory, 'src', 'a.txt'), LINES.join(''));
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  writeFileSync(join(directory, 'src', 'a.txt'), LINES.with(1, 'second\n').with(19, 'twentieth\n').join(''));
  good = git('diff');
  git('checkout', '--quiet', '.');
  outdated = good.replace('\n line 17\n', '\n line seventeen\n');
});

describe.each([true, false])('a patch on a copy (a clone of our own: %s)', (ownRepository) => {
  test('changes its files', async () => {
    await applyPatch(directory, { patch: good, name: NAME, ownRepository });
    expect(readFileSync(join(directory, 'src', 'a.txt'), 'utf8')).toContain('line 1\nsecond\n');
  });

  test('that does not fit changes nothing, and names file and hunk', async () => {
    await expect(applyPatch(directory, { patch: outdated, name: NAME, ownRepository })).rejects.toMatchObject({
      problem: {
        type: 'WrongUsage',
        what: 'The patch of the head does not apply: src/a.txt, hunk 2 (@@ -17,7 +17,7 @@).',
      },
    });
    expect(git('status', '--porcelain')).toBe('');
  });

  test.each([
    ['no patch at all', 'hello\n', 'No valid patches in input'],
    ['a path out of the copy', '--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+a\n', "invalid path '../x'"],
    ['a file that is not there', '--- a/zz\n+++ b/zz\n@@ -1 +1 @@\n-a\n+b\n', 'zz: No such file'],
    ['the configuration of git', '--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+a\n', 'invalid path'],
    ['a file behind a link', '--- /dev/null\n+++ b/out/x\n@@ -0,0 +1 @@\n+a\n', 'beyond a symbolic link'],
  ])('is refused: %s', async (_, patch, what) => {
    symlinkSync('/tmp', join(directory, 'out'));
    await expect(applyPatch(directory, { patch, name: NAME, ownRepository })).rejects.toThrow(what);
  });
});

describe('a patch is checked against a commit', () => {
  test('whatever the files of the folder are, from a folder of the repository too', async () => {
    writeFileSync(join(directory, 'src', 'a.txt'), 'other\n');
    await checkPatch(join(directory, 'src'), git('rev-parse', 'HEAD').trim(), { patch: good, name: NAME });
    expect(git('status', '--porcelain')).toBe(' M src/a.txt\n');
  });

  test('and refused with file and hunk', async () => {
    const check = checkPatch(directory, git('rev-parse', 'HEAD').trim(), { patch: outdated, name: NAME });
    await expect(check).rejects.toThrow('src/a.txt, hunk 2 (@@ -17,7 +17,7 @@)');
  });
});
