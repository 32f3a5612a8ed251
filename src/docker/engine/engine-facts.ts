/** The engine's messages in the shapes of engine.ts. Pure. */
import { constants } from 'node:os';
import type Dockerode from 'dockerode';
import type { ImageLayer } from '../../model/profile/build-profile.ts';
import {
  type ContainerFacts,
  type ContainerState,
  type ContainerStatus,
  type EngineEvent,
  type EngineInfo,
  type EngineNetwork,
  EngineRefusal,
  type EventFilter,
  type Health,
  type Healthcheck,
  type HealthTest,
  type ImageFacts,
  type ListedContainer,
  type ListedImage,
  type StatsSample,
} from './engine.ts';
import { parentOf } from '../project/network-claims.ts';

/** The part of `GET /info` that is used. */
export interface InfoMessage {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly CgroupVersion?: string;
  readonly CgroupDriver: string;
  readonly Driver: string;
  readonly DockerRootDir: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly Architecture: string;
  readonly SecurityOptions?: readonly string[] | null;
}

export function engineInfo(message: InfoMessage): EngineInfo {
  return {
    id: message.ID,
    name: message.Name,
    version: message.ServerVersion,
    cpus: message.NCPU,
    memoryBytes: message.MemTotal,
    cgroupVersion: message.CgroupVersion ?? '1',
    cgroupDriver: message.CgroupDriver,
    storageDriver: message.Driver,
    dataRoot: message.DockerRootDir,
    operatingSystem: message.OperatingSystem,
    kernel: message.KernelVersion,
    architecture: message.Architecture,
    rootless: (message.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
  };
}

/** @param version of the engine; null where `dependsOnVersion` says that it does not matter */
export function containerFacts(message: Dockerode.ContainerInspectInfo, version: string | null = null): ContainerFacts {
  const { Config: config } = message;
  return {
    id: message.Id,
    name: message.Name.replace(/^\//, ''),
    image: config.Image,
    imageId: message.Image,
    createdAt: message.Created,
    state: containerState(message.State),
    healthcheck: healthcheckOf(config as HealthcheckConfig, version),
    healthTest: healthTestOf(config as HealthcheckConfig),
    stopSignal: stopSignalOf((config as StopConfig).StopSignal),
    stopGraceSeconds: (config as StopConfig).StopTimeout ?? 10,
    restartCount: message.RestartCount,
    labels: config.Labels ?? {},
    env: config.Env ?? [],
    argv: argvOf(message),
    tty: config.Tty,
    logDriver: (message.HostConfig as Dockerode.HostConfig | undefined)?.LogConfig?.Type ?? '',
    networkMode: networkModeOf(message.HostConfig),
    networks: Object.entries(message.NetworkSettings.Networks).map(([name, network]) => ({
      name,
      ipAddress: network.IPAddress || null,
      aliases: (network.Aliases as readonly string[] | null) ?? [],
    })),
    exposedPorts: exposedPorts(config.ExposedPorts),
    mounts: message.Mounts.map((mount) => ({
      type: mount.Type,
      name: mount.Name ?? null,
      source: mount.Source,
      destination: mount.Destination,
      writable: mount.RW,
    })),
  };
}

interface StopConfig {
  readonly StopSignal?: string;
  readonly StopTimeout?: number | null;
}

/** The engine takes names with and without SIG, and numbers. Its default: https://docs.docker.com/reference/cli/docker/container/stop/ */
function stopSignalOf(signal: string | undefined): string {
  if (!signal) return 'SIGTERM';
  if (/^\d+$/.test(signal)) {
    const name = Object.entries(constants.signals).find(([, number]) => number === Number(signal))?.[0];
    return name ?? `signal ${signal}`;
  }
  return `SIG${signal.toUpperCase().replace(/^SIG/, '')}`;
}

/** '' if the engine does not report it. */
function networkModeOf(hostConfig: { readonly NetworkMode?: unknown } | undefined): string {
  return typeof hostConfig?.NetworkMode === 'string' ? hostConfig.NetworkMode : '';
}

/** Empty if the engine does not report it. */
function argvOf({ Path, Args }: { readonly Path?: string | null; readonly Args?: readonly string[] | null }): string[] {
  return Path ? [Path, ...(Args ?? [])] : [];
}

function containerState(state: Dockerode.ContainerInspectInfo['State']): ContainerState {
  const status = state.Status as ContainerStatus;
  const ended = status === 'exited' || status === 'dead';
  return {
    status,
    exitCode: ended ? state.ExitCode : null,
    oomKilled: state.OOMKilled,
    startedAt: timeOrNull(state.StartedAt),
    finishedAt: ended ? timeOrNull(state.FinishedAt) : null,
    error: state.Error || null,
    pid: state.Pid || null,
    health: healthOf(state),
  };
}

function healthOf(state: Dockerode.ContainerInspectInfo['State']): Health | null {
  if (state.Health === undefined || state.Health.Status === 'none') return null;
  return {
    status: state.Health.Status as Health['status'],
    log: (state.Health.Log ?? []).map((probe) => ({
      startedAt: probe.Start,
      finishedAt: probe.End,
      exitCode: probe.ExitCode,
      output: probe.Output,
    })),
  };
}

interface HealthcheckMessage {
  readonly Test?: readonly string[] | null;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
}

interface HealthcheckConfig {
  readonly Healthcheck?: HealthcheckMessage | null;
  /** The shell for commands that are one text. */
  readonly Shell?: readonly string[] | null;
}

/** In ns; 0 or absent is the engine's default: https://docs.docker.com/reference/dockerfile/#healthcheck */
const seconds = (ns: number | undefined, ifNone: number) => (ns ? ns / 1e9 : ifNone);

const DEFAULT_START_INTERVAL_SECONDS = 5;

/** Whether the engine's version decides how often it runs the healthcheck within the start period. */
export function dependsOnVersion({ Config: config }: Dockerode.ContainerInspectInfo): boolean {
  const check = (config as HealthcheckConfig).Healthcheck;
  return Boolean(check?.StartPeriod) && !check?.StartInterval;
}

function healthcheckOf({ Healthcheck: check }: HealthcheckConfig, version: string | null): Healthcheck | null {
  const test = check?.Test ?? [];
  if (test.length === 0 || test[0] === 'NONE') return null;
  const intervalSeconds = seconds(check?.Interval, 30);
  const startPeriodSeconds = seconds(check?.StartPeriod, 0);
  const hasDefault = startPeriodSeconds > 0 && hasDefaultStartInterval(version);
  // Engine 26.1.5 runs the first check after the interval, with a start period and without: measured with 2 s and 9 s.
  const ifNone = hasDefault ? DEFAULT_START_INTERVAL_SECONDS : intervalSeconds;
  return { intervalSeconds, startPeriodSeconds, startIntervalSeconds: seconds(check?.StartInterval, ifNone) };
}

/**
 * From 27.0 on, and in the patch releases of 26.1 after 26.1.5: https://github.com/moby/moby/pull/47799 and its backport 48255. An
 * unknown version counts as one without it.
 */
function hasDefaultStartInterval(version: string | null): boolean {
  const [major = 0, minor = 0, patch = 0] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version ?? '') ?? []).slice(1).map(Number);
  return major >= 27 || (major === 26 && minor === 1 && patch > 5);
}

/** As the engine would run it. */
function healthTestOf({ Healthcheck: check, Shell: shell }: HealthcheckConfig): HealthTest | null {
  const [kind, ...command] = check?.Test ?? [];
  if (command.length === 0 || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return null;
  const withShell = shell && shell.length > 0 ? shell : ['/bin/sh', '-c'];
  return {
    command: kind === 'CMD' ? command : [...withShell, ...command],
    timeoutSeconds: seconds(check?.Timeout, 30),
  };
}

/** The part of an entry of `GET /images/{name}/history` that is used; the newest comes first. */
export interface HistoryMessage {
  readonly CreatedBy: string;
  readonly Size: number;
}

export function imageLayers(history: readonly HistoryMessage[]): readonly ImageLayer[] {
  return history.toReversed().map(({ CreatedBy, Size }) => ({
    createdBy: CreatedBy.replace(/ # buildkit$/, '')
      .replace(/^RUN (\|\d+ .*?)?\/bin\/sh -c /, 'RUN ')
      .replace(/^\/bin\/sh -c #\(nop\)\s+/, ''),
    bytes: Size,
  }));
}

/** The engine writes Go's zero time for what has not happened. */
function timeOrNull(time: string): string | null {
  return time.startsWith('0001-') ? null : time;
}

export function listedContainer(message: Dockerode.ContainerInfo): ListedContainer {
  return {
    id: message.Id,
    name: (message.Names[0] ?? message.Id).replace(/^\//, ''),
    state: message.State as ContainerStatus,
    status: message.Status,
    image: message.Image,
    labels: message.Labels,
  };
}

export function listedImage(message: Dockerode.ImageInfo): ListedImage {
  return {
    id: message.Id,
    tags: (message.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
    sizeBytes: message.Size,
    labels: message.Labels ?? {},
  };
}

export function engineNetwork(message: Dockerode.NetworkInspectInfo): EngineNetwork {
  return {
    id: message.Id,
    name: message.Name,
    labels: message.Labels ?? {},
    subnets: (message.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) => (subnet ? [subnet] : [])),
    parent: parentOf(message.Driver, message.Options ?? {}),
  };
}

/** An image without a container has none. */
function configOf({ Config }: Partial<Dockerode.ImageInspectInfo>): Partial<Dockerode.ImageInspectInfo['Config']> {
  return Config ?? {};
}

/** An engine of another kind may leave out what Docker always tells. */
function layersOf({ RootFS }: Partial<Dockerode.ImageInspectInfo>): readonly string[] {
  return RootFS?.Layers ?? [];
}

export function imageFacts(message: Dockerode.ImageInspectInfo): ImageFacts {
  const config = configOf(message);
  return {
    id: message.Id,
    layers: layersOf(message),
    sizeBytes: message.Size,
    entrypoint: listOrNull(config.Entrypoint),
    cmd: listOrNull(config.Cmd),
    user: config.User ?? '',
    workingDirectory: config.WorkingDir || '/',
    env: config.Env ?? [],
    exposedPorts: exposedPorts(config.ExposedPorts),
    labels: config.Labels ?? {},
    tags: message.RepoTags ?? [],
  };
}

function listOrNull(value: string | readonly string[] | null | undefined): readonly string[] | null {
  if (value === null || value === undefined || value.length === 0) return null;
  return typeof value === 'string' ? [value] : value;
}

/**
 * @returns null for the message of a container that does not run.
 * Working set: usage without inactive page cache, under the name that cgroup v1 (`total_inactive_file`) or v2
 * (`inactive_file`) has for it, as `docker stats` computes it
 * (https://docs.docker.com/reference/cli/docker/container/stats/).
 */
export function statsSample(message: Dockerode.ContainerStats): StatsSample | null {
  const { memory_stats: memory, cpu_stats: cpu } = message;
  const usageBytes = memory.usage as number | undefined;
  if (message.read.startsWith('0001-') || usageBytes === undefined || cpu.cpu_usage.total_usage === 0) return null;
  const caches = memory.stats as { total_inactive_file?: number; inactive_file?: number } | undefined;
  const inactiveFileBytes = caches?.total_inactive_file ?? caches?.inactive_file ?? 0;
  const networks = Object.values((message.networks as Dockerode.NetworkStats | undefined) ?? {});
  return {
    readAt: message.read,
    cpuTotalNs: cpu.cpu_usage.total_usage,
    workingSetBytes: Math.max(0, usageBytes - inactiveFileBytes),
    throttledNs: cpu.throttling_data?.throttled_time ?? 0,
    networkReceivedBytes: networks.reduce((sum, network) => sum + network.rx_bytes, 0),
    networkSentBytes: networks.reduce((sum, network) => sum + network.tx_bytes, 0),
    ...blockBytes(message.blkio_stats?.io_service_bytes_recursive),
    pids: message.pids_stats?.current ?? null,
  };
}

/** If no device has an entry, the kernel has not counted. That is not the same as no IO. */
function blockBytes(
  entries: readonly { readonly op: string; readonly value: number }[] | null | undefined,
): Pick<StatsSample, 'blockReadBytes' | 'blockWrittenBytes'> {
  if (!entries || entries.length === 0) return { blockReadBytes: null, blockWrittenBytes: null };
  const sum = (op: string) =>
    entries.filter((entry) => entry.op.toLowerCase() === op).reduce((bytes, { value }) => bytes + value, 0);
  return { blockReadBytes: sum('read'), blockWrittenBytes: sum('write') };
}

/** The part of an event that is used. */
export interface EventMessage {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes?: Readonly<Record<string, string>> };
  /** A double does not hold it exactly; it is right to a fraction of a microsecond. */
  readonly timeNano: number;
}

export function engineEvent(message: EventMessage): EngineEvent {
  return {
    type: message.Type,
    action: message.Action,
    id: message.Actor.ID,
    attributes: message.Actor.Attributes ?? {},
    atMs: message.timeNano / 1e6,
  };
}

/** The engine's filters: `{"label": ["a=b", "c"], "type": [...], "event": [...]}`. */
export function filtersOf(filter: EventFilter): Record<string, string[]> {
  const labels = Object.entries(filter.labels ?? {}).map(([name, value]) =>
    value === true ? name : `${name}=${value}`,
  );
  return {
    ...(labels.length === 0 ? {} : { label: labels }),
    ...(filter.types === undefined ? {} : { type: [...filter.types] }),
    ...(filter.actions === undefined ? {} : { event: [...filter.actions] }),
  };
}

export function hasStatus(error: unknown, statusCode: number): boolean {
  return error instanceof EngineRefusal && error.statusCode === statusCode;
}

/** Its logging driver cannot be read: 501, in older engines another number with the same words. */
export function keepsNoLogs(error: unknown): boolean {
  if (!(error instanceof EngineRefusal)) return false;
  return error.statusCode === 501 || /logging driver does not support reading/i.test(error.message);
}

/** Another client is removing it. It is enough to wait. */
export function isRemovalInProgress(error: unknown): boolean {
  return hasStatus(error, 409) && /removal of container .* is already in progress/i.test((error as Error).message);
}

/** Compose's `expose` reaches the engine without a protocol, which then means TCP. */
function exposedPorts(ports: Readonly<Record<string, object>> | undefined): readonly string[] {
  return Object.keys(ports ?? {}).map((port) => (port.includes('/') ? port : `${port}/tcp`));
}
