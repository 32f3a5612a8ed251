/** What the probe's files say of pytest's calls. The tests' folder is foreign: anything may be in it. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pytestInvocations } from '../../../src/collectors/pytest/invocations.ts';
import { layOut } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CALL = '{"k": "start"}\n{"k": "session", "args": ["-q", "tests"]}\n';

test('each call of pytest has its arguments', async () => {
  const folder = layOut(temporaryFolder(), { '1.jsonl': CALL, '2.jsonl': CALL, 'other.txt': CALL });
  const call = ['-q', 'tests'];
  expect(await pytestInvocations(folder)).toEqual({ begun: 2, arguments: [call, call] });
});

test('a folder that is not there has no calls', async () => {
  expect(await pytestInvocations('/nonexistent')).toEqual({ begun: 0, arguments: [] });
});

test('a file that never ends is not read, and then nothing is known', async () => {
  const folder = layOut(temporaryFolder(), { '1.jsonl': CALL });
  execFileSync('mkfifo', [join(folder, '2.jsonl')]);
  expect(await pytestInvocations(folder)).toBeNull();
});

test('a link out of the folder is not followed', async () => {
  const folder = layOut(temporaryFolder(), { '1.jsonl': CALL });
  symlinkSync('/dev/zero', join(folder, '2.jsonl'));
  expect(await pytestInvocations(folder)).toBeNull();
});
