/** The probe against real servers, each way of authentication in turn; what it says is held against psql's own answer. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logs } from '../../../src/collectors/logs/collector.ts';
import { serviceContainers } from '../../../src/collectors/running-services.ts';
import { serviceProbe } from '../../../src/collectors/service-probe/collector.ts';
import type { EndedTrial } from '../../../src/collectors/trial-collector.ts';
import type { ComposeModel, ComposeService } from '../../../src/docker/compose/compose-model.ts';
import type { ResolvedProject } from '../../../src/docker/project/project.ts';
import type { ServiceTiming } from '../../../src/model/profile/services.ts';
import { statements } from '../../../src/collectors/statements/collector.ts';
import { localEngine, nameHere, PYTHON_IMAGE } from '../../support/local-engine.ts';

const POSTGRES = 'paceline/stand-in-postgres:15';
const REDIS = 'paceline/stand-in-redis:7';
const PROJECT = nameHere('paceline-test-probe');
const LABELS = { 'paceline.test': nameHere('service-probe') };

const postgres = (environment: Record<string, string>, more: Partial<ComposeService> = {}): ComposeService => ({
  image: POSTGRES,
  environment: { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'ß"$secret\'', ...environment },
  tmpfs: ['/var/lib/postgresql/data'],
  healthcheck: { test: ['CMD', 'pg_isready', '-h', '127.0.0.1'], interval: '1s', retries: 60 },
  labels: LABELS,
  ...more,
});

const MD5_FIRST =
  'echo "password_encryption = md5" >> /usr/share/postgresql/15/postgresql.conf.sample; exec docker-entrypoint.sh "$$@"';

const ONLY_TLS = [
  'cd "$PGDATA"',
  'openssl req -new -x509 -days 2 -nodes -text -out server.crt -keyout server.key -subj /CN=tls 2>/dev/null',
  'chmod 600 server.key',
  'echo "ssl = on" >> postgresql.conf',
  'printf "local all all trust\\nhostssl all all all scram-sha-256\\n" > pg_hba.conf',
].join('\n');

function services(folder: string): ComposeModel['services'] {
  const found = {
    test: { image: PYTHON_IMAGE, command: ['true'], labels: LABELS },
    trust: postgres({ POSTGRES_HOST_AUTH_METHOD: 'trust' }),
    md5: {
      ...postgres({ POSTGRES_HOST_AUTH_METHOD: 'md5' }),
      // As the password is stored by the time that it is set, the sample that initdb copies is changed.
      entrypoint: ['sh', '-c', MD5_FIRST, 'sh'],
      command: ['postgres'],
    },
    scram: postgres(
      { POSTGRES_DB: 'other' },
      {
        command: ['postgres', '-c', 'shared_preload_libraries=pg_stat_statements'],
        depends_on: { redis: { condition: 'service_started' } },
      },
    ),
    tls: postgres(
      {},
      { volumes: [{ type: 'bind', source: join(folder, 'init'), target: '/docker-entrypoint-initdb.d' }] },
    ),
    changed: postgres(
      {},
      { volumes: [{ type: 'bind', source: join(folder, 'changed'), target: '/docker-entrypoint-initdb.d' }] },
    ),
    redis: { image: REDIS, labels: LABELS },
    deaf: { image: PYTHON_IMAGE, command: ['sleep', '600'], init: true, expose: ['81'], labels: LABELS },
  };
  return found;
}

let local: Awaited<ReturnType<typeof localEngine>>;
let folder: string;
let ended: EndedTrial;
let timings: readonly ServiceTiming[];
let collected: Awaited<ReturnType<typeof serviceProbe.collect>>;

beforeAll(async () => {
  local = await localEngine('service-probe');
  folder = await mkdtemp(join(tmpdir(), 'paceline-probe-'));
  await mkdir(join(folder, 'init'));
  await writeFile(join(folder, 'init', 'tls.sh'), ONLY_TLS);
  await mkdir(join(folder, 'changed'));
  await writeFile(join(folder, 'changed', 'password.sql'), "ALTER USER shop PASSWORD 'another';");
  const model: ComposeModel = { services: services(folder), networks: { default: { labels: LABELS } } };
  const file = join(folder, 'compose.json');
  await writeFile(file, JSON.stringify(model).replaceAll('$secret', '$$secret'));
  await writeFile(join(folder, 'output.log'), 'all went well\n');
  const others = Object.keys(model.services).filter((name) => name !== 'test');
  await local.docker('compose', '-p', PROJECT, '-f', file, 'up', '-d', '--wait', '--quiet-pull', ...others);
  const id = await local.docker('compose', '-p', PROJECT, '-f', file, 'run', '-d', '-T', '--no-deps', 'test');
  await local.engine.waitContainer(id, new AbortController().signal);
  ended = {
    engine: local.engine,
    endpoint: local.endpoint,
    commandEnv: local.endpoint.env,
    project: { model, service: 'test', services: others } as unknown as ResolvedProject,
    name: PROJECT,
    folder,
    resultsFolder: null,
    lane: { cpus: [], memoryBytes: null },
    hostCores: 2,
    cgroup: { notAvailable: 'not looked at here' },
    representative: true,
    untimed: false,
    signal: new AbortController().signal,
    container: (await local.engine.inspectContainer(id))!,
    outputFile: join(folder, 'output.log'),
    reattached: false,
    services: () => serviceContainers(ended),
    samples: async () => [],
  };
  await statements.prepare?.(ended);
  await psql('scram', 'other', 'SELECT pg_sleep(0.3)');
  collected = await serviceProbe.collect(ended);
  timings = collected.profile?.services ?? [];
});
afterAll(async () => {
  await local.cleanUp();
  await rm(folder, { recursive: true, force: true });
});

const psql = async (service: string, database: string, ...sql: readonly string[]) => {
  const commands = sql.flatMap((each) => ['-c', each]);
  return await local.docker('exec', `${PROJECT}-${service}-1`, 'psql', '-U', 'shop', '-d', database, ...commands);
};

const asked = (service: string) => timings.find((timing) => timing.service === service && timing.from === 'test')!;

describe('a PostgreSQL server', () => {
  it.each([
    ['trust', 'trust'],
    ['md5', 'md5'],
    ['scram', 'scram-sha-256'],
  ])('that authenticates by %s is timed', (service, auth) => {
    const { dns, tcp, postgres: server } = asked(service);
    expect(server?.auth).toBe(auth);
    for (const timing of [dns, tcp, server?.connect, server?.select, server?.write]) {
      expect(timing).toMatchObject({ kind: 'measured', calls: 20 });
    }
  });

  it('that wants TLS, or another password, is not, with the reason; its port is all the same', () => {
    expect(asked('tls').tcp.kind).toBe('measured');
    expect(asked('tls').postgres?.connect).toEqual({ kind: 'notMeasured', reason: 'the server requires TLS' });
    expect(asked('changed').postgres?.select).toEqual({
      kind: 'notMeasured',
      reason: "the server refused the password that the service's environment has for `shop`",
    });
  });

  it('tells what it was asked in a warm-up by its log, elsewhere', async () => {
    const warmup = { ...ended, representative: false, untimed: true };
    await statements.prepare?.(warmup);
    await psql('trust', 'shop', 'SELECT pg_sleep(0.05)', 'SELECT pg_sleep(0.06)', "SELECT 1\n WHERE 'a' = 'b'");
    const { profile } = await statements.collect(warmup);
    const queries = profile?.queries?.find(({ service }) => service === 'trust');
    expect(queries).toMatchObject({ source: 'log', slowest: [{ text: 'SELECT pg_sleep(?)', calls: 2 }, { calls: 1 }] });
    expect(queries?.slowest[1]?.text).toBe('SELECT ? WHERE ? = ?');
    expect(queries?.slowest[0]?.seconds).toBeGreaterThan(0.11);
    expect(profile?.queries?.map(({ service }) => service)).not.toContain('scram');
  });

  it('tells what it was asked, where the project loads pg_stat_statements', () => {
    const [queries] = collected.profile?.queries ?? [];
    expect(queries).toMatchObject({ service: 'scram', source: 'pg_stat_statements' });
    expect(queries?.slowest[0]).toMatchObject({ text: 'SELECT pg_sleep($1)', calls: 1 });
    expect(queries?.slowest[0]?.seconds).toBeGreaterThan(0.3);
    // Neither our own statements nor those by which the server was set up.
    expect(queries?.calls).toBe(1);
  });
});

describe('every other service', () => {
  it('is asked by TCP, also from those that depend on it', () => {
    expect(asked('redis')).toMatchObject({ port: 6379, tcp: { kind: 'measured', calls: 20 }, postgres: null });
    expect(timings.find(({ from }) => from === 'scram')).toMatchObject({
      service: 'redis',
      dns: { kind: 'measured' },
      tcp: { kind: 'measured' },
    });
  });

  it('that does not listen has a reason', () => {
    expect(asked('deaf').tcp).toEqual({
      kind: 'notMeasured',
      reason: 'nothing listens on port 81 (connection refused)',
    });
  });
});

describe('the latency of the trial', () => {
  it('is that of its worst service that answers', () => {
    const rows = collected.measurements.filter(({ metric }) => metric === 'network.latency');
    const values = rows.flatMap(({ value, subject }) =>
      subject.service !== undefined && value.kind === 'measured' ? [value.value] : [],
    );
    expect(rows[0]).toMatchObject({
      subject: {},
      source: 'probe',
      value: { kind: 'measured', value: Math.max(...values) },
    });
    expect(rows.find(({ subject }) => subject.service === 'deaf')?.value.kind).toBe('notAvailable');
  });

  it('is not available where the tests have no Python', async () => {
    const bare = { ...ended, project: { ...ended.project, service: 'redis', services: ['trust'] } };
    const { measurements } = await serviceProbe.collect(bare);
    expect(measurements[0]?.value).toEqual({
      kind: 'notAvailable',
      reason: 'No service could be asked: the test image has no Python interpreter.',
    });
  });

  it('is looked at in one trial of a run alone', async () => {
    expect(await serviceProbe.collect({ ...ended, representative: false })).toEqual({ measurements: [] });
  });
});

it('leaves no container behind', async () => {
  const left = await local.engine.listContainers({ 'com.docker.compose.project': PROJECT });
  expect(left).toHaveLength(ended.project.services.length + 1);
});

describe('logs', () => {
  it('of running services are read to their present end', async () => {
    const { profile } = await logs.collect(ended);
    // The probe's own attempt with the wrong password is not a finding, and the start of the servers is not one either.
    expect(profile?.logs).toEqual([]);
  });
});
