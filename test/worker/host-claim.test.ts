import { expect, test } from 'vitest';
import { hostClaims } from '../../src/worker/host-claim.ts';

const HOST = { hostId: 'machine-1', measureQueue: 'measure', controlQueue: 'control' };
const claims = (isOurServer: boolean) =>
  hostClaims({
    host: HOST,
    dataDirectory: '/data',
    pagesUrl: () => 'http://127.0.0.1:9233',
    isOurServer: () => isOurServer,
    searchAttributes: async () => ['Project'],
  });

test('offers a host with its queues, its pages and the search attributes of the server', async () => {
  expect(await claims(true)()).toEqual({ ...HOST, searchAttributes: ['Project'], pagesUrl: 'http://127.0.0.1:9233' });
});

test("leaves a run of another server, which took our server's port, to its own worker", async () => {
  await expect(claims(false)()).rejects.toMatchObject({
    problem: { type: 'NoHost', what: expect.stringMatching(/^The worker of \/data /) },
  });
});
