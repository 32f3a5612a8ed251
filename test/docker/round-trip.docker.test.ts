/**
 * Whatever compose accepts, a trial's compose file says as well: the containers that compose makes of the project's own
 * file and of Paceline's are compared as the engine has them. None is started.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeFileFor } from '../../src/docker/project/trial-compose-file.ts';
import { composeConfig } from '../../src/docker/compose/compose-command.ts';
import { valuesOf } from '../../src/docker/compose/compose-environment.ts';
import { loadProject } from '../../src/docker/project/project.ts';
import type { RunDocker } from '../../src/docker/command/docker-runner.ts';
import { runDocker } from '../../src/docker/command/run-docker.ts';
import { localEngine, PYTHON_IMAGE } from '../support/local-engine.ts';

/** Each is a service of its own; `image` is added. What this engine cannot create is compared as compose reads it. */
const SNIPPETS: Readonly<Record<string, string>> = {
  'a core limit of 0': '{ ulimits: { core: 0 } }',
  'a soft limit of 0': '{ ulimits: { nofile: { soft: 0, hard: 1024 } } }',
  'limits in every form': '{ ulimits: { memlock: -1, nproc: 65535, core: { soft: -1, hard: -1 } } }',
  'no limit on swap': '{ mem_limit: 64m, memswap_limit: -1 }',
  'a limit on swap': '{ mem_limit: 64m, memswap_limit: 128m, mem_reservation: 32m }',
  'no swapping': '{ mem_limit: 64m, mem_swappiness: 0 }',
  'weights and rates of devices':
    '{ blkio_config: { weight: 300, device_read_bps: [{ path: /dev/null, rate: 12mb }], device_write_iops: [{ path: /dev/zero, rate: 120 }], weight_device: [{ path: /dev/null, weight: 400 }] } }',
  'a share of the CPUs': '{ cpus: 0.5, cpu_shares: 512 }',
  'a quota of the CPUs': '{ cpu_quota: 50000, cpu_period: 100000, cpuset: "0" }',
  'limits in deploy':
    '{ deploy: { resources: { limits: { cpus: "0.25", memory: 50M, pids: 10 }, reservations: { memory: 20M } } } }',
  'being killed last': '{ oom_score_adj: -500, oom_kill_disable: true, mem_limit: 64m }',
  'no limit on processes': '{ pids_limit: -1 }',
  'a limit on processes': '{ pids_limit: 100 }',
  'a grace period': '{ stop_grace_period: 1m30s, stop_signal: SIGUSR1 }',
  'temporary file systems': '{ tmpfs: ["/run:size=64m,mode=1777", /scratch] }',
  'kernel parameters': '{ sysctls: { net.core.somaxconn: 1024, net.ipv4.tcp_syncookies: 0 } }',
  'kernel parameters as a list': '{ sysctls: ["net.core.somaxconn=0"] }',
  devices: '{ devices: ["/dev/null:/dev/xnull:rwm", /dev/zero], device_cgroup_rules: ["c 1:3 mr", "a 7:* rmw"] }',
  groups: '{ group_add: [mail, 1000], user: "65534:65534" }',
  capabilities: '{ cap_drop: [ALL], cap_add: [NET_ADMIN], privileged: false }',
  privileges: '{ privileged: true, security_opt: ["no-new-privileges:true", "seccomp:unconfined"] }',
  'namespaces of the host': '{ userns_mode: host, uts: host, ipc: shareable }',
  'a read-only root': '{ read_only: true, init: true }',
  'no init': '{ init: false, tty: true, stdin_open: true }',
  'name servers': '{ dns: 8.8.8.8, dns_opt: [use-vc], dns_search: [a.example, b.example] }',
  'hosts in every form':
    '{ extra_hosts: ["a:1.2.3.4", "b=::1", "gw:host-gateway", "c:[::1]"], hostname: h, domainname: d.example }',
  'hosts by name': '{ extra_hosts: { a: 1.2.3.4, b: "::1" } }',
  'no healthcheck': '{ healthcheck: { disable: true } }',
  'a healthcheck':
    '{ healthcheck: { test: "test -n \\"$$HOME\\"", interval: 1m30s, timeout: 10s, retries: 3, start_period: 40s, start_interval: 5s } }',
  'a healthcheck as a list': '{ healthcheck: { test: ["CMD", "test", "$$A"], retries: 1 } }',
  'an own command': '{ command: "echo $$HOME $${X} \\"a b\\"", entrypoint: ["sh", "-c"], working_dir: /tmp }',
  'no command': '{ entrypoint: "", command: [] }',
  'variables in every form':
    '{ environment: { DOLLAR: "a$$b$$$$c", EMPTY: "", NUMBER: 5, FLAG: "true", UNSET: , LINES: "a\\nb" } }',
  'labels and annotations': '{ labels: { a.b: "x$$y", n: 5, t: true }, annotations: { com.example: y } }',
  'labels as a list': '{ labels: ["a=b=c", d] }',
  'volumes in every form':
    '{ volumes: [{ type: bind, source: ./sub, target: /b, bind: { create_host_path: false, propagation: rslave } }, { type: tmpfs, target: /t, tmpfs: { size: 10m, mode: 01777 } }, "./sub:/c:ro", "/anonymous", "data:/named:ro", { type: volume, source: data, target: /v, volume: { nocopy: true } }] }',
  'shared memory': '{ shm_size: 1g }',
  'no attaching': '{ attach: false, stdin_open: false }',
  'a log driver': '{ logging: { driver: json-file, options: { max-size: 1m, max-file: 3 } } }',
  'a mac address': '{ mac_address: "02:42:ac:11:65:43" }',
  'no network': '{ network_mode: none }',
  'addresses of its own':
    '{ networks: { lab: { aliases: [q], ipv4_address: 10.213.91.9, link_local_ips: [169.254.8.8] } } }',
  'secrets and configs':
    '{ secrets: [tok, { source: file, target: other, mode: 0440, uid: "5" }], configs: [inline, { source: file, target: /etc/x, mode: 0400 }] }',
  'env files in every form': '{ env_file: [a.env, { path: none.env, required: false }], environment: { A: own } }',
  'real-time scheduling': '{ cpu_rt_runtime: 400000, cpu_rt_period: 1400000 }',
  'storage options': '{ storage_opt: { size: 1g } }',
  'a graphics card':
    '{ deploy: { resources: { reservations: { devices: [{ driver: nvidia, count: 1, capabilities: [gpu] }] } } } }',
  'a part of a volume': '{ volumes: [{ type: volume, source: data, target: /v, volume: { subpath: sub } }] }',
  dependencies:
    '{ depends_on: { dep: { condition: service_started, restart: true, required: false } }, links: ["dep:alias"] }',
  'a control group': '{ cgroup_parent: paceline-test-none, cgroup: private }',
  'credentials of Windows': '{ credential_spec: { file: spec.json }, isolation: default }',
};

/** What the engine of some machines cannot create is compared as compose reads it, and no further. */
const NOT_CREATED = /real-time|storage|graphics|part of a volume|control group|Windows/;

const NAMES = Object.keys(SNIPPETS);
const serviceOf = (name: string) => `s${NAMES.indexOf(name)}`;
const OWN = `paceline-test-own-${process.pid}`;
const OURS = `paceline-test-ours-${process.pid}`;

function composeText(): string {
  const label = `{ paceline.test: "${local.owner}" }`;
  const services = NAMES.map(
    (name) => `  ${serviceOf(name)}: { image: "${PYTHON_IMAGE}", ${SNIPPETS[name]?.slice(1)}\n`,
  );
  return `services:
  test: { image: "${PYTHON_IMAGE}", build: { context: . } }
  dep: { image: "${PYTHON_IMAGE}" }
${services.join('')}
networks: { lab: { labels: ${label}, ipam: { config: [{ subnet: 10.213.91.0/24, ip_range: 10.213.91.0/25, gateway: 10.213.91.1 }] } } }
volumes: { data: { labels: ${label} } }
secrets: { tok: { environment: TOKEN }, file: { file: ./a.env } }
configs: { inline: { content: "a $$b \${TOKEN}" }, file: { file: ./a.env } }
`;
}

type Node = Readonly<Record<string, unknown>>;

/** What Paceline changes on purpose is left out. */
function asRead(service: Node): Node {
  const { restart: _, pull_policy: __, labels, ...rest } = service;
  const { 'paceline.test': ___, ...own } = (labels ?? {}) as Node;
  return { ...rest, labels: own };
}

function asCreated(container: Node): Node {
  const { HostConfig: host, Config: config, NetworkSettings: network } = container as Readonly<Record<string, Node>>;
  const { RestartPolicy: _, ...hostConfig } = host ?? {};
  const { Labels: labels, Hostname: hostname, ...containerConfig } = config ?? {};
  const networks = Object.entries((network?.['Networks'] ?? {}) as Readonly<Record<string, Node>>).map(
    ([name, { Aliases: aliases, IPAMConfig: ipam, Links: links, DriverOpts: options }]) => ({
      name,
      aliases,
      ipam,
      links,
      options,
    }),
  );
  const ownLabels = Object.entries(labels as Node).filter(([key]) => !/^(com\.docker\.compose|paceline)\./.test(key));
  const text = JSON.stringify({
    hostConfig,
    containerConfig,
    // Without one, the engine takes the container's id.
    hostname: /^[0-9a-f]{12}$/.test(String(hostname)) ? 'id' : hostname,
    networks,
    labels: Object.fromEntries(ownLabels),
  });
  const withoutIds = text.replaceAll(String(container['Id']).slice(0, 12), 'id');
  return JSON.parse(withoutIds.replaceAll(OURS, OWN), unordered) as Node;
}

/** Compose makes these lists of maps, in any order. */
function unordered(key: string, value: unknown): unknown {
  if (!['Env', 'ExtraHosts', 'Ulimits', 'Mounts', 'Binds'].includes(key) || !Array.isArray(value)) return value;
  return value.map((item) => JSON.stringify(item)).sort();
}

let local: Awaited<ReturnType<typeof localEngine>>;
let root: string;
let folder: string;
let run: RunDocker;
const read: Record<'own' | 'ours', Readonly<Record<string, Node>>> = { own: {}, ours: {} };
const created: Record<'own' | 'ours', Readonly<Record<string, Node>>> = { own: {}, ours: {} };

async function ofFile(file: string, project: string, env: Readonly<Record<string, string>>) {
  const docker = (args: readonly string[]) =>
    runDocker(local.endpoint, args, { cwd: folder, env: { ...local.endpoint.env, ...env } });
  const printed = await docker(composeConfig({ files: [file], projectDirectory: dirname(file), format: 'yaml' }));
  expect(printed.exitCode, printed.stderr).toBe(0);
  const services = ['dep', ...NAMES.filter((name) => !NOT_CREATED.test(name)).map(serviceOf)];
  const create = await docker(['compose', '-p', project, '-f', file, 'create', ...services]);
  expect(create.exitCode, create.stderr.slice(-600)).toBe(0);
  const inspected = await docker(['inspect', ...services.map((name) => `${project}-${name}-1`)]);
  const containers = JSON.parse(inspected.stdout) as readonly Node[];
  // Both have the same subnet.
  await docker(['compose', '-p', project, '-f', file, 'down', '-v', '-t', '0']);
  return {
    read: (parse(printed.stdout) as { services: Readonly<Record<string, Node>> }).services,
    created: Object.fromEntries(services.map((name, index) => [name, containers[index] ?? {}])),
  };
}

beforeAll(async () => {
  local = await localEngine('round-trip');
  run = (args, cwd, input) => runDocker(local.endpoint, args, { cwd, ...(input === undefined ? {} : { input }) });
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-round-trip-')));
  folder = join(root, 'project');
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  mkdirSync(elsewhere);
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${PYTHON_IMAGE}\n`);
  writeFileSync(join(folder, 'a.env'), 'A="x $B"\nexport B=1\nRAW=\'lit $y\'\nLINES="one\ntwo"\n');
  writeFileSync(join(folder, '.env'), 'TOKEN=from-dotenv\n');
  writeFileSync(join(folder, 'compose.yml'), composeText());
  const project = await loadProject({ directory: folder, compose: 'compose.yml', dockerfile: '', service: null, run });
  const ours = composeFileFor(project, { tags: {}, labels: local.labels });
  writeFileSync(join(elsewhere, 'compose.json'), JSON.stringify(ours));
  const values = project.variables === null ? {} : await valuesOf(project.variables, run);
  const [mine, theirs] = [
    await ofFile(join(folder, 'compose.yml'), OWN, {}),
    await ofFile(join(elsewhere, 'compose.json'), OURS, values),
  ];
  [read.own, read.ours, created.own, created.ours] = [mine.read, theirs.read, mine.created, theirs.created];
});
afterAll(async () => {
  await local.cleanUp();
  rmSync(root, { recursive: true, force: true });
});

describe('a service with', () => {
  test.each(NAMES)('%s is the same to compose', (name) => {
    expect(asRead(read.ours[serviceOf(name)] ?? {})).toEqual(asRead(read.own[serviceOf(name)] ?? {}));
  });

  test.each(NAMES.filter((name) => !NOT_CREATED.test(name)))('%s is the same container', (name) => {
    expect(asCreated(created.ours[serviceOf(name)] ?? {})).toEqual(asCreated(created.own[serviceOf(name)] ?? {}));
  });
});
