import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { claimHost } from '../../src/activities/claim-host.ts';
import type { ActivityDeps } from '../../src/activities/support/deps.ts';
import type { SourceSpec } from '../../src/model/run.ts';
import { mockActivity } from '../support/mock-activity.ts';
import { claimFor } from '../support/temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CLAIM = claimFor('here');

function claim(source: SourceSpec, options: { exclude?: readonly string[]; attempt?: number } = {}) {
  const { exclude = [], attempt = 1 } = options;
  const deps = { claim: async () => CLAIM, host: { id: 'here' } } as unknown as ActivityDeps;
  return mockActivity({ attempt }).run(claimHost(deps), { source, exclude });
}

describe('a host offers itself', () => {
  test.each<[string, (folder: string) => SourceSpec]>([
    ['for a folder that it has', (path) => ({ path })],
    ['for a folder that is said to lie on it', (path) => ({ path, host: 'here' })],
    ['for a git URL, whatever files it has', () => ({ git: 'https://git.example.com/shop.git' })],
  ])('%s', async (_, source) => {
    expect(await claim(source(temporaryFolder()))).toEqual(CLAIM);
  });
});

describe('a host leaves the run to another', () => {
  test.each<[string, SourceSpec, readonly string[], string]>([
    ['when the folder is on another host', { path: '/', host: 'there' }, [], 'is on host there'],
    ['when it has no such folder', { path: '/nowhere/shop' }, [], 'no /nowhere/shop on host here'],
    ['when it stopped answering in this run', { git: 'https://x/y.git' }, ['here'], 'stopped answering'],
  ])('%s, until every other had its turns', async (_, source, exclude, what) => {
    const refusal = async (attempt: number) => claim(source, { exclude, attempt }).catch((error: unknown) => error);
    const early = (await refusal(1)) as ApplicationFailure;
    expect(early).toMatchObject({ type: 'NoHost', nonRetryable: false });
    expect(early.message).toContain(what);
    expect(await refusal(5)).toMatchObject({ type: 'SourceUnavailable', nonRetryable: true });
  });
});
