import { expect, test } from 'vitest';
import type { OrderedBuild } from '../../../src/docker/build/base-images.ts';
import { stagePlatforms } from '../../../src/docker/build/dockerfile.ts';
import {
  checkPlatforms,
  neededPlatforms,
  normalPlatform,
  platformsIn,
  wrongFormat,
} from '../../../src/docker/project/platforms.ts';

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
  ['Linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['windows/amd64', 'windows/amd64'],
  ['linux', null],
  ['linux/', null],
  ['', null],
])('the platform %j is %j', (text, normal) => {
  expect(normalPlatform(text)).toBe(normal);
});

const INSPECTED = `Name:          default
Nodes:
Name:             default
BuildKit version: v0.0.0+unknown
Platforms:        linux/amd64*, linux/amd64/v2, linux/386
Labels:
`;

test("the platforms of an engine are what its builder's line says", () => {
  expect(platformsIn(INSPECTED)).toEqual(['linux/amd64', 'linux/amd64/v2', 'linux/386']);
  expect(platformsIn('Name: default\n')).toEqual([]);
});

const STAGES = `ARG P=linux/arm64
FROM --platform=$BUILDPLATFORM golang AS compile
RUN go build
FROM --platform=\${P} alpine AS files
COPY a b
FROM --platform=linux/s390x alpine AS unused
RUN true
FROM --platform=linux/riscv64 alpine AS base
RUN true
FROM base AS test
COPY --from=files /b /b
COPY --from=compile /c /c
`;

test.each([
  [
    'the target by the stage that it is based on, not those of which files are taken',
    STAGES,
    {},
    null,
    ['linux/riscv64'],
  ],
  ['another target', STAGES, {}, 'files', ['linux/arm64']],
  ['an argument', STAGES, { P: 'linux/arm/v7' }, 'files', ['linux/arm/v7']],
  ['what BuildKit sets', STAGES, {}, 'compile', []],
  ['what is put together of it', 'FROM --platform=linux/$TARGETARCH a\nRUN b\n', {}, null, []],
  ['no platform', 'FROM a\nRUN b\n', {}, null, []],
])('a Dockerfile needs %s', (_, dockerfile, args, target, platforms) => {
  expect(stagePlatforms(dockerfile, args, target)).toEqual(platforms);
});

const build = (facts: Partial<OrderedBuild>) =>
  ({ name: 'web', platform: null, stagePlatforms: [], ...facts }) as OrderedBuild;
const engine =
  (stdout: string, exitCode = 0) =>
  async () => ({ exitCode, stdout, stderr: '' });

test.each([
  [
    neededPlatforms({ services: { db: { platform: 'linux/arm64' } } }, []),
    '`db` is for linux/arm64 (`platform`, else DOCKER_DEFAULT_PLATFORM), but this engine runs only linux/amd64 and linux/386.',
  ],
  [
    neededPlatforms({ services: {} }, [build({ platform: 'linux/arm/v7' })]),
    'The build of `web` is for linux/arm/v7 (`platforms`), but this engine runs only linux/amd64 and linux/386.',
  ],
  [
    neededPlatforms({ services: {} }, [build({ stagePlatforms: ['linux/riscv64'] })]),
    'The build of `web` is for linux/riscv64 (`FROM --platform` in its Dockerfile), but this engine runs only linux/amd64 and linux/386.',
  ],
])('a platform that the engine cannot run is named: %o', async (needed, what) => {
  await expect(checkPlatforms(needed, engine(INSPECTED), '/p')).rejects.toMatchObject({
    problem: { type: 'WrongUsage', what, next: expect.stringContaining('tonistiigi/binfmt --install') },
  });
});

test.each([
  ['the engine runs', 'linux/x86_64', engine(INSPECTED)],
  ['names no architecture', 'linux', engine(INSPECTED)],
  ['the engine does not tell of', 'linux/arm64', engine('')],
  ['an engine that does not answer', 'linux/arm64', engine(INSPECTED, 1)],
])('a platform that %s passes', async (_, platform, run) => {
  await expect(checkPlatforms([{ what: '`db`', platform, where: '`platform`' }], run, '/p')).resolves.toBeUndefined();
});

test.each([
  ['exec /usr/local/bin/python: exec format error\n', true],
  ['standard_init_linux.go:228: exec user process caused: exec format error', true],
  ["OSError: [Errno 8] Exec format error: './tool'", false],
  ['', false],
])('%j is a program for another machine: %j', (output, is) => {
  expect(wrongFormat(output) !== null).toBe(is);
});
