import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeConfig } from '../../../src/docker/compose/compose-command.ts';
import { withoutSelection } from '../../../src/docker/compose/compose-environment.ts';
import { fileToBlame, findComposeFiles } from '../../../src/docker/compose/find-compose-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder with these files. @param variables what compose says of the project's variables */
function project(files: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const directory = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), file.startsWith('broken') ? 'a: [\n' : 'services: {}\n');
  }
  const run = async (_: readonly string[], cwd: string, input = '') => {
    const names = (JSON.parse(input) as { services: { variables: { environment: string[] } } }).services.variables;
    const environment = Object.fromEntries(names.environment.map((name) => [name, variables[name] ?? null]));
    return {
      exitCode: cwd === directory ? 0 : 1,
      stdout: JSON.stringify({ services: { variables: { environment } } }),
      stderr: '',
    };
  };
  const find = (compose: string | readonly string[]) =>
    findComposeFiles({ directory, compose, run, origin: '/home/shop' });
  return { directory, find };
}
const DEFAULT = 'docker-compose.test.yml';

describe('the compose files of a project', () => {
  test('are those of the plan, relative to the first one', async () => {
    const { directory, find } = project(['ci/base.yml', 'ci.yml'], { COMPOSE_FILE: 'other.yml' });
    const found = await find(['ci/base.yml', 'ci.yml']);
    expect(found).toMatchObject({ names: ['ci/base.yml', 'ci.yml'], environmentDirectory: join(directory, 'ci') });
    expect(composeConfig(found!.at)).toEqual(
      `compose --project-directory ${directory}/ci -f ${directory}/ci/base.yml -f ${directory}/ci.yml config --format json`.split(
        ' ',
      ),
    );
  });

  test.each([
    [{ COMPOSE_FILE: 'a.yml:b/c.yml' }, ['a.yml', 'b/c.yml']],
    [{ COMPOSE_FILE: 'a.yml,b/c.yml', COMPOSE_PATH_SEPARATOR: ',' }, ['a.yml', 'b/c.yml']],
    [{ COMPOSE_FILE: 'a.yml' }, ['a.yml']],
  ])('are those of COMPOSE_FILE where the default one is not there: %j', async (variables, names) => {
    const found = await project(['a.yml', 'b/c.yml'], variables).find(DEFAULT);
    expect(found).toMatchObject({ names, notes: [expect.stringContaining(names.join(', '))] });
    expect(composeConfig(found!.at)).toEqual(['compose', 'config', '--format', 'json']);
  });

  test('are the default one where it is there, whatever COMPOSE_FILE says', async () => {
    const found = await project([DEFAULT, 'a.yml'], { COMPOSE_FILE: 'a.yml' }).find(DEFAULT);
    expect(found).toMatchObject({ names: [DEFAULT], notes: [] });
  });

  test('are none where no file is there or named', async () => {
    expect(await project([]).find(DEFAULT)).toBeNull();
    expect(await project([], { COMPOSE_FILE: 'a.yml' }).find('named.yml')).toBeNull();
  });

  test.each([
    [['a.yml', 'b.yml'], {}, 'There is no b.yml in /home/shop, and `compose` in paceline.yml names it.'],
    [DEFAULT, { COMPOSE_FILE: 'a.yml:c.yml' }, 'There is no c.yml in /home/shop, and COMPOSE_FILE names it.'],
  ])('that are named must be there: %j', async (compose, variables, what) => {
    await expect(project(['a.yml'], variables).find(compose)).rejects.toMatchObject({
      problem: { type: 'WrongUsage', what },
    });
  });

  test('leave an override out that is not named, with a note', async () => {
    const { find } = project(['docker-compose.yml', 'docker-compose.override.yml']);
    expect((await find('docker-compose.yml'))?.notes).toEqual([
      'docker-compose.override.yml is not used: the plan names docker-compose.yml alone. Write `compose: [docker-compose.yml, docker-compose.override.yml]` in paceline.yml to use both.',
    ]);
    expect((await find(['docker-compose.yml', 'docker-compose.override.yml']))?.notes).toEqual([]);
  });

  test('are named when one of them is not valid YAML', async () => {
    const { find } = project(['a.yml', 'broken.yml']);
    expect(await fileToBlame((await find(['a.yml', 'broken.yml']))!)).toEqual({ file: 'broken.yml', text: 'a: [\n' });
  });
});

test("the variables that select the user's files are not in the environment of Paceline's commands", () => {
  const env = {
    PATH: '/bin',
    COMPOSE_FILE: 'a',
    COMPOSE_PROFILES: 'b',
    COMPOSE_ENV_FILES: 'c',
    COMPOSE_PARALLEL_LIMIT: '1',
  };
  expect(withoutSelection(env)).toEqual({ PATH: '/bin', COMPOSE_PARALLEL_LIMIT: '1' });
});
