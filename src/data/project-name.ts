/** What a project on this machine is called where its plan does not say. */
import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { projectNameOf } from '../model/project-name.ts';
import { isInside } from './directory.ts';
import { findRepository, type RepositoryConfig, viewed } from './git/git-repository.ts';

/** @param env tells the repository in CI, where the folder may have no remote */
export async function projectNameAt(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const project = await realpath(directory);
  const place = await findRepository(project);
  const folder = place?.top ?? project;
  const remote = place === null ? null : await viewed(place, async ({ config }) => remoteOf(config));
  return projectNameOf({
    remote: remote ?? (await repositoryOfCi(project, env)),
    folder,
    subfolder: relative(folder, project),
  });
}

/** `origin`, else the first that there is. */
function remoteOf({ keys, valuesOf }: RepositoryConfig): string | null {
  const first = keys.find((key) => /^remote\..+\.url$/.test(key));
  return valuesOf('remote.origin.url')[0] ?? (first === undefined ? null : (valuesOf(first)[0] ?? null));
}

/** In GitHub Actions the folder is called as the workflow says. A workspace that is set must hold the project. */
async function repositoryOfCi(
  project: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const { GITHUB_ACTIONS: actions, GITHUB_REPOSITORY: repository, GITHUB_WORKSPACE: workspace } = env;
  if (actions !== 'true' || !repository) return null;
  if (!workspace) return repository;
  return isInside(await realpath(workspace).catch(() => workspace), project) ? repository : null;
}
