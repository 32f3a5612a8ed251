/** Command lines of `docker buildx build`, as arguments after `docker`. Pure. */
import type { BuildMode } from '../../model/plan.ts';
import type { StandIn } from '../../model/run.ts';
import { pairs } from '../compose/compose-command.ts';
import type { OrderedBuild } from './base-images.ts';

/**
 * What a build may reuse from earlier ones.
 *
 * `cold` runs every step again, with cache mounts in a namespace that only this run uses. They start empty, as on a
 * fresh machine. (`--no-cache` alone would empty the user's cache mounts.) The namespace is part of the cache key of a
 * step with a cache mount. So a `warm` build, also one after a change, finds the layers of the cold one only in
 * the same namespace; null is the user's own cache.
 */
export type BuildCache =
  | { readonly mode: 'cold'; readonly namespace: string }
  | { readonly mode: Exclude<BuildMode, 'cold'>; readonly namespace: string | null };

export interface BuildCommandOptions {
  /** The run's own tags, never the user's. */
  readonly tags: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly cache: BuildCache;
  /** Where the metadata goes (image id and digest). */
  readonly metadataFile?: string;
  /** Replaces the build's own Dockerfile: an inline one in a file, or one without its frontend line. */
  readonly dockerfile?: string;
  /** Replacements for images that the Dockerfile names. */
  readonly standIns?: readonly StandIn[];
  /** Another path to the build's own context. The builder then takes it for a context that it does not have. */
  readonly context?: string;
  /** The tags of earlier builds by the build's name, for images that are based on one another. */
  readonly built?: Readonly<Record<string, string>>;
}

/**
 * One image built by the endpoint's own builder; the record comes as rawjson on stderr (src/collectors/build/buildkit.ts).
 */
export function buildCommand(build: OrderedBuild, options: BuildCommandOptions): readonly string[] {
  const args = {
    ...build.args,
    ...(options.cache.namespace === null ? {} : { BUILDKIT_CACHE_MOUNT_NS: options.cache.namespace }),
  };
  return [
    'buildx',
    'build',
    '--progress=rawjson',
    ...optional('--metadata-file', options.metadataFile),
    '-f',
    options.dockerfile ?? build.dockerfile,
    ...optional('--target', build.target),
    ...optional('--platform', build.platform),
    ...optional('--network', build.network),
    ...optional('--shm-size', build.shmSize),
    ...(build.noCache || options.cache.mode === 'cold' ? ['--no-cache'] : []),
    ...pairs('--build-arg', args),
    ...pairs('--build-context', contextsOf(build, options)),
    ...build.secrets.flatMap((secret) => [
      '--secret',
      'file' in secret ? `id=${secret.id},src=${secret.file}` : `id=${secret.id},env=${secret.environment}`,
    ]),
    ...build.ssh.flatMap((ssh) => ['--ssh', ssh]),
    ...build.extraHosts.flatMap((host) => ['--add-host', host]),
    ...pairs('--label', { ...build.labels, ...options.labels }),
    ...options.tags.flatMap((tag) => ['-t', tag]),
    options.context ?? build.context,
  ];
}

/** A named context replaces the image of that name everywhere in the Dockerfile, in any spelling. */
function contextsOf(build: OrderedBuild, { standIns = [], built = {} }: BuildCommandOptions) {
  const standInOf = new Map(standIns.map(({ image, standIn }) => [`${IMAGE}${image}`, `${IMAGE}${standIn}`]));
  const given = Object.entries(build.additionalContexts).map(([name, source]) => [
    name,
    standInOf.get(source) ?? source,
  ]);
  const bases = build.baseImages.flatMap((image) => {
    const standIn = standInOf.get(`${IMAGE}${image}`);
    return standIn === undefined ? [] : [[image, standIn]];
  });
  const own = build.basedOn.flatMap(({ context, build: name }) => {
    const tag = built[name];
    return tag === undefined ? [] : [[context, `${IMAGE}${tag}`]];
  });
  return Object.fromEntries([...given, ...bases, ...own]) as Readonly<Record<string, string>>;
}

/** A build context that is an image. */
const IMAGE = 'docker-image://';

function optional(flag: string, value: string | null | undefined): readonly string[] {
  return value === null || value === undefined ? [] : [flag, value];
}
