import { describe, expect, test } from 'vitest';
import type { ComposeModel, ComposeService } from '../../../src/docker/compose/compose-model.ts';
import { isolationOf } from '../../../src/docker/project/isolation.ts';

const of = (service: ComposeService, rest: Omit<ComposeModel, 'services'> = {}) =>
  isolationOf({ ...rest, services: { db: service } }, '/copy');
const bind = (source: string, readOnly = false) => ({ type: 'bind', source, target: '/x', read_only: readOnly });

describe('a project runs in one lane', () => {
  test.each<[string, ComposeService, Omit<ComposeModel, 'services'>, string]>([
    ['on the host network', { network_mode: 'host' }, {}, '`network_mode: host`'],
    ['with the host processes', { pid: 'host' }, {}, '`pid: host`'],
    ['in a foreign container network', { network_mode: 'container:other' }, {}, '`container:other`'],
    ['with foreign links', { external_links: ['other'] }, {}, '`other`'],
    ['with a fixed address', { networks: { back: { ipv4_address: '10.0.0.5' } } }, {}, '10.0.0.5'],
    [
      'with a fixed subnet',
      {},
      { networks: { back: { ipam: { config: [{ subnet: '10.0.0.0/24' }] } } } },
      '10.0.0.0/24',
    ],
    [
      "on the host's interface",
      {},
      { networks: { lan: { driver: 'macvlan', driver_opts: { parent: 'eth0' } } } },
      'eth0',
    ],
    ['on an external network', {}, { networks: { back: { external: true, name: 'corp' } } }, '`corp` is external'],
    ['on an external volume', {}, { volumes: { data: { external: true, name: 'gold' } } }, '`gold` is external'],
    ['on a folder as a volume', {}, { volumes: { data: { driver_opts: { device: '/srv/data' } } } }, '/srv/data'],
    ['on a writable folder of the host', { volumes: [bind('/srv/cache')] }, {}, '/srv/cache'],
  ])('%s', (_, service, rest, words) => {
    expect(of(service, rest).oneLane).toEqual([expect.stringContaining(words)]);
  });

  test.each<[string, ComposeService, Omit<ComposeModel, 'services'>]>([
    [
      'networks and volumes of its own',
      { networks: { back: null } },
      { networks: { back: { name: 'fixed', ipam: {} } }, volumes: { data: null } },
    ],
    ["another service's network", { network_mode: 'service:db' }, {}],
    ['a read-only folder of the host', { volumes: [bind('/srv/cache', true)] }, {}],
    ['the source', { volumes: [bind('/copy/src')] }, {}],
  ])('but not for %s', (_, service, rest) => {
    expect(of(service, rest).oneLane).toEqual([]);
  });
});

test('services that write into the source are named, those that only read are not', () => {
  expect(of({ volumes: [bind('/copy')] }).sourceMounts).toEqual(['db']);
  expect(of({ volumes: [bind('/copy', true), bind('/elsewhere')] }).sourceMounts).toEqual([]);
});

test('a service that mounts its build context runs on that, which is a note', () => {
  const build = { context: '/copy' };
  expect(of({ build, volumes: [bind('/copy', true)] }).notes).toEqual([
    '`db` mounts its build context over /x: it runs on the mounted files, not on those built into its image.',
  ]);
  expect(of({ build, volumes: [bind('/copy/fixtures')] }).notes).toEqual([]);
  expect(of({ volumes: [bind('/copy')] }).notes).toEqual([]);
});

test("fixed container names and the engine's socket are notes", () => {
  const { notes, oneLane } = of({ container_name: 'my-db', volumes: [bind('/var/run/docker.sock')] });
  expect(notes).toEqual([expect.stringContaining('`my-db`'), expect.stringContaining("the engine's socket")]);
  expect(oneLane).toEqual([]);
});
