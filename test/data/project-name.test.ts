import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectNameAt } from '../../src/data/project-name.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { gitIn, repositoryIn } from './repositories.ts';

test('a project has the name of its remote and its folder there, and neither user nor token', async () => {
  const { path, git } = repositoryIn(join(temporaryFolder(), 'project'));
  expect(await projectNameAt(join(path, 'services', 'api'), {})).toBe('project/services/api');
  git('remote', 'add', 'upstream', 'https://me:t0ken@host.example/org/shop.git');
  expect(await projectNameAt(path, {})).toBe('shop');
  git('remote', 'add', 'origin', 'git@host.example:me/shop-fork.git');
  expect(await projectNameAt(join(path, 'services', 'api'), {})).toBe('shop-fork/services/api');
});

test('in GitHub Actions, a folder without a remote has the name of the repository', async () => {
  const workspace = temporaryFolder();
  const project = join(workspace, 'project');
  mkdirSync(project);
  const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'org/shop', GITHUB_WORKSPACE: workspace };
  expect(await projectNameAt(project, env)).toBe('shop');
  expect(await projectNameAt(project, { ...env, GITHUB_WORKSPACE: '/elsewhere' })).toBe('project');
  expect(await projectNameAt(project, { ...env, GITHUB_WORKSPACE: undefined })).toBe('shop');
  const link = join(temporaryFolder(), 'link');
  symlinkSync(workspace, link);
  expect(await projectNameAt(project, { ...env, GITHUB_WORKSPACE: link })).toBe('shop');
  gitIn(project)('init', '--quiet');
  expect(await projectNameAt(project, env)).toBe('shop');
});
