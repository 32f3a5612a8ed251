/**
 * What a project uses outside its own folder. Builds and binds elsewhere in its repository are copied when they are
 * named, so that a small project in a large repository costs no more than it needs. A path may contain links.
 */
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { ignoredPaths } from '../build/build-context.ts';
import type { ComposeFileSource, ComposeModel, ComposeMount } from '../compose/compose-model.ts';
import type { ProjectBuild } from '../build/project-builds.ts';
import { isOutside, mountedOutside } from '../compose/project-paths.ts';

/** Adds a path of the original to the copy; both are absolute. Existing files stay. */
export type BringIn = (path: string, options: { readonly exclude: readonly string[] }) => Promise<void>;

export interface Neighbourhood {
  /** The copy of the repository. */
  readonly root: string;
  /** The project's folder in it, which is there already. */
  readonly directory: string;
  /** The original of `root`, and how to copy more of it; null if `root` is complete. */
  readonly original: { readonly root: string; readonly bringIn: BringIn } | null;
}

/** The builds with all that they start from in the copy, as far as it is in the repository. */
export async function settleBuilds<T extends ProjectBuild>(
  builds: readonly T[],
  around: Neighbourhood,
): Promise<readonly T[]> {
  const settled: T[] = [];
  for (const build of builds) settled.push(await settleBuild(build, around));
  return settled;
}

async function settleBuild<T extends ProjectBuild>(build: T, around: Neighbourhood): Promise<T> {
  const dockerfile = await settleDockerfile(build, around);
  const withDockerfile = { ...build, dockerfile };
  const context = isAbsolute(build.context)
    ? await settle(build.context, around, (folder) => ignoredPaths({ context: folder, dockerfile }))
    : build.context;
  const additionalContexts: Record<string, string> = {};
  for (const [name, path] of Object.entries(build.additionalContexts)) {
    additionalContexts[name] = await settle(path, around);
  }
  const secrets: ProjectBuild['secrets'][number][] = [];
  for (const secret of build.secrets) {
    secrets.push('file' in secret ? { ...secret, file: await settle(secret.file, around) } : secret);
  }
  return { ...withDockerfile, context, additionalContexts, secrets };
}

/** With its .dockerignore, which may be next to it. */
async function settleDockerfile(build: ProjectBuild, around: Neighbourhood): Promise<string> {
  if (build.dockerfileInline !== null || !isAbsolute(build.dockerfile)) return build.dockerfile;
  for (const file of [`${build.dockerfile}.dockerignore`, join(build.context, '.dockerignore')]) {
    if (isAbsolute(file)) await settle(file, around);
  }
  return settle(build.dockerfile, around);
}

/** The services that are started, with what they mount in the copy, and the secrets and configs that are files. */
export async function settleModel(
  model: ComposeModel,
  around: Neighbourhood,
): Promise<{ readonly model: ComposeModel; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const services: Record<string, ComposeModel['services'][string]> = {};
  for (const [name, service] of Object.entries(model.services)) {
    const volumes: ComposeMount[] = [];
    for (const mount of service.volumes ?? []) volumes.push(await settleMount(name, mount, around, notes));
    const profiles: unknown[] = [];
    for (const option of list(service['security_opt'])) profiles.push(await settleProfile(option, around));
    services[name] = {
      ...service,
      ...(service.volumes === undefined ? {} : { volumes }),
      ...(profiles.length === 0 ? {} : { security_opt: profiles }),
    };
  }
  for (const volume of Object.values(model.volumes ?? {})) {
    const device = volume?.driver_opts?.['device'];
    if (device !== undefined && isAbsolute(device)) await settle(device, around);
  }
  return {
    model: {
      ...model,
      services,
      ...(model.secrets === undefined ? {} : { secrets: await settleFiles(model.secrets, around) }),
      ...(model.configs === undefined ? {} : { configs: await settleFiles(model.configs, around) }),
    },
    notes,
  };
}

async function settleMount(
  service: string,
  mount: ComposeMount,
  around: Neighbourhood,
  notes: string[],
): Promise<ComposeMount> {
  if (mount.type !== 'bind' || mount.source === undefined) return mount;
  const source = await settle(mount.source, around);
  if (isOutside(around.root, source) && mount.read_only === true && (await isMissing(source))) {
    // The engine would make the folder where the user works.
    const { bind: _, read_only: __, source: ___, ...rest } = mount;
    notes.push(`There is no ${source}: \`${service}\` gets an empty volume in its place.`);
    return { ...rest, type: 'volume', volume: { nocopy: true } };
  }
  if (isOutside(around.root, mount.source) || !isOutside(around.root, source)) return { ...mount, source };
  notes.push(mountedOutside(service, source));
  return { ...mount, source, read_only: true };
}

async function isMissing(path: string): Promise<boolean> {
  return (await resolved(path)) === null && (await resolved(dirname(path))) !== null;
}

async function settleProfile(option: unknown, around: Neighbourhood): Promise<unknown> {
  const [, key, path = ''] = /^(seccomp[=:])(\/.+)$/.exec(String(option)) ?? [];
  return key === undefined ? option : `${key}${await settle(path, around)}`;
}

type FileSources = Readonly<Record<string, ComposeFileSource>>;

async function settleFiles(sources: FileSources, around: Neighbourhood): Promise<FileSources> {
  const settled: Record<string, ComposeFileSource> = {};
  for (const [name, source] of Object.entries(sources)) {
    settled[name] = source.file === undefined ? source : { ...source, file: await settle(source.file, around) };
  }
  return settled;
}

/**
 * Makes a path of the copy lead to the same content as in the original.
 * @param exclude paths in a folder that need not be copied
 * @returns the path; another one if links on the way would lead out of the copy
 */
export async function settle(
  path: string,
  { root, directory, original }: Neighbourhood,
  exclude: (folder: string) => Promise<readonly string[]> = async () => [],
): Promise<string> {
  if (!isAbsolute(path) || isOutside(root, path)) return path;
  const from = original?.root ?? root;
  const [top, real] = await Promise.all([from, join(from, relative(root, path))].map(resolved));
  if (!top || !real) return path;
  if (isOutside(top, real)) return real;
  const there = join(root, relative(top, real));
  if (original !== null && isOutside(directory, there)) await original.bringIn(real, { exclude: await exclude(real) });
  const [copy, here] = await Promise.all([root, path].map(resolved));
  return !copy || !here || isOutside(copy, here) ? there : path;
}

/** Without links; null if there is nothing. */
async function resolved(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
