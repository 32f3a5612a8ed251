/**
 * A control group around all containers of a trial. Its counters continue when containers end, so nothing of the trial
 * is missed. The engine makes it if a compose file names it (`cgroup_parent`), and only Paceline removes it.
 */
import { constants } from 'node:fs';
import { access, readdir, readlink, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineInfo } from '../../docker/engine/engine.ts';
import { enginePids } from '../host/host-samples.ts';
import type { CgroupPlace } from './reading.ts';

export interface CgroupParents {
  /** Why there can be none; null if there can. */
  readonly notAvailable: string | null;
  /** As compose takes it; the same for every attempt. */
  pathOf(trial: TrialName): string;
  placeOf(trial: TrialName): CgroupPlace;
  /** The group of one trial, or all groups of a run. Groups that still have containers stay. Never rejects. */
  remove(which: { readonly runId: string; readonly name?: string }): Promise<void>;
  /** The runs of this instance that still have one. */
  left(): Promise<readonly string[]>;
}

interface TrialName {
  readonly runId: string;
  /** Of its compose project. */
  readonly name: string;
}

export interface CgroupParentOptions {
  readonly instance: string;
  readonly info: Pick<EngineInfo, 'cgroupVersion' | 'cgroupDriver' | 'rootless'>;
  /** The engine is on this machine. */
  readonly local: boolean;
  /** @default /sys/fs/cgroup */
  readonly root?: string;
}

/** Looks once whether this worker may. */
export async function openCgroupParents(options: CgroupParentOptions): Promise<CgroupParents> {
  const { instance, root = '/sys/fs/cgroup' } = options;
  const notAvailable = await obstacle(options, root);
  const version = options.info.cgroupVersion === '2' ? 2 : 1;
  const hierarchies = version === 1 && notAvailable === null ? await foldersIn(root) : [];
  // Only one level: a folder that two trials share could be removed while one of them is about to use it.
  const prefix = `paceline.${instance}.`;
  const groupOf = ({ runId, name }: TrialName) => `${prefix}${runId}.${name}`;
  // A run's id may have dots, as that of a side of a comparison has; the names of compose projects have none.
  const runOf = (group: string) => group.slice(prefix.length, group.lastIndexOf('.'));
  const roots = version === 1 ? hierarchies.map((hierarchy) => join(root, hierarchy)) : [root];
  const groups = async () =>
    notAvailable === null
      ? [...new Set((await Promise.all(roots.map(foldersIn))).flat())].filter((name) => name.startsWith(prefix))
      : [];
  return {
    notAvailable,
    pathOf: (trial) => `/${groupOf(trial)}`,
    placeOf: (trial) =>
      version === 2
        ? { version, folder: join(root, groupOf(trial)) }
        : { version, folders: foldersOf(root, hierarchies, groupOf(trial)) },
    remove: async ({ runId, name }) => {
      const wanted = (await groups()).filter((group) =>
        name === undefined ? runOf(group) === runId : group === groupOf({ runId, name }),
      );
      await Promise.all(wanted.flatMap((group) => roots.map((folder) => removeGroup(join(folder, group)))));
    },
    left: async () => [...new Set((await groups()).map(runOf))],
  };
}

async function obstacle({ info, local }: CgroupParentOptions, root: string): Promise<string | null> {
  if (!local) return 'the engine is on another machine';
  if (process.platform !== 'linux') return 'only Linux has control groups';
  if (info.rootless) return 'the engine runs without root';
  if (info.cgroupDriver !== 'cgroupfs') return `the engine leaves control groups to ${info.cgroupDriver}`;
  const needed = info.cgroupVersion === '2' ? [root] : ['memory', 'cpuacct'].map((name) => join(root, name));
  for (const folder of needed) {
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable) return `this user may not write to ${folder}`;
  }
  return (await sharesNamespace()) ? null : 'the worker does not see the control groups of the engine';
}

/** If the worker runs in a container, it would look for the group, and remove it, in another place than the engine. */
async function sharesNamespace(): Promise<boolean> {
  const [own, ...others] = await Promise.all(
    ['self', ...(await enginePids())].map(async (pid) => await readlink(`/proc/${pid}/ns/cgroup`).catch(() => null)),
  );
  return own !== null && own !== undefined && others.includes(own);
}

/** Several controllers may share a hierarchy: `cpu,cpuacct`. */
function foldersOf(root: string, hierarchies: readonly string[], group: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    hierarchies.flatMap((hierarchy) =>
      hierarchy.split(',').map((controller) => [controller, join(root, hierarchy, group)] as const),
    ),
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The kernel removes a group only when nothing runs in it. A container's own group may outlive it by a moment. */
async function removeGroup(folder: string): Promise<void> {
  for (const child of await foldersIn(folder)) await rmdir(join(folder, child)).catch(() => {});
  await rmdir(folder).catch(() => {});
}
