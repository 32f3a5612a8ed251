/** The start-up as a schedule: what would end when, if an edge or a service were not there. */
import type { ComposeKey, ProjectFiles } from '../../../model/project-files.ts';
import type { ServiceStartup } from '../../../model/run.ts';

export interface Change {
  /** Edges of `depends_on` that are left out. */
  readonly withoutEdge?: { readonly from: string; readonly to: string };
  readonly withoutService?: string;
  /** A service that ends earlier by as many seconds. */
  readonly earlier?: { readonly service: string; readonly seconds: number };
}

/** Seconds by which the whole start-up would end earlier; 0 if another service decides when it ends. */
export function startupSaving(
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  return Math.max(0, endOf(services, files, {}) - endOf(services, files, change));
}

function endOf(services: readonly ServiceStartup[], files: ProjectFiles | null | undefined, change: Change): number {
  const left = services.filter(({ service }) => service !== change.withoutService);
  return Math.max(0, ...left.map((service) => planned(service, services, files, change)));
}

/** When a service is usable, in seconds since the first `up`. */
function planned(
  service: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  const own = readyOf(service, services);
  const shift = change.earlier?.service === service.service ? change.earlier.seconds : 0;
  return Math.max(0, own - shift - startsEarlier(service, services, files, change));
}

function startsEarlier(
  service: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  const waited = service.timeline?.waitedFor;
  const other = services.find((each) => each.service === waited?.service && each !== service);
  if (waited == null || other === undefined) return 0;
  const { withoutEdge, withoutService } = change;
  const isCut =
    other.service === withoutService || (withoutEdge?.from === service.service && withoutEdge.to === other.service);
  if (!isCut)
    return waited.condition === 'service_started'
      ? 0
      : readyOf(other, services) - planned(other, services, files, change);
  const started = service.timeline?.startedSeconds ?? 0;
  // What waited for a service that is gone waits for what that one waited for.
  if (other.service === withoutService) return Math.max(0, started - (other.timeline?.startedSeconds ?? started));
  return Math.max(0, started - earliestStart(service, other, services, files));
}

/** Without the edge it starts after its other dependencies, or with the first service of all. */
function earliestStart(
  service: ServiceStartup,
  without: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
): number {
  const gap = service.timeline?.waitedFor?.seconds ?? 0;
  const others = dependenciesOf(files, service.service).filter((name) => name !== without.service);
  const ends = services.filter((each) => others.includes(each.service)).map((each) => readyOf(each, services) + gap);
  const starts = services.flatMap(({ timeline }) => timeline?.startedSeconds ?? []);
  return Math.max(Math.min(...starts, service.timeline?.startedSeconds ?? 0), ...ends);
}

/** When others could start that wait for it: for a service that ran once and ended, when it ended. */
export function readyOf(service: ServiceStartup, services: readonly ServiceStartup[]): number {
  return service.seconds ?? oneShotEnd(service, services) ?? service.timeline?.startedSeconds ?? 0;
}

/** When a one-shot had done its work. Older versions stored no time of it, but of the one that waited for it: null if none did. */
export function oneShotEnd(
  { service, state, timeline: own }: ServiceStartup,
  services: readonly ServiceStartup[],
): number | null {
  if (state !== 'completed') return null;
  if (own?.endedSeconds != null) return own.endedSeconds;
  const ends = services.flatMap(({ timeline }) => {
    const waited = timeline?.waitedFor;
    if (waited?.service !== service || waited.seconds === null || timeline?.startedSeconds == null) return [];
    return [timeline.startedSeconds - waited.seconds];
  });
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The services that a service depends on by its compose files, as a list or a mapping. */
export function dependenciesOf(files: ProjectFiles | null | undefined, service: string): readonly string[] {
  const below = (files?.composeFiles ?? []).flatMap(({ keys }) =>
    keys.filter((key) => startsWith(key, ['services', service, 'depends_on'])),
  );
  const names = below.flatMap(({ path, value }) => {
    const [, , , key, more] = path;
    if (more !== undefined || key === undefined) return [];
    return typeof key === 'number' ? [String(value ?? '')] : [key];
  });
  return [...new Set(names)];
}

/** The place of an edge below its service: the mapping's key, or the index of the list. null: it is not written there. */
export function edgeKey(
  files: ProjectFiles | null | undefined,
  from: string,
  to: string,
): readonly (string | number)[] | null {
  for (const { keys } of files?.composeFiles ?? []) {
    const own = keys.filter((key) => startsWith(key, ['services', from, 'depends_on']) && key.path.length === 4);
    const edge = own.find(({ path, value }) => path[3] === to || (typeof path[3] === 'number' && value === to));
    if (edge === undefined) continue;
    return own.length === 1 ? ['depends_on'] : ['depends_on', edge.path[3] ?? to];
  }
  return null;
}

/** The value of a key below a service, as written; null if it is not there, or may be a secret. The last file wins. */
export function composeValue(
  files: ProjectFiles | null | undefined,
  service: string,
  key: readonly (string | number)[],
): ComposeKey['value'] {
  const wanted = ['services', service, ...key];
  const found = (files?.composeFiles ?? []).flatMap(({ keys }) =>
    keys.filter(({ path }) => path.length === wanted.length && path.every((part, at) => part === wanted[at])),
  );
  return found.at(-1)?.value ?? null;
}

export function hasComposeKey(
  files: ProjectFiles | null | undefined,
  service: string,
  key: readonly (string | number)[],
): boolean {
  return (files?.composeFiles ?? []).some(({ keys }) =>
    keys.some((each) => startsWith(each, ['services', service, ...key])),
  );
}

/** All values below a key: of `volumes` in both of its forms. */
export function composeValues(
  files: ProjectFiles | null | undefined,
  service: string,
  key: readonly (string | number)[],
): readonly string[] {
  return (files?.composeFiles ?? []).flatMap(({ keys }) =>
    keys
      .filter((each) => startsWith(each, ['services', service, ...key]))
      .flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
  );
}

/** The image that a service names: `postgres` of `${IMAGE:-docker.io/library/postgres:15-alpine}`. null: it builds its own. */
export function imageName(files: ProjectFiles | null | undefined, service: string): string | null {
  const value = composeValue(files, service, ['image']);
  if (typeof value !== 'string' || hasComposeKey(files, service, ['build'])) return null;
  const plain = /^\$\{\w+:?-(.+)\}$/.exec(value)?.[1] ?? value;
  return (
    plain
      .split('@')[0]
      ?.replace(/:[^/:]*$/, '')
      .split('/')
      .at(-1)
      ?.toLowerCase() ?? null
  );
}

/** What a command begins with that starts the image's server, as against a client in the same image: `pg_dump`, `sh`. */
const STARTS_SERVER =
  /^(?:-|(?:docker-entrypoint\.sh|postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|keydb-server|memcached|rabbitmq-server|nats-server|server|etcd|cassandra)\b)/;

/** Whether a service in the image of a server is one, by what its compose files have it run. */
export function runsServer(files: ProjectFiles | null | undefined, service: string): boolean {
  if (hasComposeKey(files, service, ['entrypoint'])) return false;
  const [first] = composeValues(files, service, ['command']);
  return first === undefined ? !hasComposeKey(files, service, ['command']) : STARTS_SERVER.test(first.trim());
}

function startsWith({ path }: ComposeKey, prefix: readonly (string | number)[]): boolean {
  return prefix.every((part, at) => path[at] === part);
}
