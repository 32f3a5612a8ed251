import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  assertOutside,
  dataDirectoryPath,
  resolveDataDirectory,
  runFolder,
  trialFolder,
} from '../../src/data/directory.ts';
import { PacelineError } from '../../src/model/failure.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  ['the flag first', '/flag', { PACELINE_DATA: '/env', XDG_DATA_HOME: '/xdg', HOME: '/home/me' }, '/flag'],
  ['then PACELINE_DATA', undefined, { PACELINE_DATA: '/env', XDG_DATA_HOME: '/xdg', HOME: '/home/me' }, '/env'],
  ['then the XDG data folder', undefined, { XDG_DATA_HOME: '/xdg', HOME: '/home/me' }, '/xdg/paceline'],
  ['which must be absolute', undefined, { XDG_DATA_HOME: 'xdg', HOME: '/home/me' }, '/home/me/.local/share/paceline'],
  ['else its default', undefined, { HOME: '/home/me' }, '/home/me/.local/share/paceline'],
  [
    'empty is as good as absent',
    '',
    { PACELINE_DATA: '', XDG_DATA_HOME: '', HOME: '/home/me' },
    '/home/me/.local/share/paceline',
  ],
])('the data directory: %s', (_, flag, env, expected) => {
  expect(dataDirectoryPath({ flag, env })).toBe(expected);
});

test('it is created for its owner alone', () => {
  const flag = join(temporaryFolder(), 'a', 'b');
  expect(resolveDataDirectory({ flag, env: {} })).toBe(flag);
  expect(statSync(flag).mode & 0o777).toBe(0o700);
});

test('where a file is in the way, that is wrong usage', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => resolveDataDirectory({ flag: join(file, 'data'), env: {} })).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ type: 'WrongUsage' }) }),
  );
});

test('inside the project it is refused, and not created', () => {
  const project = temporaryFolder();
  const flag = join(project, 'build', 'paceline');
  expect(() => resolveDataDirectory({ flag, env: {}, project })).toThrow(PacelineError);
  expect(existsSync(join(project, 'build'))).toBe(false);
});

test('links are seen through, on either side', () => {
  const folder = temporaryFolder();
  const project = join(folder, 'project');
  mkdirSync(join(project, 'inner'), { recursive: true });
  symlinkSync(project, join(folder, 'link'));
  symlinkSync(join(project, 'inner'), join(folder, 'shortcut'));
  expect(() => assertOutside(join(folder, 'link'), join(project, 'data'))).toThrow(PacelineError);
  expect(() => assertOutside(project, join(folder, 'shortcut', 'data'))).toThrow(PacelineError);
});

test.each(['other', 'project-2', '..data'])('accepts a data directory called %s next to the project', (name) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'project'));
  expect(() => assertOutside(join(folder, 'project'), join(folder, name))).not.toThrow();
});

test('folders of runs and trials lie under runs/', () => {
  const runId = '0199a0b4-7a3c-7d2e-9f00-1234567890ab';
  expect(runFolder('/data', runId)).toBe(`/data/runs/${runId}`);
  expect(trialFolder('/data', runId, { scenarioId: 'quick-tests', trial: 2, try: 1 })).toBe(
    `/data/runs/${runId}/trials/quick-tests-2-1`,
  );
});

test.each(['..', '../x', 'a/b', '/etc', '', '.', '.hidden', '-rf', 'a\0b', 'a b', 'x'.repeat(201)])(
  'an id that could lead elsewhere is refused: %j',
  (id) => {
    expect(() => runFolder('/data', id)).toThrow(PacelineError);
    expect(() => trialFolder('/data', 'run', { scenarioId: id, trial: 1, try: 1 })).toThrow(PacelineError);
  },
);
