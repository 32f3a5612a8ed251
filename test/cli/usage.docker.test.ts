/** Wrong usage that only compose or the engine can detect. It is still reported before anything starts. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pacelineHere } from '../support/paceline.ts';

let root: string;

const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  empty: {},
  'image-only': { 'docker-compose.test.yml': 'services:\n  test:\n    image: nowhere/nothing:1\n' },
  'other-service': { 'docker-compose.test.yml': 'services:\n  suite:\n    build: .\n', Dockerfile: 'FROM scratch\n' },
  'bad-compose': { 'docker-compose.test.yml': 'services:\n  test:\n   build: [\n' },
  'no-build-file': { 'docker-compose.test.yml': 'services:\n  test:\n    build: .\n' },
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-usage-'));
  for (const [project, files] of Object.entries(FILES)) {
    mkdirSync(join(root, project));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, project, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
  ['neither a compose file nor a Dockerfile', ['--project', 'empty'], {}, /docker-compose\.test\.yml/],
  ['a test service with an image and no Dockerfile', ['--project', 'image-only'], {}, /Dockerfile/],
  ['a build without its Dockerfile', ['--project', 'no-build-file'], {}, /Dockerfile/],
  ['a test service with another name', ['--project', 'other-service'], {}, /suite[\s\S]*--service/],
  ['an unknown service', ['--project', 'other-service', '--service', 'suit'], {}, /suit.*\n?.*suite/],
  ['a compose file that is not YAML', ['--project', 'bad-compose'], {}, /docker-compose\.test\.yml:\d+:\d+/],
  ['no engine', ['--project', 'other-service'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, /does not answer/],
])('%s', async (_, argv, extra, message) => {
  const data = join(root, 'data');
  const before = readdirSync(join(root, argv[1]!));
  const { code, stdout, stderr } = await pacelineHere(['run', ...argv], {
    cwd: root,
    env: { PACELINE_DATA: data, ...extra },
  });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^paceline: /);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(existsSync(data)).toBe(false);
  expect(readdirSync(join(root, argv[1]!))).toEqual(before);
});

test('a schedule of a project that has nothing to measure', async () => {
  const data = join(root, 'data');
  const { code, stderr } = await pacelineHere(['schedule', 'create', '--project', 'empty', '--at', '04:00'], {
    cwd: root,
    env: { PACELINE_DATA: data },
  });
  expect(stderr).toMatch(/^paceline: There is no docker-compose\.test\.yml in .*\nAdd .* a service `test`/);
  expect(code).toBe(2);
  expect(existsSync(data)).toBe(false);
});
