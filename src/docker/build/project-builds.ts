/** The images to build for a project's services: each once, also if several services use it. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { wrongUsage } from '../../model/failure.ts';
import type { ComposeBuild, ComposeModel, ComposeService } from '../compose/compose-model.ts';
import { isOutside } from '../compose/project-paths.ts';

/** One image to build, in the terms of buildx. */
export interface ProjectBuild {
  /** The service whose `build` it is; no two builds have the same. */
  readonly name: string;
  /** The services of the run that use the image; none if it is only the base of another image. */
  readonly services: readonly string[];
  /** The project's names for the image: other builds may use one of them in `FROM`. */
  readonly images: readonly string[];
  /** A folder or a URL. */
  readonly context: string;
  /** Absolute, or relative to a context that is a URL; ignored if there is an inline one. */
  readonly dockerfile: string;
  readonly dockerfileInline: string | null;
  readonly target: string | null;
  readonly args: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** As for `--ssh`: `default`, `id=path`. */
  readonly ssh: readonly string[];
  readonly additionalContexts: Readonly<Record<string, string>>;
  /** `name:address` */
  readonly extraHosts: readonly string[];
  readonly network: string | null;
  readonly platform: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly shmSize: string | null;
  /** The project itself forbids the cache. */
  readonly noCache: boolean;
}

export type BuildSecret =
  | { readonly id: string; readonly file: string }
  /** From a variable in the environment of the command. */
  | { readonly id: string; readonly environment: string };

/**
 * @param started the services of the run, the test service among them
 * @param fallback Dockerfile.test in the project's folder, for a test service that has only an image
 */
export function projectBuilds(
  model: ComposeModel,
  started: readonly string[],
  fallback: { readonly service: string; readonly directory: string; readonly dockerfile: string } | null,
): readonly ProjectBuild[] {
  const builds = new Map<string, ProjectBuild>();
  for (const name of started) {
    const build =
      fallback?.service === name ? plainBuild(fallback.directory, fallback.dockerfile) : buildOf(model, name);
    if (build === null) continue;
    const key = JSON.stringify(build);
    const known = builds.get(key) ?? { ...build, name, services: [], images: [] };
    const image = model.services[name]?.image;
    builds.set(key, {
      ...known,
      services: [...known.services, name],
      images: image === undefined ? known.images : [...new Set([...known.images, image])],
    });
  }
  return [...builds.values()];
}

type BuildSpec = Omit<ProjectBuild, 'name' | 'services' | 'images'>;

/** A service's own build, or that of the service whose image it runs on (`image: app`, built by `app: {image: app, build: .}`). */
export function buildingService(model: ComposeModel, name: string): ComposeService | null {
  const service = model.services[name];
  if (service === undefined || service.build !== undefined) return service ?? null;
  return (
    Object.values(model.services).find((other) => other.build !== undefined && other.image === service.image) ?? null
  );
}

function buildOf(model: ComposeModel, name: string): BuildSpec | null {
  const service = buildingService(model, name);
  return service?.build === undefined ? null : specOf(model, service, service.build);
}

/** One Dockerfile in a folder, without options. */
function plainBuild(context: string, dockerfile: string): BuildSpec {
  return {
    context,
    dockerfile: resolve(context, dockerfile),
    dockerfileInline: null,
    target: null,
    args: {},
    secrets: [],
    ssh: [],
    additionalContexts: {},
    extraHosts: [],
    network: null,
    platform: null,
    labels: {},
    shmSize: null,
    noCache: false,
  };
}

function specOf(model: ComposeModel, service: ComposeService, build: ComposeBuild): BuildSpec {
  const context = build.context ?? '.';
  const dockerfile = build.dockerfile ?? 'Dockerfile';
  const platforms = build.platforms ?? [];
  return {
    context,
    dockerfile: isAbsolute(context) ? resolve(context, dockerfile) : dockerfile,
    dockerfileInline: build.dockerfile_inline ?? null,
    target: build.target ?? null,
    args: Object.fromEntries(
      Object.entries(build.args ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    secrets: (build.secrets ?? []).flatMap((secret) => secretOf(model, secret)),
    ssh: build.ssh ?? [],
    additionalContexts: build.additional_contexts ?? {},
    extraHosts: extraHosts(build.extra_hosts),
    network: build.network ?? null,
    // The engine's own builder builds one platform at a time. If the project lists several, only the engine's own one
    // is run.
    platform: service.platform ?? (platforms.length === 1 ? (platforms[0] ?? null) : null),
    labels: build.labels ?? {},
    shmSize: build.shm_size === undefined ? null : String(build.shm_size),
    noCache: build.no_cache === true,
  };
}

function secretOf(model: ComposeModel, secret: { readonly source: string; readonly target?: string }): BuildSecret[] {
  const source = model.secrets?.[secret.source];
  const id = secret.target === undefined || secret.target.includes('/') ? secret.source : secret.target;
  if (source?.file !== undefined) return [{ id, file: source.file }];
  return source?.environment === undefined ? [] : [{ id, environment: source.environment }];
}

/** `config` prints `name=address`. buildx before 2024 knows only `name:address`, and later versions know both. */
function extraHosts(hosts: ComposeBuild['extra_hosts']): readonly string[] {
  if (hosts === undefined) return [];
  if (Array.isArray(hosts)) return (hosts as readonly string[]).map((host) => host.replace('=', ':'));
  return Object.entries(hosts as Readonly<Record<string, string | readonly string[]>>).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${name}:${address}`),
  );
}

/**
 * Checks that the builds have what they start from, so that a mistake shows before anything is started.
 * @throws PacelineError WrongUsage: no context folder, no Dockerfile (with the most similar name)
 */
export async function checkBuilds(
  builds: readonly ProjectBuild[],
  {
    directory,
    root = directory,
    compose,
  }: { readonly directory: string; readonly root?: string; readonly compose: string },
): Promise<void> {
  // The folder is a copy, which the user does not know.
  const shown = (path: string) => (isOutside(root, path) ? path : relative(directory, path) || '.');
  for (const build of builds) {
    if (!isAbsolute(build.context)) continue;
    const services = build.services.map((name) => `\`${name}\``).join(', ');
    if (!(await exists(build.context))) {
      throw wrongUsage(
        `The build context of ${services} does not exist: ${shown(build.context)}.`,
        `Correct \`context\` in ${compose}.`,
      );
    }
    if (build.dockerfileInline !== null || (await exists(build.dockerfile))) continue;
    throw wrongUsage(
      `The Dockerfile of ${services} does not exist: ${shown(build.dockerfile)}.`,
      await nearestDockerfile(build.dockerfile, compose, shown),
    );
  }
}

async function nearestDockerfile(path: string, composeFile: string, shown: (path: string) => string): Promise<string> {
  const entries = await readdir(dirname(path)).catch(() => []);
  const candidates = entries.filter(
    (name) => /dockerfile|containerfile/i.test(name) || distance(name, basename(path)) < 4,
  );
  return candidates.length === 0
    ? `Correct \`dockerfile\` in ${composeFile}.`
    : `Did you mean ${shown(join(dirname(path), closest(basename(path), candidates)))}? Correct \`dockerfile\` in ${composeFile}.`;
}

/** @returns whether there is something at `path` */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
