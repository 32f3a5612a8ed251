import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { addToCopy, copyTree } from '../../src/data/copy-tree.ts';
import { removeTree } from '../../src/data/remove-tree.ts';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHILD = new URL('copy-tree.child.ts', import.meta.url).pathname;

/** Every path of a tree with what a copy must keep. */
function listing(root: string): Record<string, unknown> {
  const paths = [root, ...readdirSync(root, { recursive: true }).map((path) => join(root, String(path)))];
  return Object.fromEntries(
    paths.map((path) => {
      const { mode, uid, gid, mtimeMs } = lstatSync(path);
      const isLink = lstatSync(path).isSymbolicLink();
      const content = isLink ? readlinkSync(path) : lstatSync(path).isFile() ? readFileSync(path, 'utf8') : null;
      return [relative(root, path), { mode, uid, gid, seconds: Math.trunc(mtimeMs / 1000), content }];
    }),
  );
}

function write(path: string, content: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}

/** A project with ignored and hidden files, odd names, links of every kind, modes and old times. */
function project(root: string): string {
  const from = join(root, 'project');
  write(join(from, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  write(join(from, '.gitignore'), 'ignored/\n');
  write(join(from, 'ignored', 'data.bin'), 'kept');
  write(join(from, 'tests', 'test_🐢 "quoted"\n.py'), 'def test(): pass\n');
  write(join(from, '-rf'), 'not a flag');
  write(join(from, 'run.sh'), '#!/bin/sh\n');
  chmodSync(join(from, 'run.sh'), 0o755);
  mkdirSync(join(from, 'empty'));
  symlinkSync('run.sh', join(from, 'link'));
  symlinkSync('/etc', join(from, 'out'));
  symlinkSync('nowhere', join(from, 'dangling'));
  utimesSync(join(from, 'run.sh'), 1_000_000_000, 1_000_000_000);
  lutimesSync(join(from, 'link'), 1_100_000_000, 1_100_000_000);
  utimesSync(join(from, 'ignored'), 1_200_000_000, 1_200_000_000);
  return from;
}

test('copies everything exactly and leaves the source unchanged', async () => {
  const root = temporaryFolder();
  const from = project(root);
  const before = listing(from);
  await copyTree(from, join(root, 'data', 'source'));
  expect(listing(join(root, 'data', 'source'))).toEqual(before);
  expect(listing(from)).toEqual(before);
  expect(readdirSync(join(root, 'data'))).toEqual(['source']);
});

test('leaves out exclusions with their contents, and copies the rest exactly', async () => {
  const root = temporaryFolder();
  const from = project(root);
  write(join(from, 'a', 'b', 'data', 'runs', 'old'), 'large');
  write(join(from, 'a', 'b', 'data-2'), 'kept');
  utimesSync(join(from, 'a', 'b'), 1_300_000_000, 1_300_000_000);
  utimesSync(join(from, 'a'), 1_400_000_000, 1_400_000_000);
  const expected = listing(from);
  for (const path of Object.keys(expected))
    if (path.startsWith('a/b/data/') || path === 'a/b/data') delete expected[path];
  await copyTree(from, join(root, 'copy'), { exclude: [join(from, 'a', 'b', 'data')] });
  expect(listing(join(root, 'copy'))).toEqual(expected);
});

test('sockets and pipes are left out', async () => {
  const root = temporaryFolder();
  const from = project(root);
  execFileSync('mkfifo', [join(from, 'pipe')]);
  const server = createServer().listen(join(from, 'tests', 'socket'));
  await new Promise((listening) => server.once('listening', listening));
  await copyTree(from, join(root, 'copy'));
  server.close();
  expect(readdirSync(join(root, 'copy'))).not.toContain('pipe');
  expect(readdirSync(join(root, 'copy', 'tests'))).toEqual(['test_🐢 "quoted"\n.py']);
});

/** Names with bytes that are not UTF-8, as a list of `latin1` texts: Node's own strings cannot hold them. */
function bytesBelow(root: string): string[] {
  const found = execFileSync('find', ['.', '-printf', '%P %y %m %n %s %l\\0'], { cwd: root, encoding: 'latin1' });
  return found.split('\0').sort();
}

test('whatever a file may be called, and whatever it is, does not stop a copy', async () => {
  const root = temporaryFolder();
  const from = project(root);
  const at = (name: string) => Buffer.from(`${from}/${name}`, 'latin1');
  mkdirSync(at('caf\xe9'));
  for (const name of ['caf\xe9/\xff\n.txt', 'caf\xe9.txt', 'tests/-n\\x', '-', 'x'.repeat(255)])
    writeFileSync(at(name), name);
  execFileSync('mkfifo', [join(from, 'pipe')]);
  execFileSync('sh', ['-c', 'mkfifo "$(printf \'caf\\351\')/pipe"; mkdir -p a/b; ln -s .. a/b/loop; ln -s self self'], {
    cwd: from,
  });
  execFileSync('sh', ['-c', 'ln run.sh hard; chmod 4755 hard; truncate -s 5G sparse; mkdir empty2'], { cwd: from });
  const expected = bytesBelow(from).filter((line) => !line.includes(' p '));
  await copyTree(from, join(root, 'data', 'source'));
  expect(bytesBelow(join(root, 'data', 'source'))).toEqual(expected);
});

test('a path as long as the system takes is copied to a longer one', async () => {
  const root = temporaryFolder();
  const from = project(root);
  const deep = Array.from({ length: 15 }, () => 'd'.repeat(240)).join('/');
  execFileSync('mkdir', ['-p', deep], { cwd: from });
  const to = join(root, 'l'.repeat(200), 'm'.repeat(200), 'n'.repeat(200), 'source');
  await copyTree(from, to);
  expect(execFileSync('find', ['.', '-type', 'd', '-name', 'ddd*'], { cwd: to, encoding: 'utf8' })).toContain(deep);
  execFileSync('rm', ['-rf', to, from]);
});

test('parts are added to a copy with the folders they are in, and what is there stays', async () => {
  const root = temporaryFolder();
  const top = { from: join(root, 'repo'), to: join(root, 'copy') };
  for (const name of ['services/api/a.py', 'libs/x/one', 'libs/x/two', 'libs/x/skip/big', 'base.yml', 'other'])
    write(join(top.from, name), name);
  chmodSync(join(top.from, 'libs'), 0o750);
  await copyTree(join(top.from, 'services', 'api'), join(top.to, 'services', 'api'));
  write(join(top.to, 'services', 'api', 'a.py'), 'changed here');
  await addToCopy(top, join(top.from, 'base.yml'));
  await addToCopy(top, join(top.from, 'libs', 'x', 'one'));
  await addToCopy(top, join(top.from, 'libs', 'x'), { exclude: [join(top.from, 'libs', 'x', 'skip')] });
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: top.to, encoding: 'utf8' });
  expect(files.trim().split('\n').sort()).toEqual([
    './base.yml',
    './libs/x/one',
    './libs/x/two',
    './services/api/a.py',
  ]);
  expect(lstatSync(join(top.to, 'libs')).mode & 0o777).toBe(0o750);
  await addToCopy(top, top.from);
  expect(readFileSync(join(top.to, 'services', 'api', 'a.py'), 'utf8')).toBe('changed here');
  expect(readdirSync(top.to).sort()).toEqual(['base.yml', 'libs', 'other', 'services']);
});

test('a project behind a link is copied, not the link', async () => {
  const root = temporaryFolder();
  const from = project(root);
  symlinkSync(from, join(root, 'shortcut'));
  await copyTree(join(root, 'shortcut'), join(root, 'copy'), { exclude: [join(root, 'shortcut', 'ignored')] });
  expect(lstatSync(join(root, 'copy')).isDirectory()).toBe(true);
  expect(existsSync(join(root, 'copy', 'run.sh'))).toBe(true);
  expect(existsSync(join(root, 'copy', 'ignored'))).toBe(false);
});

test('a complete copy stays; drafts of killed attempts go', async () => {
  const root = temporaryFolder();
  const from = project(root);
  write(join(root, 'data', 'source.draft-0a0b0c0d', 'half'), 'a file');
  await copyTree(from, join(root, 'data', 'source'));
  write(join(from, 'later'), 'too late');
  await copyTree(from, join(root, 'data', 'source'));
  expect(readdirSync(join(root, 'data'))).toEqual(['source']);
  expect(existsSync(join(root, 'data', 'source', 'later'))).toBe(false);
});

test.each([
  ['a file', 'tests/secret 🐢.txt'],
  ['a folder', 'private'],
])('%s that cannot be read is named, and no half copy is left', async (kind, path) => {
  const root = temporaryFolder();
  const from = project(root);
  const target = join(from, path);
  if (kind === 'a folder') mkdirSync(target);
  else writeFileSync(target, '');
  chmodSync(target, 0);
  mkdirSync(join(root, 'data'));
  chmodSync(root, 0o755);
  chmodSync(join(root, 'data'), 0o777);
  const child = startChild(CHILD, [from, join(root, 'data', 'copy')]);
  const { type, what } = JSON.parse(await child.line()) as Record<string, string>;
  expect(type).toBe('SourceUnavailable');
  expect(what).toContain(target);
  expect(readdirSync(join(root, 'data'))).toEqual([]);
});

test.each([
  ['is not there', 'missing'],
  ['is not a directory', 'run.sh'],
])('a source that %s is a problem', async (_, name) => {
  const root = temporaryFolder();
  const from = project(root);
  await expect(copyTree(join(from, name), join(root, 'copy'))).rejects.toMatchObject({
    problem: { type: 'SourceUnavailable', what: expect.stringContaining(name) },
  });
});

test('a copy into the source itself is refused before anything is written', async () => {
  const root = temporaryFolder();
  const from = project(root);
  const before = listing(from);
  await expect(copyTree(from, join(from, 'tests', 'copy'))).rejects.toThrow('the copy would be copied');
  expect(listing(from)).toEqual(before);
});

test('on abort it rejects with the reason and leaves nothing', async () => {
  const root = temporaryFolder();
  const reason = new Error('the run was cancelled');
  const controller = new AbortController();
  const copying = copyTree(project(root), join(root, 'data', 'source'), { signal: controller.signal });
  controller.abort(reason);
  await expect(copying).rejects.toBe(reason);
  expect(existsSync(join(root, 'data', 'source'))).toBe(false);
});

test('a tree with read-only folders can be removed, and what its links point to stays', async () => {
  const root = temporaryFolder();
  const tree = join(root, 'tree');
  write(join(root, 'outside', 'file'), 'stays');
  write(join(tree, 'cache', 'file'), '');
  symlinkSync(join(root, 'outside'), join(tree, 'link'));
  chmodSync(join(tree, 'cache', 'file'), 0o444);
  chmodSync(join(tree, 'cache'), 0o555);
  await removeTree(tree);
  await removeTree(tree);
  expect(readdirSync(root)).toEqual(['outside']);
  expect(readFileSync(join(root, 'outside', 'file'), 'utf8')).toBe('stays');
});
