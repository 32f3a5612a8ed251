/**
 * A run works on a copy of the project's repository. Paths inside the copy stay. A path outside of it is looked for
 * where the original is. An absolute path into the original becomes a path into the copy, because a run never writes to
 * the original.
 */
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { ComposeBuild, ComposeFileSource, ComposeModel, ComposeMount, ComposeService } from './compose-model.ts';

export interface PathMapping {
  /** The copy of the repository, or of a project outside git; absolute. */
  readonly directory: string;
  /** Where the copy was made from; absent for a git URL. */
  readonly originalDirectory?: string;
  /** Where compose resolved the paths. @default copy */
  readonly resolvedIn?: 'copy' | 'original';
  /** The project's own folder, for the few paths that compose leaves as they are. @default directory */
  readonly project?: string;
}

export interface MappedModel {
  readonly model: ComposeModel;
  /** What was done with binds that leave the copy, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Whether any path of the model is outside the copy. The unresolved model is needed only then.
 * @param directory the copy, or the original where compose resolved the paths there
 */
export function leavesTheCopy(model: ComposeModel, directory: string): boolean {
  const paths = [...Object.values(model.services).flatMap(pathsOf), ...filesOf(model)];
  return paths.some((path) => isOutside(directory, path));
}

/**
 * @param resolved with absolute paths
 * @param unresolved the same model with paths as the file has them (`config --no-path-resolution`): only there can
 *   `../other` be told from an absolute path. null takes every path outside the copy as absolute.
 */
export function mapPaths(resolved: ComposeModel, unresolved: ComposeModel | null, mapping: PathMapping): MappedModel {
  const notes: string[] = [];
  const services = Object.fromEntries(
    Object.entries(resolved.services).map(([name, service]) => {
      const asWritten = unresolved?.services[name];
      return [name, mapService(name, service, asWritten, mapping, notes)];
    }),
  );
  const model = {
    ...resolved,
    services,
    ...(resolved.volumes === undefined ? {} : { volumes: mapDevices(resolved.volumes, mapping) }),
    ...(resolved.secrets === undefined ? {} : { secrets: mapFiles(resolved.secrets, unresolved?.secrets, mapping) }),
    ...(resolved.configs === undefined ? {} : { configs: mapFiles(resolved.configs, unresolved?.configs, mapping) }),
  };
  return { model, notes };
}

/** A volume may be a folder of the host by another name. */
function mapDevices(volumes: NonNullable<ComposeModel['volumes']>, mapping: PathMapping) {
  return Object.fromEntries(
    Object.entries(volumes).map(([name, volume]) => {
      const device = volume?.driver_opts?.['device'];
      if (device === undefined || !isAbsolute(device)) return [name, volume];
      return [name, { ...volume, driver_opts: { ...volume?.driver_opts, device: mapPath(device, device, mapping) } }];
    }),
  );
}

type FileSources = Readonly<Record<string, ComposeFileSource>>;

function mapFiles(sources: FileSources, asWritten: FileSources | undefined, mapping: PathMapping): FileSources {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      source.file === undefined ? source : { ...source, file: mapPath(source.file, asWritten?.[name]?.file, mapping) },
    ]),
  );
}

function mapService(
  name: string,
  service: ComposeService,
  asWritten: ComposeService | undefined,
  mapping: PathMapping,
  notes: string[],
): ComposeService {
  const volumes = service.volumes?.map((mount, index) =>
    mapMount(name, mount, asWritten?.volumes?.[index], mapping, notes),
  );
  const build = service.build === undefined ? undefined : mapBuild(service.build, asWritten?.build, mapping);
  const options = service['security_opt'];
  return {
    ...service,
    ...(volumes === undefined ? {} : { volumes }),
    ...(build === undefined ? {} : { build }),
    ...(Array.isArray(options) ? { security_opt: options.map((option) => mapProfile(option, mapping)) } : {}),
  };
}

/** Compose reads a seccomp profile only when it makes the container, and then from a folder without a copy of it. */
function mapProfile(option: unknown, { directory, project = directory }: PathMapping): unknown {
  const [, key, path = ''] = /^(seccomp[=:])(.+)$/.exec(String(option)) ?? [];
  if (key === undefined || path === 'unconfined' || path === 'builtin' || path.startsWith('{')) return option;
  return `${key}${resolve(project, path)}`;
}

function mapMount(
  service: string,
  mount: ComposeMount,
  asWritten: ComposeMount | undefined,
  mapping: PathMapping,
  notes: string[],
): ComposeMount {
  if (mount.type !== 'bind' || mount.source === undefined) return mount;
  const source = mapPath(mount.source, asWritten?.source, mapping);
  if (!isRelativeAsWritten(asWritten?.source) || !isOutside(mapping.directory, source)) return { ...mount, source };
  notes.push(mountedOutside(service, asWritten?.source ?? mount.source));
  return { ...mount, source, read_only: true };
}

/** The sentence about a bind whose source is not in the copy. */
export function mountedOutside(service: string, source: string): string {
  return `\`${service}\` mounts ${source}, which is outside the project's repository: it is used where it is, and read-only.`;
}

function mapBuild(build: ComposeBuild, asWritten: ComposeBuild | undefined, mapping: PathMapping): ComposeBuild {
  const contexts = build.additional_contexts;
  return {
    ...build,
    ...(build.context === undefined ? {} : { context: mapPath(build.context, asWritten?.context, mapping) }),
    ...(build.dockerfile === undefined
      ? {}
      : { dockerfile: mapPath(build.dockerfile, asWritten?.dockerfile, mapping) }),
    ...(contexts === undefined
      ? {}
      : {
          additional_contexts: Object.fromEntries(
            Object.entries(contexts).map(([name, path]) => [
              name,
              mapPath(path, asWritten?.additional_contexts?.[name], mapping),
            ]),
          ),
        }),
  };
}

function mapPath(path: string, asWritten: string | undefined, mapping: PathMapping): string {
  const { directory, originalDirectory, resolvedIn = 'copy' } = mapping;
  if (originalDirectory === undefined || !isOutside(directory, path)) return path;
  if (resolvedIn === 'copy' && isRelativeAsWritten(asWritten))
    return join(originalDirectory, relative(directory, path));
  return isOutside(originalDirectory, path) ? path : join(directory, relative(originalDirectory, path));
}

function isRelativeAsWritten(path: string | undefined): boolean {
  return path !== undefined && !isAbsolute(path) && !path.startsWith('~');
}

/** @returns whether `path` is an absolute path that is neither `directory` nor below it; URLs and the like are not */
export function isOutside(directory: string, path: string): boolean {
  if (!isAbsolute(path)) return false;
  const way = relative(directory, path);
  return way === '..' || way.startsWith('../') || isAbsolute(way);
}

function pathsOf(service: ComposeService): readonly string[] {
  const mounts = (service.volumes ?? []).flatMap((mount) => (mount.type === 'bind' ? [mount.source ?? ''] : []));
  const { context, additional_contexts: contexts } = service.build ?? {};
  return [...mounts, ...(context === undefined ? [] : [context]), ...Object.values(contexts ?? {})];
}

function filesOf(model: ComposeModel): readonly string[] {
  const sources = [...Object.values(model.secrets ?? {}), ...Object.values(model.configs ?? {})];
  return sources.flatMap(({ file }) => (file === undefined ? [] : [file]));
}
