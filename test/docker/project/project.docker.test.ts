import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeFileFor } from '../../../src/docker/project/trial-compose-file.ts';
import { composeRun, composeUp } from '../../../src/docker/compose/compose-command.ts';
import { valuesOf } from '../../../src/docker/compose/compose-environment.ts';
import { loadProject, type LoadProjectOptions } from '../../../src/docker/project/project.ts';
import type { RunDocker } from '../../../src/docker/command/docker-runner.ts';
import { runDocker } from '../../../src/docker/command/run-docker.ts';
import { PacelineError } from '../../../src/model/failure.ts';
import { localEndpoint, nameHere, PYTHON_IMAGE } from '../../support/local-engine.ts';
import { layOut } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let docker: RunDocker;

beforeAll(async () => {
  const endpoint = await localEndpoint();
  docker = (args, cwd, input = '') =>
    runDocker(endpoint, args, { cwd, input, env: { ...endpoint.env, TOKEN: 's3cret' } });
});

/** Lays out files in a folder that is gone when the test is. @returns the folder */
function project(files: Readonly<Record<string, string>>): string {
  return layOut(join(temporaryFolder(), 'shop'), files);
}

function load(directory: string, options: Partial<LoadProjectOptions> = {}) {
  const defaults = { compose: 'docker-compose.test.yml', dockerfile: 'Dockerfile.test', service: null };
  return loadProject({ directory, run: docker, ...defaults, ...options });
}

const DOCKERFILE = 'FROM python:3.11\nCMD ["pytest"]\n';

describe('a project', () => {
  test('has the test service, the services that start with it, and each image once', async () => {
    const directory = project({
      'docker-compose.test.yml': `
name: shop
services:
  test:
    profiles: [test]
    build: { context: ., dockerfile: Dockerfile.test, args: { PRICE: "5$$" } }
    depends_on: { db: { condition: service_healthy } }
    volumes: [.:/app]
  worker: { build: { context: ., dockerfile: Dockerfile.test, args: { PRICE: "5$$" } } }
  beat: { image: shop-web }
  web: { image: shop-web, build: ./web, profiles: [web] }
  db: { image: "\${POSTGRES_IMAGE:-postgres:16}", environment: { PASSWORD: "a$$b" } }
  unused: { image: nothing, profiles: [other] }
`,
      'Dockerfile.test': DOCKERFILE,
      'web/Dockerfile': 'FROM shop-base\n',
    });
    const loaded = await load(directory);
    expect(loaded).toMatchObject({
      service: 'test',
      services: ['beat', 'db', 'worker'],
      images: [{ service: 'db', image: 'postgres:16' }],
      isolation: { oneLane: [], sourceMounts: ['test'] },
      notes: [],
    });
    expect(loaded.builds.map(({ name, services, dockerfile, args }) => ({ name, services, dockerfile, args }))).toEqual(
      [
        { name: 'beat', services: ['beat'], dockerfile: join(directory, 'web/Dockerfile'), args: {} },
        {
          name: 'worker',
          services: ['worker', 'test'],
          dockerfile: join(directory, 'Dockerfile.test'),
          args: { PRICE: '5$' },
        },
      ],
    );
    expect(loaded.model.services['db']?.environment).toEqual({ PASSWORD: 'a$b' });
    expect(Object.keys(loaded.model.services)).toEqual(['beat', 'db', 'test', 'worker']);
  });

  test('has its bases built first, also those that no service runs on', async () => {
    const directory = project({
      'docker-compose.test.yml': `
services:
  test: { build: { context: ., dockerfile_inline: "FROM shop-base:dev\\nCOPY --from=redis:7 /x /x" } }
  base: { image: "shop-base:dev", build: ./base, profiles: [never] }
`,
      'base/Dockerfile': '# syntax=docker/dockerfile:1\nARG V=3.11\nFROM python:${V}\n',
    });
    const { builds, services } = await load(directory);
    expect(services).toEqual([]);
    expect(
      builds.map(({ name, services, baseImages, basedOn, frontend }) => ({
        name,
        services,
        baseImages,
        basedOn,
        frontend,
      })),
    ).toEqual([
      { name: 'base', services: [], baseImages: ['python:3.11'], basedOn: [], frontend: 'docker/dockerfile:1' },
      {
        name: 'test',
        services: ['test'],
        baseImages: ['redis:7'],
        basedOn: [{ context: 'shop-base:dev', build: 'base' }],
        frontend: null,
      },
    ]);
  });

  test('whose test service has only an image is built from Dockerfile.test', async () => {
    const directory = project({
      'docker-compose.test.yml': 'services:\n  test: { image: shop-test }\n',
      'Dockerfile.test': DOCKERFILE,
    });
    const { builds } = await load(directory);
    expect(builds).toMatchObject([
      { services: ['test'], context: directory, images: ['shop-test'], baseImages: ['python:3.11'] },
    ]);
  });

  test('may be a Dockerfile.test alone', async () => {
    const directory = project({ 'Dockerfile.test': DOCKERFILE, 'compose.yaml': 'services: {}\n' });
    const loaded = await load(directory);
    expect(loaded).toMatchObject({
      composeFiles: [],
      variables: null,
      service: 'test',
      services: [],
      builds: [{ services: ['test'] }],
    });
    expect(loaded.notes).toEqual([expect.stringContaining('compose.yaml is not used')]);
  });

  test('in a copy has its neighbours where the original is', async () => {
    const directory = project({
      'docker-compose.test.yml':
        'services:\n  test: { build: ., volumes: ["../lib:/lib", "/var/tmp:/t:ro", "./data:/data"] }\n',
      Dockerfile: DOCKERFILE,
    });
    const { model, notes } = await load(directory, { originalDirectory: '/home/me/shop' });
    expect(
      model.services['test']?.volumes?.map(({ source, read_only: readOnly }) => [source, readOnly ?? false]),
    ).toEqual([
      ['/home/me/lib', true],
      ['/var/tmp', true],
      [join(directory, 'data'), false],
    ]);
    expect(notes).toEqual([expect.stringContaining('../lib')]);
  });

  test('with its compose file in a sub-folder has the paths that compose gives it', async () => {
    const directory = project({
      'ci/compose.yml': 'services:\n  test: { build: { context: .., dockerfile: "${FILE}" } }\n',
      'ci/.env': 'FILE=ci/Dockerfile.ci\n',
      'ci/Dockerfile.ci': DOCKERFILE,
    });
    const { builds } = await load(directory, { compose: 'ci/compose.yml' });
    expect(builds).toMatchObject([{ context: directory, dockerfile: join(directory, 'ci/Dockerfile.ci') }]);
  });
});

describe('a project that cannot be measured', () => {
  const COMPOSE = 'docker-compose.test.yml';
  test.each<[string, Record<string, string>, Partial<LoadProjectOptions>, string, RegExp]>([
    [
      'has no compose file',
      {},
      {},
      'WrongUsage',
      /There is no docker-compose\.test\.yml in .*no Dockerfile\.test either.*compose: compose\.yml/,
    ],
    [
      'lacks the compose file that is asked for',
      { 'Dockerfile.test': DOCKERFILE },
      { compose: 'x.yml' },
      'WrongUsage',
      /There is no x\.yml/,
    ],
    [
      'has invalid YAML',
      { [COMPOSE]: 'services:\n  a: {image: x\n' },
      {},
      'WrongUsage',
      /docker-compose\.test\.yml:\d+:\d+ is not valid YAML/,
    ],
    [
      'has an unknown key',
      { [COMPOSE]: 'services:\n  a: {imagee: x}\n' },
      {},
      'ComposeFailed',
      /does not accept docker-compose\.test\.yml: .*imagee/,
    ],
    [
      'has no service `test`',
      { [COMPOSE]: 'services:\n  app: {image: x}\n  web: {image: x}\n' },
      {},
      'WrongUsage',
      /It has: app, web\. .*--service NAME/,
    ],
    [
      'has no such service',
      { [COMPOSE]: 'services:\n  tests: {image: x}\n' },
      { service: 'testz' },
      'WrongUsage',
      /Did you mean `tests`\?/,
    ],
    [
      'has no Dockerfile',
      { [COMPOSE]: 'services:\n  test: {image: x}\n' },
      {},
      'WrongUsage',
      /There is no Dockerfile to measure/,
    ],
    [
      'misses the Dockerfile of a build',
      { [COMPOSE]: 'services:\n  test: {build: {dockerfile: Dockerfile.tset}}\n', 'Dockerfile.test': DOCKERFILE },
      {},
      'WrongUsage',
      /does not exist: Dockerfile\.tset\. Did you mean Dockerfile\.test\?/,
    ],
    [
      'misses the context of a build',
      { [COMPOSE]: 'services:\n  test: {build: ./nope}\n' },
      {},
      'WrongUsage',
      /build context of `test` does not exist: nope\./,
    ],
    [
      'misses a file of variables',
      { [COMPOSE]: 'services:\n  test: {build: ., env_file: [.env.db]}\n', Dockerfile: DOCKERFILE },
      {},
      'WrongUsage',
      /needs a file that does not exist: .*\.env\.db/,
    ],
  ])('because it %s is reported in one or two lines', async (_, files, options, type, message) => {
    const failure = await load(project({ 'compose.yml': 'services:\n  tests: {}\n', ...files }), options).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PacelineError);
    expect(failure).toMatchObject({ message: expect.stringMatching(message), problem: { type } });
    expect((failure as PacelineError).message).not.toContain('\n');
  });
});

/** What collides when it runs twice: names of containers, networks and volumes, a port; and what must arrive as it is. */
const COLLIDING = `
name: fixed
services:
  db:
    image: ${PYTHON_IMAGE}
    container_name: paceline-test-fixed-db
    command: [python, -m, http.server, "8000"]
    ports: ["127.0.0.1:18099:8000"]
    restart: always
    stop_grace_period: 0s
    networks: [back]
    volumes: ["kept:/kept"]
    healthcheck: { test: ["CMD-SHELL", "python -c 'import socket; socket.create_connection((\\"127.0.0.1\\", 8000))' && echo $$HOME"], interval: 200ms, start_period: 1m30s }
    ulimits: { nofile: { soft: 1024, hard: 2048 } }
    tmpfs: ["/scratch:size=8m"]
    extra_hosts: ["elsewhere:192.0.2.7"]
    sysctls: { net.core.somaxconn: 512 }
    deploy: { resources: { limits: { cpus: "0.5", memory: 200M }, reservations: { memory: 190M } } }
  test:
    image: ${PYTHON_IMAGE}
    profiles: [test]
    build: { context: ., dockerfile: Dockerfile.test }
    depends_on: { db: { condition: service_healthy } }
    environment: { PRICE: "5$$ \${UNSET:-and} $$NOT" }
    env_file: [test.env]
    networks: [back]
    volumes: [".:/src"]
    secrets: [token, { source: file, target: /run/secrets/other }]
    configs: [{ source: inline, target: /etc/inline }]
networks: { back: { name: paceline-test-fixed-net } }
volumes: { kept: { name: paceline-test-fixed-volume } }
secrets: { token: { environment: TOKEN }, file: { file: ./secret.txt } }
configs: { inline: { content: "rate=10$$\\n" } }
`;

const SCRIPT = `
import os, socket, urllib.request
print(os.environ['PRICE'], os.environ['RAW'], sep='|')
print(open('/run/secrets/token').read(), open('/run/secrets/other').read(), open('/etc/inline').read().strip(), sep='|')
print(*(urllib.request.urlopen(f'http://{host}:8000').status for host in ('db', 'paceline-test-fixed-db')))
print(open('/src/mark').read(), os.environ['PYTEST_ADDOPTS'])
open('/results/done', 'w').close()
`;

describe('two trials of one project side by side', () => {
  const projects = [nameHere('paceline-test-b1'), nameHere('paceline-test-b2')] as const;
  afterAll(async () => {
    for (const name of projects)
      await docker(['compose', '-p', name, 'down', '-v', '--remove-orphans', '-t', '0'], '/');
  });

  test('share no name, port, network or volume, and each sees what the project says', async () => {
    const directory = project({
      'docker-compose.test.yml': COLLIDING,
      'Dockerfile.test': DOCKERFILE,
      'test.env': "RAW='l$it'\n",
      'secret.txt': 'from a file',
    });
    const loaded = await load(directory);
    expect(loaded.isolation).toMatchObject({ oneLane: [], sourceMounts: ['test'] });

    const trials = projects.map((name) => {
      const copy = join(directory, '..', name);
      mkdirSync(join(copy, 'results'), { recursive: true });
      writeFileSync(join(copy, 'mark'), name);
      const document = composeFileFor(loaded, {
        tags: { test: PYTHON_IMAGE },
        labels: { 'paceline.test': nameHere('project') },
        cpuset: '0',
        memoryBytes: 150_000_000,
        sourceCopy: { from: directory, to: copy },
        resultsMount: { host: join(copy, 'results'), container: '/results' },
        extraTestEnvironment: { PYTEST_ADDOPTS: `--junitxml=$x` },
      });
      const file = join(copy, 'results', 'compose.json');
      writeFileSync(file, JSON.stringify(document));
      return { name, copy, at: { project: name, file } };
    });
    for (const { at, copy } of trials) {
      const up = await docker([...composeUp(at), '--wait', '--wait-timeout', '60', ...loaded.services], copy);
      expect(up.exitCode === 0 ? '' : up.stderr).toBe('');
    }
    for (const { name, at, copy } of trials) {
      const container = `${name}-tests`;
      const started = await docker(
        composeRun(at, { name: container, service: 'test', args: ['python', '-c', SCRIPT] }),
        copy,
      );
      expect(started.exitCode === 0 ? '' : started.stderr).toBe('');
      expect((await docker(['wait', container], copy)).stdout).toBe('0');
      expect((await docker(['logs', container], copy)).stdout.split('\n')).toEqual([
        '5$ and $NOT|l$it',
        's3cret|from a file|rate=10$',
        '200 200',
        `${name} --junitxml=$x`,
      ]);
    }

    const [first] = trials;
    const { stdout } = await docker(['inspect', `${first?.name}-db-1`], directory);
    const [inspected] = JSON.parse(stdout) as readonly [
      { HostConfig: Record<string, unknown>; Config: { Labels: object } },
    ];
    expect(inspected.HostConfig).toMatchObject({
      CpusetCpus: '0',
      Memory: 150_000_000,
      NanoCpus: 500_000_000,
      PortBindings: {},
      RestartPolicy: { Name: 'on-failure' },
      Sysctls: { 'net.core.somaxconn': '512' },
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }],
      Tmpfs: { '/scratch': 'size=8m' },
      ExtraHosts: ['elsewhere:192.0.2.7'],
    });
    expect(inspected.Config.Labels).toMatchObject({ 'paceline.test': nameHere('project') });
    const objects = await docker(
      ['volume', 'ls', '-q', '--filter', `label=paceline.test=${nameHere('project')}`],
      directory,
    );
    expect(objects.stdout.split('\n').sort()).toEqual(projects.map((name) => `${name}_kept`));
  });
});

describe('what compose alone knows', () => {
  test('variables of secrets come from .env, COMPOSE_ENV_FILES and the environment, as compose has them', async () => {
    const directory = project({
      'docker-compose.test.yml': `
services: { test: { build: { context: ., dockerfile: Dockerfile.test }, secrets: [a-b, c, d, e], configs: [f, g] } }
secrets:
  a-b: { environment: QUOTED }
  c: { environment: EXPORTED }
  d: { environment: TOKEN }
  e: { environment: UNSET }
configs: { f: { environment: LINES }, g: { environment: LITERAL } }
`,
      'Dockerfile.test': DOCKERFILE,
      '.env': `BASE=x\nQUOTED="a \${BASE} b"\nexport EXPORTED=1\nTOKEN=overridden\nLINES="one\ntwo"\nLITERAL='$BASE $$'\n`,
      'ci.env': 'QUOTED=of the other file\n',
    });
    const { variables } = await load(directory);
    expect(await valuesOf(variables!, docker)).toEqual({
      QUOTED: 'a x b',
      EXPORTED: '1',
      TOKEN: 's3cret',
      LINES: 'one\ntwo',
      LITERAL: '$BASE $$',
    });
    const endpoint = await localEndpoint();
    const env = { ...endpoint.env, COMPOSE_ENV_FILES: 'ci.env' };
    const other: RunDocker = (args, cwd, input = '') => runDocker(endpoint, args, { cwd, env, input });
    expect(await valuesOf(variables!, other)).toEqual({ QUOTED: 'of the other file' });
  });

  test('a project that this compose cannot print as JSON is read all the same', async () => {
    const directory = project({
      'docker-compose.test.yml':
        'services: { test: { build: { context: ., dockerfile: Dockerfile.test, ssh: ["k=./id"] }, environment: { A: "a$$b" } } }',
      'Dockerfile.test': DOCKERFILE,
    });
    const { builds, model } = await load(directory);
    expect(builds[0]?.ssh).toEqual([`k=${join(directory, 'id')}`]);
    expect(model.services['test']?.environment).toEqual({ A: 'a$b' });
  });

  test('several files are merged, and profiles and a project name in .env change nothing that a run makes', async () => {
    const directory = project({
      'ci/base.yml':
        'services: { test: { build: { context: .., dockerfile: Dockerfile.test } }, cache: { image: r, profiles: [more] }, no: { image: r, profiles: [other] } }',
      'override.yml': 'services: { test: { environment: { A: b } } }',
      'Dockerfile.test': DOCKERFILE,
      'ci/.env': 'COMPOSE_PROFILES=more\nCOMPOSE_PROJECT_NAME=taken\n',
    });
    const loaded = await load(directory, { compose: ['ci/base.yml', 'override.yml'] });
    expect(loaded).toMatchObject({ services: ['cache'], builds: [{ context: directory }] });
    expect(loaded.model.services['test']?.environment).toEqual({ A: 'b' });
    expect(JSON.stringify(composeFileFor(loaded, { tags: {}, labels: {} }))).not.toContain('taken');
  });
});
