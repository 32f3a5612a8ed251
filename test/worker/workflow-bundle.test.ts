/** The workflows' text is made once for one state of the sources, and a cache that fails costs only time. */
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptBundle, keyOf } from '../../src/worker/workflow-bundle.ts';
import { layOut } from '../support/lay-out.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function counted(code: string) {
  const made = { times: 0, make: async () => code };
  return { made, make: async () => ((made.times += 1), made.make()) };
}

test('it is made once and then read', async () => {
  const folder = join(temporaryFolder(), 'bundles');
  const { made, make } = counted('const a = 1;\n\nrun(a);');
  const codes = [];
  for (let i = 0; i < 3; i += 1) codes.push((await keptBundle({ folder, key: 'k', make })).code);
  expect(codes).toEqual(Array(3).fill('const a = 1;\n\nrun(a);'));
  expect(made.times).toBe(1);
  expect(statSync(folder).mode & 0o077).toBe(0);
});

test('each state of the sources has its own', async () => {
  const folder = temporaryFolder();
  const of = async (key: string) => (await keptBundle({ folder, key, make: async () => `code of ${key}` })).code;
  expect([await of('a'), await of('b'), await of('a')]).toEqual(['code of a', 'code of b', 'code of a']);
});

test('eight are kept: the oldest are removed', async () => {
  const folder = temporaryFolder();
  for (let i = 0; i < 12; i += 1) {
    await keptBundle({ folder, key: `k${i}`, make: async () => 'code' });
    utimesSync(join(folder, `k${i}.js`), i, i);
  }
  await keptBundle({ folder, key: 'last', make: async () => 'code' });
  const left = readdirSync(folder);
  expect(left).toHaveLength(8);
  expect(left).toEqual(expect.arrayContaining(['last.js', 'k11.js']));
});

test.each([
  ['a part of it', (text: string) => text.slice(0, -3)],
  ['nothing', () => ''],
  ['another text', (text: string) => text.replace('right', 'wrong')],
])('a file with %s in it is made again', async (_, damage) => {
  const folder = temporaryFolder();
  const { made, make } = counted('the right code');
  await keptBundle({ folder, key: 'k', make });
  const [file = ''] = readdirSync(folder).map((name) => join(folder, name));
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  expect((await keptBundle({ folder, key: 'k', make })).code).toBe('the right code');
  expect((await keptBundle({ folder, key: 'k', make })).code).toBe('the right code');
  expect(made.times).toBe(2);
});

test('a cache folder that cannot be made costs only time', async () => {
  const folder = join(temporaryFolder(), 'file');
  writeFileSync(folder, '');
  const { made, make } = counted('code');
  expect((await keptBundle({ folder, key: 'k', make })).code).toBe('code');
  expect((await keptBundle({ folder, key: 'k', make })).code).toBe('code');
  expect(made.times).toBe(2);
});

test('workflows that cannot be bundled are an error, and leave nothing', async () => {
  const folder = temporaryFolder();
  const make = () => Promise.reject(new Error('no such module'));
  await expect(keptBundle({ folder, key: 'k', make })).rejects.toThrow('no such module');
  expect(readdirSync(folder)).toEqual([]);
});

test('the key follows the sources and the libraries, and nothing else', () => {
  const root = layOut(temporaryFolder(), {
    'package.json': '{"a":1}',
    'src/a.ts': 'a',
    'src/deep/b.ts': 'b',
    'src/notes.md': 'x',
  });
  const key = () => keyOf(join(root, 'src'), join(root, 'package.json'));
  const first = key();
  layOut(root, { 'src/notes.md': 'y' });
  expect(key()).toBe(first);
  const others = [
    layOut(root, { 'src/deep/b.ts': 'c' }) && key(),
    layOut(root, { 'src/new.ts': '' }) && key(),
    layOut(root, { 'package.json': '{"a":2}' }) && key(),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
});
