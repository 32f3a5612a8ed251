import { describe, expect, test } from 'vitest';
import type { ComposeModel } from '../../../src/docker/compose/compose-model.ts';
import type { EngineNetwork } from '../../../src/docker/engine/engine.ts';
import { claimsOf, conflictOf, networkRefusal, overlap } from '../../../src/docker/project/network-claims.ts';

const using = (networks: NonNullable<ComposeModel['networks']>, ...used: readonly string[]): ComposeModel => ({
  services: { test: { networks: Object.fromEntries(used.map((name) => [name, null])) } },
  networks,
});
const network = (facts: Partial<EngineNetwork>): EngineNetwork => ({
  id: 'n1',
  name: 'other_lab',
  labels: {},
  subnets: [],
  parent: null,
  ...facts,
});

test.each([
  ['10.1.0.0/16', '10.1.77.0/24', true],
  ['10.1.77.0/24', '10.1.0.0/16', true],
  ['10.1.77.0/24', '10.1.77.0/24', true],
  ['10.1.77.0/25', '10.1.77.128/25', false],
  ['10.1.0.5/16', '10.1.9.0/24', true],
  ['fd00:1::/64', 'fd00:1::/48', true],
  ['fd00:1::/64', 'fd00:2::/64', false],
  ['10.0.0.0/8', '::ffff:10.0.0.0/104', false],
  ['no subnet', '10.0.0.0/8', false],
  ['10.0.0.0', '10.0.0.0/8', false],
  ['10.0.0.0/99', '10.0.0.0/8', false],
])('%s and %s overlap: %j', (one, other, overlapping) => {
  expect(overlap(one, other)).toBe(overlapping);
});

describe('a project claims', () => {
  test('the subnets of networks that its services use and that are its own', () => {
    const model = using(
      {
        lab: { ipam: { config: [{ subnet: '10.1.0.0/24' }, { subnet: 'fd00::/64' }] } },
        unused: { ipam: { config: [{ subnet: '10.2.0.0/24' }] } },
        corp: { external: true, ipam: { config: [{ subnet: '10.3.0.0/24' }] } },
        default: null,
        plain: {},
      },
      'lab',
      'corp',
      'default',
      'plain',
    );
    expect(claimsOf(model)).toEqual([{ network: 'lab', subnets: ['10.1.0.0/24', 'fd00::/64'], parent: null }]);
  });

  test("the host's interface of a macvlan", () => {
    const model = using({ lan: { driver: 'macvlan', driver_opts: { parent: 'eth0' } } }, 'lan');
    expect(claimsOf(model)).toEqual([{ network: 'lan', subnets: [], parent: 'eth0' }]);
  });
});

describe('a network of the engine', () => {
  const claims = [{ network: 'lab', subnets: ['10.1.77.0/24'], parent: null }];

  test.each([
    ['has an overlapping subnet', network({ subnets: ['10.1.0.0/16'] }), '10.1.0.0/16'],
    ['has the same subnet', network({ subnets: ['10.9.0.0/24', '10.1.77.0/24'] }), '10.1.77.0/24'],
    ['has another subnet', network({ subnets: ['10.1.78.0/24'] }), null],
    [
      "is the project's own",
      network({ subnets: ['10.1.77.0/24'], labels: { 'com.docker.compose.project': 'p' } }),
      null,
    ],
  ])('%s', (_, holder, held) => {
    const conflict = conflictOf(claims, [network({ subnets: ['172.17.0.0/16'] }), holder], 'p');
    expect(conflict).toEqual(held === null ? null : { claim: claims[0], wanted: '10.1.77.0/24', holder, held });
  });

  test('is on the same interface', () => {
    const lan = { network: 'lan', subnets: [], parent: 'eth0' };
    const holder = network({ parent: 'eth0' });
    expect(conflictOf([lan], [network({ parent: 'eth1' }), holder], 'p')).toMatchObject({ holder, wanted: 'eth0' });
  });
});

test.each([
  [
    'failed to create network p_lab: Error response from daemon: Pool overlaps with other one on this address space',
    'taken',
  ],
  ['Error response from daemon: invalid pool request: Pool overlaps with other one on this address space', 'taken'],
  ['Error response from daemon: network dm-1a2b is already using parent interface eth0', 'taken'],
  [
    'failed to create network p_default: Error response from daemon: all predefined address pools have been fully subnetted',
    'exhausted',
  ],
  [
    'Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'exhausted',
  ],
  ['Error response from daemon: No such image: x', null],
])('the engine says: %s', (said, why) => {
  expect(networkRefusal(said)).toBe(why);
});
