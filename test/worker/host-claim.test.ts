import { expect, test } from 'vitest';
import { hostClaims } from '../../src/worker/host-claim.ts';

const HOST = { hostId: 'machine-1', measureQueue: 'measure', controlQueue: 'control' };
const claims = (isOurServer: boolean) =>
  hostClaims({
    host: HOST,
    dataDirectory: '/data',
    isOurServer: () => isOurServer,
    searchAttributes: async () => ['Project'],
  });

test('a host is offered with its queues and what the server can be asked by', async () => {
  expect(await claims(true)()).toEqual({ ...HOST, searchAttributes: ['Project'] });
});

test("a run of another server, which has our server's port, is left to that one's worker", async () => {
  await expect(claims(false)()).rejects.toMatchObject({
    problem: { type: 'NoHost', what: expect.stringMatching(/^The worker that asked for this run is of \/data /) },
  });
});
