import { expect, test } from 'vitest';
import { readable } from '../../../src/docker/compose/compose-readable.ts';

/** As compose 2.26.1 prints them, and as it reads them. */
test.each([
  ['a limit of 0', { ulimits: { core: {} } }, { ulimits: { core: { soft: 0, hard: 0 } } }],
  ['a soft limit of 0', { ulimits: { nofile: { hard: 5 } } }, { ulimits: { nofile: { soft: 0, hard: 5 } } }],
  ['a limit in one number', { ulimits: { nofile: 5 } }, { ulimits: { nofile: 5 } }],
  ['no limit on swap', { memswap_limit: '-1' }, { memswap_limit: -1 }],
  ['a limit on swap', { memswap_limit: '1024' }, { memswap_limit: '1024' }],
  [
    'rates of devices',
    { blkio_config: { weight: 300, device_read_bps: [{ Path: '/dev/sdb', Rate: '12' }] } },
    { blkio_config: { weight: 300, device_read_bps: [{ path: '/dev/sdb', rate: '12' }] } },
  ],
  [
    'a build',
    { build: { ulimits: { core: {} }, ssh: ['default', 'k: /home/a: b/id', 'q=/id'] } },
    { build: { ulimits: { core: { soft: 0, hard: 0 } }, ssh: ['default', 'k=/home/a: b/id', 'q=/id'] } },
  ],
  [
    'nothing of that',
    { image: 'x', ulimits: null, blkio_config: null },
    { image: 'x', ulimits: null, blkio_config: null },
  ],
])('%s is put into the form that compose reads', (_, printed, read) => {
  expect(readable({ name: 'p', services: { a: printed } })).toEqual({ name: 'p', services: { a: read } });
});

test.each([null, 'text', [], { services: null }, { services: { a: null } }])('%j passes through', (document) => {
  expect(readable(document)).toEqual(document);
});
