/** Whatever docker, compose, buildx or an engine answers: a value or a PacelineError, and soon. */
import type Dockerode from 'dockerode';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cacheMountsOf } from '../../src/docker/build/cache-mounts.ts';
import { composeFileFor } from '../../src/docker/project/trial-compose-file.ts';
import { composeWarnings, refusedByCompose } from '../../src/docker/compose/compose-problems.ts';
import { parseModel } from '../../src/docker/compose/compose-schema.ts';
import { findTestService, servicesBeside } from '../../src/docker/compose/compose-services.ts';
import { baseImages, frontendOf, withoutFrontend } from '../../src/docker/build/dockerfile.ts';
import { readDockerignore } from '../../src/docker/build/dockerignore.ts';
import { currentContext } from '../../src/docker/command/endpoint.ts';
import { EngineRefusal } from '../../src/docker/engine/engine.ts';
import { translated, understood } from '../../src/docker/engine/engine-errors.ts';
import * as facts from '../../src/docker/engine/engine-facts.ts';
import { isolationOf } from '../../src/docker/project/isolation.ts';
import { projectBuilds } from '../../src/docker/build/project-builds.ts';
import { leavesTheCopy, mapPaths } from '../../src/docker/compose/project-paths.ts';
import { jsonLines, onlyFile, wholeOf } from '../../src/docker/engine/streams.ts';
import { PacelineError } from '../../src/model/failure.ts';
import { anyText, cutText, damaged } from '../support/damaged.ts';

/** Runs it. @returns the type of the problem, `null` for none; anything else that is thrown is thrown on */
function problemOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof PacelineError) return error.problem.type;
    throw error;
  }
}

const MODEL = {
  name: 'shop',
  services: {
    test: {
      build: {
        context: '/copy',
        dockerfile: 'Dockerfile',
        args: { A: '1', B: null },
        ssh: ['default'],
        shm_size: '64m',
      },
      command: ['pytest'],
      entrypoint: null,
      environment: { DB: 'postgres://db', EMPTY: null },
      depends_on: { db: { condition: 'service_healthy', required: true } },
      links: ['db:database'],
      volumes: [{ type: 'bind', source: '/copy', target: '/app', bind: { create_host_path: true } }],
      ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
      expose: ['90'],
      networks: { default: null, back: { aliases: ['t'], ipv4_address: '10.0.0.2' } },
      profiles: ['ci'],
      container_name: 'the-test',
      pid: 'host',
      deploy: { replicas: 1, resources: { limits: { cpus: 1.5, memory: '1073741824' } } },
    },
    db: { image: 'postgres:15', volumes_from: ['test:ro'], network_mode: 'service:test', labels: { a: 'b' } },
  },
  networks: { default: { name: 'x_default', ipam: {} }, back: { ipam: { config: [{ subnet: '10.0.0.0/24' }] } } },
  volumes: { data: { driver_opts: { device: '/srv' } }, other: null },
  secrets: { token: { file: '/elsewhere/token' } },
};

function readThrough(json: string): void {
  const parsed = parseModel(json);
  const directory = '/copy';
  leavesTheCopy(parsed, directory);
  const { model } = mapPaths(parsed, null, { directory, originalDirectory: '/original' });
  const service = findTestService(model, 'compose.yml', null);
  const { services } = servicesBeside(model, service, Object.keys(model.services));
  projectBuilds(model, [...services, service], null);
  const isolation = isolationOf(model, directory);
  composeFileFor(
    {
      directory,
      composeFiles: ['/copy/compose.yml'],
      variables: null,
      service,
      services,
      model,
      builds: [],
      images: [],
      isolation,
      notes: [],
    },
    { tags: {}, labels: { a: 'b' }, cpuset: '0', memoryBytes: 1e9, extraTestEnvironment: { X: '1' } },
  );
}

describe("compose's answers", () => {
  test('the model is read as it is', () => {
    expect(problemOf(() => readThrough(JSON.stringify(MODEL)))).toBe(null);
  });

  test('a model of any other shape is reported, or read as far as possible', () => {
    const allowed = [null, 'EngineUnfit', 'WrongUsage'];
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          damaged(MODEL).map((model) => JSON.stringify(model)),
          cutText(JSON.stringify(MODEL)),
        ),
        (json) => {
          expect(allowed).toContain(problemOf(() => readThrough(json)));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'a service that is called %s is not there',
    (name) => {
      expect(() => findTestService(parseModel(JSON.stringify(MODEL)), 'compose.yml', name)).toThrow(
        `has no service \`${name}\``,
      );
    },
  );

  test('messages of any kind become a problem and warnings', () => {
    const messages = fc.oneof(
      anyText,
      anyText.map((text) => `time="x" level=warning msg="${text}"\nyaml: line 3: ${text}`),
    );
    fc.assert(
      fc.property(messages, fc.option(anyText), (stderr, text) => {
        const { what, next } = refusedByCompose({ file: 'compose.yml', text, stderr }).problem;
        expect(what).toContain('compose.yml');
        expect(next).not.toBe('');
        for (const warning of composeWarnings(stderr)) expect(stderr.replaceAll('\\"', '"')).toContain(warning);
      }),
    );
  });
});

const CONTAINER = {
  Id: 'c1',
  Name: '/shop-db-1',
  Image: 'sha256:1',
  Created: '2026-01-01T00:00:00Z',
  RestartCount: 0,
  State: {
    Status: 'running',
    ExitCode: 0,
    OOMKilled: false,
    StartedAt: '2026-01-01T00:00:01Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    Error: '',
    Pid: 7,
    Health: { Status: 'healthy', FailingStreak: 0, Log: [{ Start: 'a', End: 'b', ExitCode: 0, Output: '' }] },
  },
  Config: {
    Image: 'db',
    Labels: { a: 'b' },
    Env: ['A=1'],
    Tty: false,
    ExposedPorts: { '5432/tcp': {} },
    Healthcheck: { Test: ['CMD', 'x'] },
  },
  HostConfig: { NetworkMode: 'x_default' },
  NetworkSettings: { Networks: { default: { IPAddress: '10.0.0.3', Aliases: ['db'] } } },
  Mounts: [{ Type: 'bind', Source: '/a', Destination: '/b', RW: true }],
};
const IMAGE = {
  Id: 'i1',
  Size: 5,
  RepoTags: ['a:1'],
  Config: { Entrypoint: ['x'], Cmd: null, User: '', WorkingDir: '/', Env: ['A=1'], Labels: null },
};
const STATS = {
  read: '2026-01-01T00:00:00Z',
  memory_stats: { usage: 10, limit: 20, stats: { inactive_file: 2 } },
  cpu_stats: { cpu_usage: { total_usage: 5 }, online_cpus: 2, throttling_data: { throttled_time: 0 } },
  networks: { eth0: { rx_bytes: 1, tx_bytes: 2 } },
  blkio_stats: { io_service_bytes_recursive: [{ op: 'Read', value: 1 }] },
  pids_stats: { current: 3 },
};
const INFO = {
  ID: 'e',
  Name: 'host',
  ServerVersion: '27.0',
  NCPU: 2,
  MemTotal: 8,
  CgroupDriver: 'cgroupfs',
  Driver: 'overlay2',
  DockerRootDir: '/var',
  OperatingSystem: 'x',
  KernelVersion: '6',
  Architecture: 'x86_64',
  SecurityOptions: ['name=seccomp'],
};
const EVENT = { Type: 'container', Action: 'die', Actor: { ID: 'c1', Attributes: { exitCode: '0' } }, timeNano: 1 };
const CONTEXT = [{ Endpoints: { docker: { Host: 'unix:///x' } }, TLSMaterial: {}, Storage: {} }];

describe("the engine's answers", () => {
  test.each<[string, unknown, (message: never) => unknown]>([
    ['a container', CONTAINER, facts.containerFacts],
    [
      'a list of containers',
      { Id: 'c', Names: ['/a'], State: 'running', Image: 'a', Labels: {} },
      facts.listedContainer,
    ],
    ['a list of images', { Id: 'i', RepoTags: null, Size: 1, Labels: null }, facts.listedImage],
    ['an image', IMAGE, facts.imageFacts],
    ['the layers of an image', [{ CreatedBy: 'RUN |1 A=1 /bin/sh -c make # buildkit', Size: 1 }], facts.imageLayers],
    ['a sample', STATS, facts.statsSample],
    ['itself', INFO, facts.engineInfo],
    ['an event', EVENT, facts.engineEvent],
  ])('about %s: as it is read, of any other shape told as one', (what, message, read) => {
    expect(problemOf(() => understood(what, () => read(message as never)))).toBe(null);
    fc.assert(
      fc.property(fc.oneof(damaged(message), fc.jsonValue()), (other) => {
        expect([null, 'EngineUnfit']).toContain(problemOf(() => understood(what, () => read(other as never))));
      }),
      { numRuns: 300 },
    );
  });

  test('an image without a configuration has no command', () => {
    expect(facts.imageFacts({ ...IMAGE, Config: null } as unknown as Dockerode.ImageInspectInfo)).toMatchObject({
      entrypoint: null,
      cmd: null,
    });
  });

  test('errors of any shape stay errors', () => {
    const shapes = fc.record(
      { statusCode: fc.jsonValue(), code: fc.jsonValue(), json: fc.jsonValue(), message: fc.string() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(shapes, (shape) => {
        const error = translated(Object.assign(new Error('x'), shape), 'unix:///x');
        expect(error).toBeInstanceOf(Error);
        expect(error instanceof EngineRefusal).toBe('statusCode' in shape);
      }),
    );
  });

  test('lines that are not messages are skipped, wherever the chunks are cut', async () => {
    const lines = fc.array(fc.oneof(anyText, fc.constant('{"a":1}')), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 4_000 }), async (all, size) => {
        const bytes = Buffer.from(all.map((line) => `${line}\n`).join(''));
        async function* chunks() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        let count = 0;
        for await (const message of jsonLines(chunks())) {
          expect(typeof message).toBe('object');
          count += 1;
        }
        expect(count).toBeGreaterThanOrEqual(all.filter((line) => line === '{"a":1}').length);
      }),
    );
  });

  test('an archive of any bytes gives a file within it, or none', async () => {
    const header = fc
      .tuple(fc.uint8Array({ minLength: 512, maxLength: 512 }), fc.constantFrom('0', 'x', 'g', '\0', '5'))
      .map(([bytes, type]) => {
        bytes[156] = type.charCodeAt(0);
        return Buffer.from(bytes);
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(header, fc.uint8Array({ maxLength: 2_000 })), { maxLength: 5 }),
        async (parts) => {
          async function* chunks() {
            for (const part of parts) yield Buffer.from(part);
          }
          const file = await onlyFile(chunks());
          const content = file === null ? '' : await wholeOf(file.chunks);
          expect(content.length).toBeLessThanOrEqual(Buffer.concat(parts).length);
        },
      ),
    );
  });
});

describe("docker's other words", () => {
  test('a context is one, or null', () => {
    expect(currentContext(JSON.stringify(CONTEXT))).toMatchObject({ Endpoints: { docker: { Host: 'unix:///x' } } });
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          damaged(CONTEXT).map((context) => JSON.stringify(context)),
        ),
        (text) => {
          expect(typeof currentContext(text)).toBe('object');
        },
      ),
    );
  });

  test("of a list of the build cache only the namespace's own mounts are taken", () => {
    const block = (id: string, mount: string) =>
      `ID: ${id}\nDescription: cached mount /x from exec y with id "${mount}"\n\n`;
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, cutText(block('a', 'other/x'))), { maxLength: 4 }), (parts) => {
        expect(cacheMountsOf(parts.join(''), 'paceline-run-of-ours')).toEqual([]);
      }),
    );
    expect(cacheMountsOf(block('a', 'n/x') + block('b', 'other/x'), 'n')).toEqual(['a']);
  });

  test('Dockerfiles and .dockerignores of any kind are read as far as they go', () => {
    const dockerfile =
      'ARG A=${B:-x}\nFROM img:$A AS one\nRUN --mount=type=bind,from=two x\nFROM one\nCOPY --from=0 a b\n';
    fc.assert(
      fc.property(fc.oneof(anyText, cutText(dockerfile)), anyText, (text, path) => {
        baseImages(text, { A: path });
        frontendOf(text);
        withoutFrontend(text);
        expect(typeof readDockerignore(text).ignores(path)).toBe('boolean');
      }),
    );
  });
});
