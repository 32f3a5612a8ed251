import { describe, expect, test } from 'vitest';
import type { OrderedBuild } from '../../../src/docker/build/base-images.ts';
import { buildCommand } from '../../../src/docker/build/build-command.ts';
import { cacheMountsOf } from '../../../src/docker/build/cache-mounts.ts';
import { composeRun, composeUp } from '../../../src/docker/compose/compose-command.ts';

const AT = { project: 'p1', file: '/run/compose.json' };

const BUILD: OrderedBuild = {
  name: 'test',
  services: ['test'],
  images: [],
  context: '/copy',
  dockerfile: '/copy/Dockerfile.test',
  dockerfileInline: null,
  target: null,
  args: {},
  secrets: [],
  ssh: [],
  additionalContexts: {},
  extraHosts: [],
  network: null,
  platform: null,
  labels: {},
  shmSize: null,
  noCache: false,
  baseImages: [],
  frontend: null,
  stagePlatforms: [],
  basedOn: [],
};

describe('compose command lines', () => {
  test.each([
    ['up', composeUp(AT, { services: ['db'] }), 'compose -p p1 -f /run/compose.json up -d --no-build db'],
    ['up of everything', composeUp(AT), 'compose -p p1 -f /run/compose.json up -d --no-build'],
    [
      'run',
      composeRun(AT, {
        name: 'n',
        service: 'test',
        args: ['pytest', '-x'],
        labels: { a: 'b' },
        entrypoint: ['tini', '--', 'my program'],
      }),
      "compose -p p1 -f /run/compose.json run -d -T --interactive=false --no-deps --name n -l a=b --entrypoint tini -- 'my program' test pytest -x",
    ],
    [
      "run of the service's own command",
      composeRun(AT, { name: 'n', service: 'test', args: [] }),
      'compose -p p1 -f /run/compose.json run -d -T --interactive=false --no-deps --name n test',
    ],
  ])('%s', (_, args, line) => {
    expect(args.join(' ')).toBe(line);
  });
});

describe('build command lines', () => {
  test("a cold build has its own cache mounts, a warm one those of the cold one or the user's", () => {
    const of = (cache: Parameters<typeof buildCommand>[1]['cache']) =>
      buildCommand(BUILD, { tags: ['t:1'], cache }).join(' ');
    expect(of({ mode: 'cold', namespace: 'r1' })).toBe(
      'buildx build --progress=rawjson -f /copy/Dockerfile.test --no-cache --build-arg BUILDKIT_CACHE_MOUNT_NS=r1 -t t:1 /copy',
    );
    expect(of({ mode: 'warm', namespace: 'r1' })).toBe(
      'buildx build --progress=rawjson -f /copy/Dockerfile.test --build-arg BUILDKIT_CACHE_MOUNT_NS=r1 -t t:1 /copy',
    );
    expect(of({ mode: 'warm', namespace: null })).toBe(
      'buildx build --progress=rawjson -f /copy/Dockerfile.test -t t:1 /copy',
    );
  });

  test('everything that compose says of a build is handed on', () => {
    const build: OrderedBuild = {
      ...BUILD,
      target: 'dev',
      args: { A: '1=2' },
      secrets: [
        { id: 'tok', file: '/s' },
        { id: 'env', environment: 'TOKEN' },
      ],
      ssh: ['default'],
      additionalContexts: { lib: '/lib', tool: 'docker-image://redis:7' },
      extraHosts: ['a:1.1.1.1'],
      network: 'host',
      platform: 'linux/amd64',
      labels: { x: 'y' },
      shmSize: '64',
      noCache: true,
      baseImages: ['python:3.12'],
      basedOn: [{ context: 'shop-base', build: 'base' }],
    };
    const line = buildCommand(build, {
      tags: ['t:1', 't:2'],
      labels: { r: '1' },
      cache: { mode: 'warm', namespace: null },
      metadataFile: '/m',
      dockerfile: '/run/Dockerfile',
      standIns: [
        { image: 'python:3.12', standIn: 'stand-in:1' },
        { image: 'redis:7', standIn: 'stand-in:2' },
        { image: 'postgres:16', standIn: 'stand-in:3' },
      ],
      built: { base: 'paceline/base:1' },
    }).join(' ');
    expect(line).toBe(
      'buildx build --progress=rawjson --metadata-file /m -f /run/Dockerfile --target dev --platform linux/amd64 ' +
        '--network host --shm-size 64 --no-cache --build-arg A=1=2 --build-context lib=/lib ' +
        '--build-context tool=docker-image://stand-in:2 --build-context python:3.12=docker-image://stand-in:1 ' +
        '--build-context shop-base=docker-image://paceline/base:1 --secret id=tok,src=/s --secret id=env,env=TOKEN ' +
        '--ssh default --add-host a:1.1.1.1 --label x=y --label r=1 -t t:1 -t t:2 /copy',
    );
  });
});

test("only the cache mounts of the run's own namespace are found", () => {
  const block = (id: string, description: string) =>
    `ID:\t\t${id}\nCreated at:\t2026-11-24 14:20:41 +0000 UTC\nMutable:\ttrue\nDescription:\t${description}\nType:\t\texec.cachemount\n`;
  const output = [
    block('aaa', 'cached mount /c from exec /bin/sh -c make with id "r1//c"'),
    block('bbb', 'cached mount /c from exec /bin/sh -c make with id "//c"'),
    block('ccc', 'cached mount /c from exec /bin/sh -c make with id "r11//c"'),
    block('ddd', 'cached mount /c from exec /bin/sh -c echo with id "r1//c" with id "//c"'),
    'Reclaimable:\t2B\nTotal:\t\t2B\n',
  ].join('\n');
  expect(cacheMountsOf(output, 'r1')).toEqual(['aaa']);
  expect(cacheMountsOf('', 'r1')).toEqual([]);
});
