/** A project in a folder of its repository, with everything that compose lets it take from around it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { neighbours } from '../../src/activities/support/bring-in.ts';
import { copyTree } from '../../src/data/copy-tree.ts';
import { withHarmlessGit } from '../../src/data/git/git-of-others.ts';
import { loadProject, type ResolvedProject } from '../../src/docker/project/project.ts';
import type { RunDocker } from '../../src/docker/command/docker-runner.ts';
import { runDocker } from '../../src/docker/command/run-docker.ts';
import { plantedIn } from '../data/planted.ts';
import { localEndpoint } from '../support/local-engine.ts';
import { layOut } from '../support/lay-out.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeState } from '../support/tree-state.ts';

const FILES = {
  'services/api/docker-compose.test.yml': `
include:
  - path: ../../compose/infra.yml
    project_directory: ../../infra
    env_file: ../../compose/infra.env
services:
  test:
    extends: { file: ../../compose/base.yml, service: tests }
    build:
      context: ../..
      dockerfile: docker/Dockerfile.test
      additional_contexts: { shared: ../../libs/shared }
    env_file: [../../.env.shared, { path: "\${PWD}/../../.env.pwd", required: false }]
    depends_on: [queue, plain, linked]
    secrets: [token]
    security_opt: ["seccomp=../../compose/seccomp.json"]
    volumes:
      - ../../fixtures:/fixtures
      - ROOT/data/one.csv:/one.csv:ro
      - \${PWD}/own:/own
      - ../../../beyond:/beyond
      - ../../../missing:/missing
      - disk:/disk
  plain: { build: ./plain }
  linked: { build: { context: ./linked }, volumes: ["./linked:/linked"] }
  unused: { image: x, profiles: [never], build: ../../unused }
secrets: { token: { file: ../../secrets/token } }
volumes: { disk: { driver_opts: { type: none, o: bind, device: "\${PWD}/own" } } }
`,
  'services/api/plain/Dockerfile': 'FROM python:3.11\n',
  'services/api/own/file': '',
  'compose/base.yml': 'services: { tests: { extends: { file: deeper/base.yml, service: tests }, shm_size: 96m } }\n',
  'compose/deeper/base.yml': 'services: { tests: { env_file: ../more.env } }\n',
  'compose/more.env': 'MORE=yes\n',
  'compose/infra.yml': 'services: { queue: { image: "${QUEUE_IMAGE}", volumes: ["./conf:/conf:ro"] } }\n',
  'compose/infra.env': 'QUEUE_IMAGE=redis:7\n',
  'compose/seccomp.json': '{}',
  'infra/conf/queue.conf': 'x',
  '.env.shared': 'SHARED=yes\n',
  '.env.pwd': 'OF_PWD=yes\n',
  '.env': 'NOT_READ=yes\n',
  'docker/Dockerfile.test': 'FROM python:3.11\n',
  '.dockerignore': 'big\n**/*.log\n!kept.log\n',
  'big/file': 'x'.repeat(100_000),
  'kept.log': '',
  'libs/shared/__init__.py': '',
  'libs/linked/Dockerfile': 'FROM redis:7\n',
  'fixtures/a.json': '{}',
  'data/one.csv': '1\n',
  'secrets/token': 't0ken',
  'unused/Dockerfile': 'FROM scratch\n',
  'requirements.txt': 'pytest\n',
};

let docker: RunDocker;

beforeAll(async () => {
  const endpoint = await localEndpoint();
  // As in a worker that was started in another folder.
  const env = { ...endpoint.env, PWD: '/', OLDPWD: '/' };
  docker = (args, cwd, input = '') => runDocker(endpoint, args, { cwd, env, input });
});

const layOutAt = (root: string, files: Readonly<Record<string, string>>) =>
  layOut(root, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll('ROOT', root)])));

async function loaded(repository: string, folder: string, copy: string): Promise<ResolvedProject> {
  const place = { root: copy, directory: join(copy, folder), originalDirectory: join(repository, folder) };
  await copyTree(place.originalDirectory, place.directory);
  const bringIn = await neighbours(place, { dataDirectory: '/nowhere' }, new AbortController().signal);
  const options = { compose: 'docker-compose.test.yml', dockerfile: 'Dockerfile.test', service: null };
  return loadProject({ ...place, ...options, bringIn, run: docker });
}

function monorepo(): { readonly repository: string; readonly copy: string } {
  const folder = temporaryFolder();
  const [repository, copy] = [join(folder, 'repo'), join(folder, 'data', 'source')];
  layOutAt(repository, FILES);
  layOut(folder, { 'beyond/file': '' });
  symlinkSync('../../libs/linked', join(repository, 'services/api/linked'));
  symlinkSync('../../requirements.txt', join(repository, 'services/api/requirements.txt'));
  return { repository, copy };
}

test('what compose reads and names elsewhere in the repository is there, in its place, and the original is not touched', async () => {
  const { repository, copy } = monorepo();
  const before = treeState(repository);
  const project = await loaded(repository, 'services/api', copy);
  expect(treeState(repository)).toEqual(before);
  const { test: tests, queue, linked } = project.model.services;
  expect(tests).toMatchObject({
    environment: { SHARED: 'yes', OF_PWD: 'yes', MORE: 'yes' },
    shm_size: '100663296',
    security_opt: [`seccomp=${copy}/compose/seccomp.json`],
  });
  expect(tests?.environment).not.toHaveProperty('NOT_READ');
  expect(queue).toMatchObject({ image: 'redis:7', volumes: [{ source: join(copy, 'infra', 'conf') }] });
  expect(linked?.volumes).toMatchObject([{ source: join(copy, 'services/api/linked') }]);
  expect(tests?.volumes?.map(({ type, source, target, read_only: ro }) => [type, source, target, ro ?? false])).toEqual(
    [
      ['bind', join(copy, 'fixtures'), '/fixtures', false],
      ['bind', join(copy, 'data/one.csv'), '/one.csv', true],
      ['bind', join(copy, 'services/api/own'), '/own', false],
      ['bind', join(repository, '../beyond'), '/beyond', true],
      ['volume', undefined, '/missing', false],
      ['volume', 'disk', '/disk', false],
    ],
  );
  expect(project.model.volumes?.['disk']?.driver_opts?.['device']).toBe(join(copy, 'services/api/own'));
  expect(project.model.secrets?.['token']?.file).toBe(join(copy, 'secrets/token'));
  expect(readFileSync(join(copy, 'secrets/token'), 'utf8')).toBe('t0ken');
  const ofTests = project.builds.find(({ services }) => services.includes('test'));
  expect(ofTests).toMatchObject({
    context: copy,
    dockerfile: join(copy, 'docker/Dockerfile.test'),
    additionalContexts: { shared: join(copy, 'libs/shared') },
    baseImages: ['python:3.11'],
  });
  expect(project.builds.find(({ name }) => name === 'linked')?.baseImages).toEqual(['redis:7']);
  expect(project.isolation).toMatchObject({ sourceMounts: ['linked', 'test'] });
  expect(project.notes.join('\n')).toMatch(
    /mounts \.\.\/\.\.\/\.\.\/beyond, which is outside[^]*There is no .*missing/,
  );
  // The whole repository is a context, and only what the build would get is copied.
  expect(existsSync(join(copy, 'kept.log'))).toBe(true);
  expect(existsSync(join(copy, 'big', 'file'))).toBe(false);
});

test('no more of the repository is copied than is named', async () => {
  const { repository, copy } = monorepo();
  layOut(repository, {
    'services/web/docker-compose.test.yml': `services: { test: { extends: { file: ../../compose/base.yml, service: tests }, build: . } }\n`,
    'services/web/Dockerfile': 'FROM python:3.11\n',
  });
  symlinkSync('../../requirements.txt', join(repository, 'services/web/requirements.txt'));
  symlinkSync('../../big', join(repository, 'services/web/big'));
  await loaded(repository, 'services/web', copy);
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: copy, encoding: 'utf8' }).trim().split('\n').sort();
  expect(files).toEqual(['./requirements.txt', './services/web/Dockerfile', './services/web/docker-compose.test.yml']);
});

test('outside git, what compose reads next to the project is read where it is', async () => {
  const folder = temporaryFolder();
  layOut(folder, {
    'common/base.yml': 'services: { tests: { environment: { FROM_BASE: "yes" } } }\n',
    'api/docker-compose.test.yml':
      'services: { test: { extends: { file: ../common/base.yml, service: tests }, build: ., volumes: ["../common:/c"] } }\n',
    'api/Dockerfile': 'FROM python:3.11\n',
  });
  const copy = join(folder, 'data', 'source');
  await copyTree(join(folder, 'api'), copy);
  const place = { root: copy, directory: copy, originalDirectory: join(folder, 'api') };
  const bringIn = await neighbours(place, { dataDirectory: '/nowhere' }, new AbortController().signal);
  const options = { compose: 'docker-compose.test.yml', dockerfile: 'Dockerfile.test', service: null };
  const { model, builds } = await loadProject({ ...place, ...options, bringIn, run: docker });
  expect(model.services['test']?.environment).toEqual({ FROM_BASE: 'yes' });
  expect(model.services['test']?.volumes).toMatchObject([{ source: join(folder, 'common'), read_only: true }]);
  expect(builds).toMatchObject([{ context: copy }]);
});

test('buildx asks git nothing in a folder whose repository names programs', async () => {
  const { path, ran } = plantedIn(temporaryFolder());
  const { env, cli } = await localEndpoint();
  const argv = ['buildx', 'build', '--quiet', '--output', 'type=cacheonly', '.'];
  const build = (given: Readonly<Record<string, string>>) => execFileSync(cli, argv, { cwd: path, env: given });
  build({ ...env, ...(await withHarmlessGit(env)) });
  expect(ran()).toEqual([]);
  build(env);
  expect(ran()).not.toEqual([]);
});

test('a link of the project that leads out of its repository is mounted read-only, and one into it is the copy', async () => {
  const folder = temporaryFolder();
  const [repository, copy] = [join(folder, 'repo'), join(folder, 'data', 'source')];
  layOut(repository, {
    'api/docker-compose.test.yml': 'services: { test: { build: ., volumes: ["./out:/out", "./in:/in"] } }\n',
    'api/Dockerfile': 'FROM python:3.11\n',
    'shared/file': '',
  });
  layOut(folder, { 'other/file': '' });
  symlinkSync(join(folder, 'other'), join(repository, 'api', 'out'));
  symlinkSync(join(repository, 'shared'), join(repository, 'api', 'in'));
  const { model, isolation } = await loaded(repository, 'api', copy);
  expect(model.services['test']?.volumes).toMatchObject([
    { source: join(folder, 'other'), read_only: true },
    { source: join(copy, 'shared') },
  ]);
  expect(isolation.oneLane).toEqual([]);
});
