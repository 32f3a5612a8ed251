import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { followUsage, shortName } from '../../src/cli/run/usage.ts';
import type { Progress, Step } from '../../src/model/progress.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  ['paceline-3f6c0a91b2d4', 'tests'],
  ['paceline-3f6c0a91b2d4-db-1', 'db'],
  ['paceline-3f6c0a91b2d4-my-db-2', 'my-db-2'],
])('%s is %s', (container, name) => {
  expect(shortName(container)).toBe(name);
});

it('follows the samples of the last try of each running trial', async () => {
  const folder = temporaryFolder();
  const write = async (trial: string, ...records: readonly object[]) => {
    await mkdir(join(folder, 'trials', trial), { recursive: true });
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    await appendFile(join(folder, 'trials', trial, 'samples.jsonl'), text);
  };
  const sample = (second: number, cpuTotalNs: number) => ({
    kind: 'sample',
    id: 'a',
    readAt: `2026-11-24T10:00:0${second}Z`,
    cpuTotalNs,
    workingSetBytes: 1e6,
    networkReceivedBytes: 10,
    networkSentBytes: 20,
  });
  const container = { kind: 'container', id: 'a', name: 'paceline-3f6c0a91b2d4-db-1' };
  await write('full-1-1', container, sample(1, 0), sample(2, 9e9));
  await write('full-1-2', container, sample(1, 0), sample(2, 1e9));
  await write('full-11-1', container, sample(1, 0), sample(2, 7e9));

  const running = ['trial:full:1', 'trial:not-begun:1', 'startup'].map((id) => ({ id, state: 'running' }) as Step);
  const over = new AbortController();
  const seen: ReadonlyMap<string, readonly string[]>[] = [];
  await followUsage(folder, {
    progress: () => ({ steps: running }) as unknown as Progress,
    onUsage: (lines) => {
      seen.push(lines);
      over.abort();
    },
    over: over.signal,
  });
  expect([...(seen[0] ?? [])]).toEqual([['trial:full:1', ['db  100 %  1 MB  ↓10 B  ↑20 B']]]);
});
