import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProfile } from '../../src/collectors/build/build-profile.ts';
import type { BuildRecord } from '../../src/collectors/build/buildkit.ts';
import { readBuildRecord } from '../support/build-record.ts';
import { writeDockerfile } from '../../src/docker/build/base-images.ts';
import { buildCommand, type BuildCache } from '../../src/docker/build/build-command.ts';
import { cacheMountsOf, LIST_CACHE_MOUNTS, pruneCacheRecord } from '../../src/docker/build/cache-mounts.ts';
import { loadProject, type ResolvedProject } from '../../src/docker/project/project.ts';
import type { RunDocker } from '../../src/docker/command/docker-runner.ts';
import { runDocker } from '../../src/docker/command/run-docker.ts';
import { changeSource, restoreSource } from '../../src/docker/build/source-change.ts';
import { localEndpoint, nameHere, PYTHON_IMAGE } from '../support/local-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let docker: RunDocker;
const REPOSITORY = nameHere('paceline-test-build');
const OWNER = nameHere('build');

beforeAll(async () => {
  const endpoint = await localEndpoint();
  docker = (args, cwd, input = '') => runDocker(endpoint, args, { cwd, input });
});

afterAll(async () => {
  // By label, since an image that lost its tag to a later build is still there.
  const { stdout } = await docker(['image', 'ls', '-q', '--filter', `label=paceline.test=${OWNER}`], '/');
  if (stdout !== '') await docker(['image', 'rm', '-f', ...new Set(stdout.split('\n'))], '/');
});

/** A project whose bases are in no registry and whose cache mounts are its own: the mark parts it from every other run. */
async function layOut(mark: string): Promise<ResolvedProject> {
  const directory = join(temporaryFolder(), 'shop');
  mkdirSync(join(directory, 'base'), { recursive: true });
  writeFileSync(
    join(directory, 'docker-compose.test.yml'),
    `services:
  test: { build: { context: ., args: { MARK: "${mark} 5$$" } } }
  base: { image: shop-base, build: { context: ./base, args: { TAG: 3.12-alpine } }, profiles: [never] }
`,
  );
  writeFileSync(
    join(directory, 'base', 'Dockerfile'),
    'ARG TAG=3.11\nFROM docker.io/library/python:${TAG}\nENV BASE=ours\n',
  );
  writeFileSync(
    join(directory, 'Dockerfile'),
    `# syntax=docker/dockerfile:1.99-not-there
FROM shop-base
ARG MARK
COPY Dockerfile /Dockerfile
RUN --mount=type=cache,id=${mark}/pip,target=/cache echo "$MARK" >> /cache/runs && cp /cache/runs /runs
RUN --mount=from=python:3.11,target=/other test -x /other/usr/local/bin/python
`,
  );
  return await loadProject({
    directory,
    compose: 'docker-compose.test.yml',
    dockerfile: 'Dockerfile.test',
    service: null,
    run: docker,
  });
}

/** Builds all images in order, as a run does. @returns the record of the last */
async function build(project: ResolvedProject, cache: BuildCache): Promise<BuildRecord> {
  const standIns = ['docker.io/library/python:3.12-alpine', 'python:3.11'].map((image) => ({
    image,
    standIn: PYTHON_IMAGE,
  }));
  const tags = Object.fromEntries(project.builds.map(({ name }) => [name, `${REPOSITORY}:${name}`]));
  let record = readBuildRecord('');
  for (const one of project.builds) {
    const dockerfile = await writeDockerfile(one, join(project.directory, '..'), ['docker/dockerfile:1.99-not-there']);
    const command = buildCommand(one, {
      tags: [tags[one.name] ?? ''],
      labels: { 'paceline.test': OWNER },
      cache,
      standIns,
      built: tags,
      ...(dockerfile === null ? {} : { dockerfile }),
    });
    const { exitCode, stderr } = await docker(command, project.directory);
    record = readBuildRecord(stderr);
    expect({ exitCode, text: record.text }).toEqual({ exitCode: 0, text: '' });
  }
  return record;
}

async function mountContent(): Promise<readonly string[]> {
  const { stdout } = await docker(
    ['run', '--rm', '--network', 'none', `${REPOSITORY}:test`, 'cat', '/runs', '/etc/hostname'],
    '/',
  );
  return stdout.split('\n').slice(0, -1);
}

async function cacheMounts(namespace: string): Promise<readonly string[]> {
  return cacheMountsOf((await docker(LIST_CACHE_MOUNTS, '/')).stdout, namespace);
}

async function prune(namespace: string): Promise<void> {
  for (const id of await cacheMounts(namespace)) await docker(pruneCacheRecord(id), '/');
}

describe('building a project whose bases are its own, stand-ins and an unreachable frontend', () => {
  const mark = `paceline-test-${process.pid}`;
  const namespace = `${mark}-run`;
  /** Where the user's own builds keep the mount: in the namespace without a name. */
  const ofUser = `/${mark}`;
  afterAll(async () => {
    await prune(namespace);
    await prune(ofUser);
  });

  test("a cold build runs every step and leaves the user's layers and cache mounts whole", async () => {
    const project = await layOut(mark);
    const user: BuildCache = { mode: 'warm', namespace: null };
    expect((await build(project, user)).userSteps.cached).toBe(0);
    expect(await mountContent()).toEqual([`${mark} 5$`]);

    const cold = await build(project, { mode: 'cold', namespace });
    expect(cold.userSteps).toEqual({ total: 3, cached: 0 });
    expect(cold.seconds).toBeGreaterThan(0);
    // Its mount was empty, as on a fresh machine.
    expect(await mountContent()).toEqual([`${mark} 5$`]);

    const warm = await build(project, { mode: 'warm', namespace });
    expect(warm.userSteps).toEqual({ total: 3, cached: 3 });

    // As when the user builds again: all steps come from the cache. A step that runs again finds its mount as the user left it.
    expect((await build(project, user)).userSteps).toEqual({ total: 3, cached: 3 });
    writeFileSync(
      join(project.directory, 'Dockerfile'),
      `${readFileSync(join(project.directory, 'Dockerfile'), 'utf8')}# edited\n`,
    );
    await build(project, user);
    expect(await mountContent()).toEqual([`${mark} 5$`, `${mark} 5$`]);

    expect(await cacheMounts(namespace)).toHaveLength(1);
    await prune(namespace);
    expect(await cacheMounts(namespace)).toEqual([]);
    expect(await cacheMounts(ofUser)).toHaveLength(1);
  });

  test('after a source change only the steps that copy the file run again, and the next build uses the cache as before', async () => {
    const project = await layOut(`${mark}-edit`);
    const context = project.directory;
    writeFileSync(join(context, 'app.py'), 'x = 1\n');
    writeFileSync(
      join(context, 'Dockerfile'),
      'FROM python:3.11\nWORKDIR /app\nRUN echo before > /before\nCOPY . .\nRUN echo after > /after\n',
    );
    const [, tests] = project.builds;
    const plain = { ...project, builds: [{ ...tests!, frontend: null, basedOn: [], baseImages: ['python:3.11'] }] };
    const warm: BuildCache = { mode: 'warm', namespace: `${namespace}-edit` };
    await build(plain, { mode: 'cold', namespace: `${namespace}-edit` });
    expect((await build(plain, warm)).userSteps).toEqual({ total: 3, cached: 3 });

    const journal = join(context, '..', 'source-change.json');
    await changeSource({ context, file: 'app.py', journal, mark });
    const changed = await build(plain, { ...warm, mode: 'source-change' });
    expect(changed.userSteps).toEqual({ total: 3, cached: 1 });
    expect(buildProfile(changed, null, []).firstMiss).toMatch(/COPY \. \.$/);

    await restoreSource(journal);
    expect((await build(plain, warm)).userSteps).toEqual({ total: 3, cached: 3 });
  });

  test('a step that fails is named with what it wrote', async () => {
    const project = await layOut(`${mark}-fails`);
    const [, tests] = project.builds;
    if (tests === undefined) throw new Error('the project has two builds');
    const inline = {
      ...tests,
      dockerfileInline: 'FROM python:3.11\nRUN echo broken: $((40 + 2)) && exit 3\n',
      baseImages: ['python:3.11'],
    };
    const dockerfile = await writeDockerfile(inline, join(project.directory, '..'), []);
    const command = buildCommand(inline, {
      tags: [`${REPOSITORY}:fails`],
      cache: { mode: 'warm', namespace: null },
      standIns: [{ image: 'python:3.11', standIn: PYTHON_IMAGE }],
      dockerfile: dockerfile ?? '',
    });
    const { exitCode, stderr } = await docker(command, project.directory);
    expect(exitCode).toBe(1);
    expect(readBuildRecord(stderr).error).toMatchObject({
      step: expect.stringMatching(/^\[.*\/2\] RUN echo broken/),
      message: expect.stringContaining('exit code: 3'),
      lastLines: ['broken: 42'],
    });
  });
});
