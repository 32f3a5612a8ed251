import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { pacelineHere } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const COMPOSE = 'services:\n  test: { image: x }\n  db: { image: y }\n';

function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const run = (folder: string, ...words: readonly string[]) => pacelineHere(words, { cwd: folder });

test('the plan that it writes is the plan without it', async () => {
  const folder = project({ 'docker-compose.test.yml': COMPOSE });
  const before = await run(folder, 'plan', '--json');
  expect((await run(folder, 'init')).code).toBe(0);
  expect(await run(folder, 'plan', '--json')).toEqual(before);
  expect(readFileSync(join(folder, 'paceline.yml'), 'utf8')).toContain(
    'Services of docker-compose.test.yml: test, db.',
  );
});

test('the plan is valid without the comment signs before its keys', async () => {
  const folder = project({ 'Dockerfile.test': 'FROM x\n' });
  await run(folder, 'init');
  const path = join(folder, 'paceline.yml');
  const text = readFileSync(path, 'utf8').replaceAll(/^# (?=build:|startup:|targets:|scenarios:| {2}[- ] )/gm, '');
  expect(parse(text).scenarios).toHaveLength(4);
  writeFileSync(path, text);
  expect((await run(folder, 'plan')).code).toBe(0);
});

test('sets a compose file and a service of other names', async () => {
  const folder = project({ 'compose.yaml': 'services: { web: {}, "unit-test": {} }' });
  await run(folder, 'init');
  expect(parse(readFileSync(join(folder, 'paceline.yml'), 'utf8'))).toEqual({
    compose: 'compose.yaml',
    service: 'unit-test',
  });
});

test('shows the commands of CI files, on one line each and as comments', async () => {
  const folder = project({ 'Dockerfile.test': '', Makefile: 'test:\n\tpytest -n 4\n\tpip install pytest\n' });
  const { stdout } = await run(folder, 'init', '--print');
  expect(stdout).toContain('#   Makefile: pytest -n 4\n');
  expect(stdout).not.toContain('pip install');
});

test('never overwrites, and writes nothing if one of the files exists', async () => {
  const folder = project({ 'Dockerfile.test': '' });
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  writeFileSync(join(folder, '.github/workflows/paceline.yml'), 'mine');
  const { code, stderr } = await run(folder, 'init', '--github');
  expect(code).toBe(2);
  expect(stderr).toContain('Run `paceline init --print`');
  expect(existsSync(join(folder, 'paceline.yml'))).toBe(false);
  expect(readFileSync(join(folder, '.github/workflows/paceline.yml'), 'utf8')).toBe('mine');
});

test('writes a workflow with the fewest permissions', async () => {
  const folder = project({ 'Dockerfile.test': '' });
  await run(folder, 'init', '--github');
  const workflow = parse(readFileSync(join(folder, '.github/workflows/paceline.yml'), 'utf8'));
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(workflow.jobs.benchmark.steps[1]).toMatchObject({ uses: 'OWNER/paceline@v1', with: { mode: 'auto' } });
});

test('says what is missing where nothing can be built', async () => {
  const { code, stderr } = await run(project({}), 'init');
  expect(code).toBe(2);
  expect(stderr).toContain('no compose file and no Dockerfile.test');
});
