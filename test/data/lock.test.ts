import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireServeLock } from '../../src/data/lock.ts';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHILD = new URL('hold-lock.child.ts', import.meta.url).pathname;

test('one at a time has the lock, also within a process, and the next once it is released', async () => {
  const folder = temporaryFolder();
  const first = await acquireServeLock(folder);
  expect(first).not.toBeNull();
  expect(await acquireServeLock(folder)).toBeNull();
  await first?.release();
  const second = await acquireServeLock(folder);
  expect(second).not.toBeNull();
  await first?.release();
  expect(await acquireServeLock(folder)).toBeNull();
  await second?.release();
});

test("another process's lock holds until it is killed, even by SIGKILL", async () => {
  const folder = temporaryFolder();
  const child = startChild(CHILD, [folder]);
  expect(await child.line()).toBe('held');
  expect(await acquireServeLock(folder)).toBeNull();
  child.process.kill('SIGKILL');
  expect(await child.ended()).toBe('SIGKILL');
  const lock = await acquireServeLock(folder);
  expect(lock).not.toBeNull();
  await lock?.release();
});

test('a folder that is not there is a problem, not a lock that another has', async () => {
  const folder = join(temporaryFolder(), 'missing');
  await expect(acquireServeLock(folder)).rejects.toMatchObject({ problem: { type: 'StoreUnavailable' } });
  expect(existsSync(folder)).toBe(false);
});
