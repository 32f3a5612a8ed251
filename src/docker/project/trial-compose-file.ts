/**
 * The compose file of one trial, made from the project's resolved model. Everything that would collide with another
 * trial or with the user's own containers is reset. Everything else stays as the project has it.
 */
import {
  type ComposeAttachment,
  type ComposeModel,
  type ComposeMount,
  type ComposeNetwork,
  type ComposeService,
  type ComposeVolume,
  escapeDollars,
} from '../compose/compose-model.ts';
import type { ResolvedProject } from './project.ts';
import { TEST_LOGGING } from './test-logging.ts';

export interface ComposeFileOptions {
  /** The image of each service that was built here or has a stand-in; other services keep their own. */
  readonly tags: Readonly<Record<string, string>>;
  /** Put on every container, network and volume. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the engine's form, e.g. `0-1` or `0,2`. Absent: as in the project. */
  readonly cpuset?: string;
  /** A limit for each container. The project's own lower limit stays. Absent: as in the project. */
  readonly memoryBytes?: number;
  /** The control group for all containers. Absent: the engine's own. */
  readonly cgroupParent?: string;
  /** Bind mounts below `from` become mounts below `to`: the trial's own copy of the source, or of parts of it. */
  readonly sourceCopy?: MovedPath | readonly MovedPath[];
  /** A folder for what the tests write, mounted into the test service. */
  readonly resultsMount?: { readonly host: string; readonly container: string };
  /** Added to the test service's environment; a variable of the same name is replaced. */
  readonly extraTestEnvironment?: Readonly<Record<string, string>>;
  /** Only these services, e.g. without the test service for the start-up phase. */
  readonly only?: readonly string[];
}

export interface MovedPath {
  readonly from: string;
  readonly to: string;
}

/**
 * @returns a document that compose reads as it stands (JSON is YAML), with `$` escaped. It has no project name: that is
 *   `-p`'s. Images are never pulled by it, so a missing one is an error and not a part of what is timed.
 */
export function composeFileFor(project: ResolvedProject, options: ComposeFileOptions): ComposeModel {
  const { model } = project;
  const included = Object.keys(model.services).filter((name) => options.only?.includes(name) ?? true);
  const services = Object.fromEntries(
    included.map((name) => [name, serviceFor(name, model.services[name] ?? {}, project, options, included)]),
  );
  const { name: _, services: __, networks, volumes, secrets, configs, ...rest } = model;
  return escapeDollars({
    ...rest,
    services,
    ...(networks === undefined ? {} : { networks: mapValues(networks, (network) => networkFor(network, options)) }),
    ...(volumes === undefined ? {} : { volumes: mapValues(volumes, (volume) => volumeFor(volume, options)) }),
    ...(secrets === undefined ? {} : { secrets: mapValues(secrets, withoutOwnName) }),
    ...(configs === undefined ? {} : { configs: mapValues(configs, withoutOwnName) }),
  });
}

function serviceFor(
  name: string,
  service: ComposeService,
  project: ResolvedProject,
  options: ComposeFileOptions,
  included: readonly string[],
): ComposeService {
  const {
    build: _build,
    container_name: _name,
    ports: _ports,
    profiles: _profiles,
    develop: _develop,
    ...kept
  } = service;
  const isTest = name === project.service;
  const image = options.tags[name] ?? service.image;
  const volumes = mountsFor(service, isTest, options);
  const exposed = exposedPorts(service);
  return {
    ...withinLane(kept, options),
    ...withDependencies(service, included),
    ...(image === undefined ? {} : { image }),
    pull_policy: 'never',
    restart: restartPolicy(service, isTest),
    labels: { ...service.labels, ...options.labels },
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(exposed.length === 0 ? {} : { expose: exposed }),
    ...(service.networks === undefined ? {} : { networks: reachableByName(service) }),
    ...(isTest ? { logging: TEST_LOGGING } : {}),
    ...(isTest && options.extraTestEnvironment !== undefined
      ? { environment: { ...service.environment, ...options.extraTestEnvironment } }
      : {}),
  };
}

/** Published ports would collide. The containers' own ports stay, so that readiness can be tested there. */
function exposedPorts(service: ComposeService): readonly string[] {
  const published = (service.ports ?? []).map(({ target, protocol = 'tcp' }) =>
    protocol === 'tcp' ? String(target) : `${target}/${protocol}`,
  );
  return [...new Set([...(service.expose ?? []).map(String), ...published])];
}

/**
 * Other services may use a container's fixed name. Within the project's own networks it becomes an alias, which cannot
 * collide.
 */
function reachableByName({
  container_name: name,
  networks = {},
}: ComposeService): Readonly<Record<string, ComposeAttachment | null>> {
  if (name === undefined) return networks;
  return mapValues(networks, (attachment) => ({ ...attachment, aliases: [...(attachment?.aliases ?? []), name] }));
}

/**
 * The test container ends once. A service may still be restarted until its database is ready. But no policy may start
 * it again after a restart of the engine, or after it has ended well.
 */
function restartPolicy(service: ComposeService, isTest: boolean): string {
  if (isTest) return 'no';
  const condition = service.deploy?.restart_policy?.condition ?? service.restart ?? 'no';
  if (condition === 'none') return 'no';
  if (condition === 'always' || condition === 'unless-stopped' || condition === 'any') return 'on-failure';
  return condition;
}

function mountsFor(service: ComposeService, isTest: boolean, options: ComposeFileOptions): readonly ComposeMount[] {
  const { sourceCopy, resultsMount } = options;
  const own = (service.volumes ?? []).map((mount) =>
    mount.type === 'bind' && mount.source !== undefined && sourceCopy !== undefined
      ? { ...mount, source: moved(mount.source, sourceCopy) }
      : mount,
  );
  const results =
    isTest && resultsMount !== undefined
      ? [{ type: 'bind', source: resultsMount.host, target: resultsMount.container }]
      : [];
  return [...own, ...results];
}

function moved(path: string, copies: MovedPath | readonly MovedPath[]): string {
  const copy = [copies].flat().find(({ from }) => path === from || path.startsWith(`${from}/`));
  return copy === undefined ? path : `${copy.to}${path.slice(copy.from.length)}`;
}

/** The lane's CPUs and memory. Only `restart` decides how long a container lives. */
function withinLane(
  service: ComposeService,
  { cpuset, memoryBytes, cgroupParent }: ComposeFileOptions,
): ComposeService {
  const { deploy, ...kept } = service;
  const { restart_policy: _, ...deployed } = deploy ?? {};
  const base: ComposeService = {
    ...kept,
    ...(deploy === undefined ? {} : { deploy: deployed }),
    ...(cpuset === undefined ? {} : { cpuset }),
    ...(cgroupParent === undefined ? {} : { cgroup_parent: cgroupParent }),
  };
  return memoryBytes === undefined ? base : withMemoryLimit(base, memoryBytes);
}

function withMemoryLimit(service: ComposeService, laneBytes: number): ComposeService {
  // A swap limit or a reservation of the project may exceed the lane's limit, which the engine refuses.
  const { mem_limit: ownLimit, memswap_limit: _swap, mem_reservation: _reserved, deploy, ...kept } = service;
  const { limits, reservations } = deploy?.resources ?? {};
  const limit = String(Math.min(laneBytes, bytesOf(ownLimit), bytesOf(limits?.memory)));
  // Compose refuses `mem_limit` together with limits in `deploy`, even if those do not limit memory.
  const resources = {
    ...(limits === undefined ? {} : { limits: { ...limits, memory: limit } }),
    ...(reservations === undefined ? {} : { reservations: { ...reservations, memory: '0' } }),
  };
  return {
    ...kept,
    ...(deploy === undefined ? {} : { deploy: { ...deploy, resources } }),
    ...(limits === undefined ? { mem_limit: limit } : {}),
  };
}

/** `config` prints sizes as bytes in a string. */
function bytesOf(size: unknown): number {
  const bytes = Number(size ?? Number.NaN);
  return Number.isFinite(bytes) && bytes > 0 ? bytes : Number.POSITIVE_INFINITY;
}

function withDependencies(service: ComposeService, included: readonly string[]): ComposeService {
  const { depends_on: dependencies, links } = service;
  return {
    ...(dependencies === undefined
      ? {}
      : { depends_on: Object.fromEntries(Object.entries(dependencies).filter(([name]) => included.includes(name))) }),
    ...(links === undefined ? {} : { links: links.filter((link) => included.includes(link.split(':')[0] ?? link)) }),
  };
}

function networkFor(network: ComposeNetwork | null, options: ComposeFileOptions): ComposeNetwork {
  if (network?.external === true) return network;
  const { name: _, driver_opts: driverOptions, ...kept } = network ?? {};
  // The bridge's name is a name on the host, so it would collide too.
  const { 'com.docker.network.bridge.name': __, ...otherOptions } = driverOptions ?? {};
  return {
    ...kept,
    ...(driverOptions === undefined ? {} : { driver_opts: otherOptions }),
    labels: { ...kept.labels, ...options.labels },
  };
}

function volumeFor(volume: ComposeVolume | null, options: ComposeFileOptions): ComposeVolume {
  if (volume?.external === true) return volume;
  const { name: _, driver_opts: driverOptions, ...kept } = volume ?? {};
  const device = driverOptions?.['device'];
  return {
    ...kept,
    ...(driverOptions === undefined
      ? {}
      : {
          driver_opts:
            device === undefined || options.sourceCopy === undefined
              ? driverOptions
              : { ...driverOptions, device: moved(device, options.sourceCopy) },
        }),
    labels: { ...kept.labels, ...options.labels },
  };
}

function withoutOwnName<T extends { readonly name?: string; readonly external?: boolean }>(source: T): T {
  if (source.external === true) return source;
  const { name: _, ...kept } = source;
  return kept as T;
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, of: (value: V) => W): Readonly<Record<string, W>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
}
