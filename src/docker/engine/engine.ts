/**
 * What Paceline asks a Docker engine for, and the shapes of the answers. The one implementation is dockerode-engine.ts.
 *
 * These rules hold for all methods. An object that is gone is `null`; removing it does nothing. An engine that does not
 * answer is a PacelineError EngineUnavailable. Any other refusal is an `EngineRefusal`. An aborted signal rejects with
 * the signal's own reason, never with an AbortError. Times come from the engine's clock, in ISO 8601 with nanoseconds.
 */
import type { LogStream } from './log-stream.ts';
import type { ImageLayer } from '../../model/profile/build-profile.ts';
import type { Labels } from './labels.ts';
import type { StreamedFile } from './streams.ts';

export interface Engine {
  info(): Promise<EngineInfo>;
  /**
   * When the engine was last started: the creation time of its default bridge, which each start creates again. null without a
   * default bridge. The API has no other source.
   */
  startedAt(): Promise<string | null>;

  inspectContainer(nameOrId: string): Promise<ContainerFacts | null>;
  /** Running and stopped ones. @param labels a value, or `true` for any value */
  listContainers(labels: LabelFilter): Promise<readonly ListedContainer[]>;
  /** Resolves when it does not run; at once if it never ran. @returns its exit code; null when it is gone */
  waitContainer(nameOrId: string, signal: AbortSignal): Promise<number | null>;
  /** The output from its beginning until the container stops, also of a stopped one. Ends at once if it is gone. */
  followLogs(nameOrId: string, options: LogOptions): Promise<LogsRead>;
  /** The output up to now, also of a running container. Ends at once if it is gone. */
  readLogs(nameOrId: string, options: LogOptions): Promise<LogsRead>;
  /**
   * The last lines of both streams in the order of their arrival, at most 64 KiB; '' if it is gone or wrote nothing.
   */
  logTail(nameOrId: string, lines: number): Promise<LogTail>;
  /**
   * About one sample a second, the first within a second; ends when the container does not run (any more).
   * A sample costs about 3 ms of CPU on the engine's side.
   */
  stats(nameOrId: string, signal: AbortSignal): AsyncIterable<StatsSample>;
  /**
   * One file out of a container, running or stopped, as a stream. null if there is no such container or file, or if
   * it is not a regular file.
   */
  copyOut(nameOrId: string, path: string): Promise<StreamedFile | null>;
  /**
   * Runs a command in a running container as a healthcheck runs: with the container's user, environment and working
   * directory. An abort stops the waiting, not the command.
   * @returns its exit code, 126 or 127 if there is no such program; null if there is no such container
   * @throws EngineRefusal 409 if the container does not run
   */
  exec(nameOrId: string, command: readonly string[], signal: AbortSignal): Promise<number | null>;
  /** Asks it to stop, kills it after `seconds`. */
  stopContainer(nameOrId: string, seconds: number): Promise<void>;
  /** With its anonymous volumes, running or not. Done when it is gone. */
  removeContainer(nameOrId: string): Promise<void>;

  /** All of them, also those that are not Paceline's. */
  listNetworks(): Promise<readonly EngineNetwork[]>;
  removeNetwork(nameOrId: string): Promise<void>;
  removeVolume(name: string): Promise<void>;
  /** Removes this name of the image, and with its last name the image. */
  removeImage(reference: string): Promise<void>;
  inspectImage(reference: string): Promise<ImageFacts | null>;
  /** What the image is made of, the base's first layer first; [] when it is gone. */
  imageHistory(reference: string): Promise<readonly ImageLayer[]>;
  listImages(labels: LabelFilter): Promise<readonly ListedImage[]>;
  /** By the CLI, which has the user's registry credentials. @throws PacelineError ImageUnavailable */
  pullImage(reference: string, signal: AbortSignal): Promise<void>;

  /** Everything that carries the labels. */
  listByLabels(labels: LabelFilter): Promise<LabelledObjects>;
  /**
   * Resolves once the engine is recording, so nothing that is started afterwards is missed. Networks and volumes do not
   * carry their labels in events. The engine remembers 256 events: what was missed cannot be had again.
   */
  events(filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>;
}

/** The engine answered and refused: a conflict, a bad parameter, an error of its own. */
export class EngineRefusal extends Error {
  readonly statusCode: number;
  constructor(message: string, statusCode: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineRefusal';
    this.statusCode = statusCode;
  }
}

export type LabelFilter = Readonly<Record<string, string | true>>;

export interface EngineInfo {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly cgroupVersion: string;
  readonly cgroupDriver: string;
  readonly storageDriver: string;
  readonly dataRoot: string;
  readonly operatingSystem: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly rootless: boolean;
}

export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerStatus;
  /**
   * In the engine's words, e.g. `Up 2 seconds (health: starting)`. Only compared: another text means that something
   * changed.
   */
  readonly status: string;
  readonly image: string;
  readonly labels: Labels;
}

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface ContainerState {
  readonly status: ContainerStatus;
  /** null until it has ended. 137 with `oomKilled` is the memory limit, without it a kill. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  /** null when it never started. Stamped after the task started: late by 0.2 s on a loaded machine. */
  readonly startedAt: string | null;
  /** null while it runs. */
  readonly finishedAt: string | null;
  /** Why the engine could not start it, e.g. a command that does not exist. */
  readonly error: string | null;
  /** On the engine's machine; null when it does not run. */
  readonly pid: number | null;
  /** null if it has no healthcheck. */
  readonly health: Health | null;
}

/** As the engine applies it, its defaults filled in. */
export interface Healthcheck {
  readonly intervalSeconds: number;
  /** 0: none. */
  readonly startPeriodSeconds: number;
  /** How often it runs within the start period. Where none is written: 5 s from version 26.1.6 on, before that the interval. */
  readonly startIntervalSeconds: number;
}

/** What the engine runs to find out whether a container is healthy. */
export interface HealthTest {
  readonly command: readonly string[];
  /** A run that takes longer has failed. */
  readonly timeoutSeconds: number;
}

export interface Health {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  /** The last five probes at most. */
  readonly log: readonly {
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly exitCode: number;
    readonly output: string;
  }[];
}

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  /** As it was asked for, and the id it resolved to. */
  readonly image: string;
  readonly imageId: string;
  readonly createdAt: string;
  readonly state: ContainerState;
  /** null if it has none. */
  readonly healthcheck: Healthcheck | null;
  /** null if it has none. May hold secrets. */
  readonly healthTest: HealthTest | null;
  /** What asks it to stop, e.g. `SIGTERM`, and how long the engine waits before it kills it. */
  readonly stopSignal: string;
  readonly stopGraceSeconds: number;
  readonly restartCount: number;
  readonly labels: Labels;
  readonly env: readonly string[];
  /** What runs in it: the words of ENTRYPOINT and command. */
  readonly argv: readonly string[];
  readonly tty: boolean;
  /** E.g. `json-file`, `none`. */
  readonly logDriver: string;
  /** E.g. `host`, `none`, `container:ID`, or the name of a network. */
  readonly networkMode: string;
  readonly networks: readonly {
    readonly name: string;
    readonly ipAddress: string | null;
    readonly aliases: readonly string[];
  }[];
  /** E.g. `5432/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly mounts: readonly {
    readonly type: string;
    readonly name: string | null;
    readonly source: string;
    readonly destination: string;
    readonly writable: boolean;
  }[];
}

export interface LogOptions {
  readonly signal: AbortSignal;
  /** If it returns a promise, the stream waits for it. */
  readonly onChunk: (chunk: Buffer, stream: LogStream) => void | Promise<void>;
}

/**
 * The engine has no log if the container's logging driver keeps none or keeps it elsewhere: `none`, a syslog server.
 */
export interface NoLogs {
  readonly kind: 'noLogs';
  readonly driver: string;
}

/** All output was passed on, also if the container is gone; or there is no log. */
export type LogsRead = { readonly kind: 'read' } | NoLogs;

export type LogTail = { readonly kind: 'text'; readonly text: string } | NoLogs;

export interface StatsSample {
  readonly readAt: string;
  /** Since the container's start. */
  readonly cpuTotalNs: number;
  /** Usage without inactive page cache, which the kernel would give up first: what `docker stats` shows. */
  readonly workingSetBytes: number;
  /** Time in which the container was held back by its CPU limit, since its start. */
  readonly throttledNs: number;
  readonly networkReceivedBytes: number;
  readonly networkSentBytes: number;
  /** null if the kernel does not count it by container. */
  readonly blockReadBytes: number | null;
  readonly blockWrittenBytes: number | null;
  readonly pids: number | null;
}

export interface ImageFacts {
  readonly id: string;
  /** Digests of its layers, the base's first: images that differ in labels alone have the same ones. */
  readonly layers: readonly string[];
  readonly sizeBytes: number;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  /** '' is root. */
  readonly user: string;
  readonly workingDirectory: string;
  readonly env: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly labels: Labels;
  readonly tags: readonly string[];
}

export interface ListedImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly sizeBytes: number;
  readonly labels: Labels;
}

export interface EngineNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** CIDR, IPv4 and IPv6. */
  readonly subnets: readonly string[];
  /** The host's interface that a macvlan or ipvlan network is on; null for others. */
  readonly parent: string | null;
}

export interface LabelledObjects {
  readonly containers: readonly ListedContainer[];
  readonly networks: readonly { readonly id: string; readonly name: string; readonly labels: Labels }[];
  readonly volumes: readonly { readonly name: string; readonly labels: Labels }[];
  readonly images: readonly ListedImage[];
}

export interface EventFilter {
  readonly types?: readonly ('container' | 'image' | 'network' | 'volume')[];
  /** E.g. `start`, `die`, `oom`, `health_status`. */
  readonly actions?: readonly string[];
  readonly labels?: LabelFilter;
}

export interface EngineEvent {
  readonly type: string;
  /** E.g. `start`, `health_status: healthy`. */
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** ms since the epoch by the engine's clock, with a fraction. */
  readonly atMs: number;
}
