import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextFacts, contextFiles } from '../../../src/docker/build/build-context.ts';
import { readDockerignore } from '../../../src/docker/build/dockerignore.ts';
import { changeSource, fileToChange, restoreSource } from '../../../src/docker/build/source-change.ts';
import { layOut as layOutIn } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('.dockerignore', () => {
  test.each([
    ['docs', 'docs/a/b.md', true],
    ['docs/', 'docs/a.md', true],
    ['/docs', 'docs/a.md', true],
    ['docs', 'src/docs/a.md', false],
    ['*.pyc', 'a.pyc', true],
    ['*.pyc', 'src/a.pyc', false],
    ['**/*.pyc', 'src/deep/a.pyc', true],
    ['**/*.pyc', 'a.pyc', true],
    ['**/__pycache__', 'src/__pycache__/a.pyc', true],
    ['src/?.py', 'src/a.py', true],
    ['src/?.py', 'src/ab.py', false],
    ['src/[ab].py', 'src/c.py', false],
    ['a+b.txt', 'a+b.txt', true],
    ['.', 'a.txt', false],
    ['# a.txt', 'a.txt', false],
    ['*\n!README.md', 'README.md', false],
    ['*\n!README.md', 'src/a.py', true],
    ['!a.txt\na.txt', 'a.txt', true],
    ['[', 'a.txt', false],
    ['A', 'a', false],
    ['(x)$', '(x)$', true],
    ['a/../b', 'b', true],
    ['../a', 'a', false],
    ['a//./b', 'a/b', true],
    ['**a', 'x/a', true],
    ['**a', 'x/ya', false],
    ['a/**', 'a/b/c', true],
    ['**\n!a/b', 'a/b', false],
    [' docs \r\n! docs/x\r\n', 'docs/x', false],
  ])('%j and %s: left out %s', (text, path, ignored) => {
    expect(readDockerignore(text).ignores(path)).toBe(ignored);
  });
});

const layOut = (files: Readonly<Record<string, string>>) => layOutIn(temporaryFolder(), files);

const buildIn = (context: string) => ({ context, dockerfile: join(context, 'Dockerfile') });

describe('the build context', () => {
  test('is what .dockerignore lets through, also from within a folder that is ignored', async () => {
    const context = layOut({
      '.dockerignore': 'docs\n!docs/keep.md\n*.log',
      'docs/a.md': 'a',
      'docs/keep.md': 'b',
      'x.log': 'c',
      'src/a.py': 'd',
    });
    const files = (await contextFiles(buildIn(context))) ?? [];
    expect(files.map(({ path }) => path)).toEqual(['.dockerignore', 'docs/keep.md', 'src/a.py']);
  });

  test("uses NAME.dockerignore next to the Dockerfile before the context's own", async () => {
    const context = layOut({ '.dockerignore': '*', 'Dockerfile.dockerignore': 'b*', a: '', b: '' });
    const files = (await contextFiles(buildIn(context))) ?? [];
    expect(files.map(({ path }) => path)).toContain('a');
    expect(files.map(({ path }) => path)).not.toContain('b');
  });

  test('is not known where it is a URL', async () => {
    expect(await contextFiles({ context: 'https://example.org/x.git', dockerfile: 'Dockerfile' })).toBeNull();
  });

  test('is described by its size, by the files that tools left in it, and by the files written since', () => {
    const file = (path: string, bytes: number, changedMs = 0) => ({ path, bytes, changedMs });
    const files = [file('.git/x', 5), file('.git/y', 5), file('src/p/__pycache__/a.pyc', 2), file('src/a.py', 90, 7)];
    expect(contextFacts(files, 6)).toEqual({
      files: 4,
      bytes: 102,
      largest: [
        { path: 'src', bytes: 92 },
        { path: '.git', bytes: 10 },
      ],
      writtenByTools: [
        { path: '.git', bytes: 10 },
        { path: 'src/p/__pycache__', bytes: 2 },
      ],
      changed: ['src/a.py'],
    });
    expect(contextFacts(files, null).changed).toEqual([]);
  });
});

describe('the file of a source change', () => {
  test.each([
    [['tests/a.py', 'setup.py', 'src/app/__init__.py', 'src/app/core.py', 'src/app/z.py'], 'src/app/core.py'],
    [['conftest.py', 'pkg/__init__.py'], 'conftest.py'],
    [['tests/test_a.py'], 'tests/test_a.py'],
    [['README.md'], null],
  ])('of %j is %s', (paths, file) => {
    expect(fileToChange(paths.map((path) => ({ path, bytes: 1, changedMs: 0 })))).toBe(file);
  });
});

describe('a source change', () => {
  const before = 'x = 1';
  const at = new Date('2020-01-02T03:04:05Z');
  const prepare = () => {
    const context = layOut({ 'a.py': before });
    utimesSync(join(context, 'a.py'), at, at);
    return { context, file: 'a.py', journal: join(context, 'journal'), mark: 'run 1' };
  };

  test('is a comment of its own line, and taken back to the last byte and the time', async () => {
    const change = prepare();
    await changeSource(change);
    expect(readFileSync(join(change.context, 'a.py'), 'utf8')).toBe('x = 1\n# run 1\n');
    await restoreSource(change.journal);
    expect(readFileSync(join(change.context, 'a.py'), 'utf8')).toBe(before);
    expect(statSync(join(change.context, 'a.py')).mtimeMs).toBe(at.getTime());
  });

  test('made again by the attempt after a worker that died is the same change', async () => {
    const change = prepare();
    await changeSource(change);
    await changeSource(change);
    expect(readFileSync(join(change.context, 'a.py'), 'utf8')).toBe('x = 1\n# run 1\n');
    await restoreSource(change.journal);
    await restoreSource(change.journal);
    expect(readFileSync(join(change.context, 'a.py'), 'utf8')).toBe(before);
  });
});
