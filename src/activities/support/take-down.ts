/** Removes what Paceline made at the engine and in the run's folder. Never anything without its labels. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeMade } from '../../data/draft.ts';
import { runFolder } from '../../data/directory.ts';
import { removeTree } from '../../data/remove-tree.ts';
import { cacheMountsOf, LIST_CACHE_MOUNTS, pruneCacheRecord } from '../../docker/build/cache-mounts.ts';
import { COMMAND_FILE, stopDetached } from '../../docker/command/detached.ts';
import type { LabelledObjects } from '../../docker/engine/engine.ts';
import { giveToOwner } from '../../docker/command/give-to-owner.ts';
import { COMPOSE_LABELS, LABELS, labelsFor } from '../../docker/engine/labels.ts';
import { runDocker } from '../../docker/command/run-docker.ts';
import type { RunRef } from '../../model/run.ts';
import type { ActivityDeps } from './deps.ts';
import { COMPOSE_FILE, loadWorkspace, saveWorkspace, testImageOf, type Workspace } from './workspace.ts';

const NOTHING: LabelledObjects = { containers: [], networks: [], volumes: [], images: [] };

/**
 * Everything of one run, and the lanes that it has. One at a time: several attempts may find the same run closed.
 * @returns how many objects of the engine were removed
 */
export function takeDownRun(deps: ActivityDeps, run: RunRef): Promise<number> {
  return deps.attempts.run(`take down ${run.runId}`, new AbortController().signal, () => takeDownAll(deps, run));
}

async function takeDownAll(deps: ActivityDeps, run: RunRef): Promise<number> {
  const folder = runFolder(deps.dataDirectory, run.runId);
  await stopCommands(join(folder, 'commands'));
  const found = await deps.engine.listByLabels({ [LABELS.instance]: deps.instance, [LABELS.run]: run.runId });
  await remove(deps, { ...found, images: [] });
  await deps.cgroups.remove(run);
  await ownFiles(deps, run);
  await remove(deps, { ...NOTHING, images: found.images });
  await pruneCacheMounts(deps, run);
  await removeMade(join(folder, 'source'));
  await removeTree(join(folder, 'copies'));
  await removeSecrets(deps, run);
  deps.lanes.freeRun(run.runId);
  return found.containers.length + found.networks.length + found.volumes.length + found.images.length;
}

/** One compose project of a run, and the commands that may still be using it. */
export async function takeDownProject(
  deps: ActivityDeps,
  project: string,
  commandFolders: readonly string[],
): Promise<void> {
  await Promise.all(commandFolders.map((folder) => stopDetached(folder)));
  const found = await deps.engine.listByLabels({ [LABELS.instance]: deps.instance, [COMPOSE_LABELS.project]: project });
  await remove(deps, found);
}

/** Containers first, since networks and volumes are in use as long as they are there. */
async function remove({ engine, lanes }: ActivityDeps, found: LabelledObjects): Promise<void> {
  await Promise.all(found.containers.map(({ id }) => engine.removeContainer(id)));
  for (const { id } of found.networks) await engine.removeNetwork(id);
  for (const { name } of found.volumes) await engine.removeVolume(name);
  for (const { id, tags } of found.images) {
    // A rebuild takes the tag from the image before it, which keeps our labels.
    for (const reference of tags.length > 0 ? tags : [id]) await engine.removeImage(reference);
  }
  for (const { labels } of found.containers) lanes.free(labels[COMPOSE_LABELS.project] ?? '');
}

/**
 * What the tests wrote as another user becomes the worker's, by an image of the run that is not removed yet. Root needs no
 * such thing, and on a remote engine nothing was mounted.
 */
async function ownFiles(deps: ActivityDeps, run: RunRef): Promise<void> {
  const { endpoint, instance } = deps;
  const workspace = await loadWorkspace(deps.dataDirectory, run).catch(() => null);
  if (!endpoint.local || process.getuid?.() === 0 || workspace === null) return;
  const image = testImageOf(workspace);
  if (image === '') return;
  const folder = runFolder(deps.dataDirectory, run.runId);
  await giveToOwner(endpoint, { folder, image, labels: labelsFor({ instance, ...run }) });
}

/**
 * Compose needs every service's environment in its file, and configs and build arguments can hold tokens too: none of that
 * outlives the run.
 */
async function removeSecrets({ dataDirectory }: ActivityDeps, run: RunRef): Promise<void> {
  const folder = runFolder(dataDirectory, run.runId);
  const trials = await readdir(join(folder, 'trials')).catch(() => []);
  const composed = ['startup', 'image', ...trials.map((name) => join('trials', name))].map((name) =>
    join(name, COMPOSE_FILE),
  );
  const commands = await readdir(join(folder, 'commands')).catch(() => []);
  const described = commands.map((name) => join('commands', name, COMMAND_FILE));
  for (const file of [...composed, ...described]) await rm(join(folder, file), { force: true });
  const workspace = await loadWorkspace(dataDirectory, run).catch(() => null);
  if (workspace !== null) await saveWorkspace(dataDirectory, run, withoutSecrets(workspace));
}

/** What is read after the end, such as by another side of a comparison, is the plan, the names and the shape. */
function withoutSecrets(workspace: Workspace): Workspace {
  const { project } = workspace;
  const { configs: _, secrets: __, ...model } = project.model;
  const services = Object.entries(model.services).map(([name, service]) => {
    const { build: ___, ...kept } = service;
    return [name, { ...kept, environment: {} }];
  });
  const builds = project.builds.map((build) => ({ ...build, args: {} }));
  return {
    ...workspace,
    project: { ...project, builds, model: { ...model, services: Object.fromEntries(services) } },
  };
}

/** Whether files of a run lie here that its end would have removed. */
export async function leftFiles({ dataDirectory }: Pick<ActivityDeps, 'dataDirectory'>, run: RunRef): Promise<boolean> {
  const names = await readdir(runFolder(dataDirectory, run.runId)).catch(() => []);
  return names.some((name) => name === 'copies' || name === 'source' || name.startsWith('source.draft-'));
}

async function stopCommands(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.map((name) => stopDetached(join(folder, name))));
}

/** Cold builds of a run have their cache mounts to themselves, under this name. */
export function cacheMountNamespace({ runId }: RunRef): string {
  return `paceline-${runId}`;
}

async function pruneCacheMounts({ endpoint }: ActivityDeps, run: RunRef): Promise<void> {
  const { stdout } = await runDocker(endpoint, LIST_CACHE_MOUNTS);
  for (const id of cacheMountsOf(stdout, cacheMountNamespace(run))) await runDocker(endpoint, pruneCacheRecord(id));
}
