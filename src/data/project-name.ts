/** The name of a local project whose plan does not set one. */
import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { projectNameOf } from '../model/project-name.ts';
import { isInside } from './directory.ts';
import { configOf, findRepository, type RepositoryConfig } from './git/git-repository.ts';

/** @param env names the repository in CI, where the directory may have no remote */
export async function projectNameAt(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const project = await realpath(directory);
  const place = await findRepository(project);
  const folder = place?.top ?? project;
  const remote = place === null ? null : remoteOf(await configOf(place));
  return projectNameOf({
    remote: remote ?? (await repositoryOfCi(project, env)),
    folder,
    subfolder: relative(folder, project),
  });
}

/** `origin`, else the first remote. */
function remoteOf({ keys, valuesOf }: RepositoryConfig): string | null {
  const first = keys.find((key) => /^remote\..+\.url$/.test(key));
  return valuesOf('remote.origin.url')[0] ?? (first === undefined ? null : (valuesOf(first)[0] ?? null));
}

/** In GitHub Actions the workflow decides the directory's name. A workspace that is set must hold the project. */
async function repositoryOfCi(
  project: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const { GITHUB_ACTIONS: actions, GITHUB_REPOSITORY: repository, GITHUB_WORKSPACE: workspace } = env;
  if (actions !== 'true' || !repository) return null;
  if (!workspace) return repository;
  return isInside(await realpath(workspace).catch(() => workspace), project) ? repository : null;
}
