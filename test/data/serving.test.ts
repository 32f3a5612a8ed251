import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readServing, removeServing, type Serving, writeServing } from '../../src/data/serving.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERVING: Serving = {
  schemaVersion: 1,
  address: '127.0.0.1:24321',
  uiUrl: 'http://127.0.0.1:25321',
  namespace: 'default',
  taskQueue: 'paceline',
  serverPid: 4711,
  serverStartTime: '123456',
  holderPid: 4710,
  startedAt: '2026-01-01T00:00:00.000Z',
};

test('what is written is read, the last one counts, and nothing else is left in the folder', async () => {
  const folder = temporaryFolder();
  writeServing(folder, SERVING);
  writeServing(folder, { ...SERVING, uiUrl: null, address: '127.0.0.1:7234' });
  expect(await readServing(folder)).toEqual({ ...SERVING, uiUrl: null, address: '127.0.0.1:7234' });
  expect(readdirSync(folder)).toEqual(['server.json']);
});

test('after removal there is no server, and removing it again is fine', async () => {
  const folder = temporaryFolder();
  writeServing(folder, SERVING);
  await removeServing(folder);
  await removeServing(folder);
  expect(await readServing(folder)).toBeNull();
});

test.each([
  ['nothing', ''],
  ['half a file', '{"schemaVersion": 1, "addr'],
  ['another version', JSON.stringify({ ...SERVING, schemaVersion: 2 })],
  ['a pid that could signal a whole group', JSON.stringify({ ...SERVING, serverPid: -1 })],
])('%s is not taken for an address', async (_, text) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'server.json'), text);
  expect(await readServing(folder)).toBeNull();
});
