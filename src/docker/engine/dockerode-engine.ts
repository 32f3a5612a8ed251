/** The engine by its HTTP API, through dockerode. The only module that knows dockerode. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import { connectionOptions } from './dockerode-connection.ts';
import { answered, gone, translated, understood } from './engine-errors.ts';
import * as facts from './engine-facts.ts';
import type {
  ContainerFacts,
  Engine,
  EngineEvent,
  EventFilter,
  LabelFilter,
  LabelledObjects,
  LogOptions,
  LogsRead,
  LogTail,
  StatsSample,
} from './engine.ts';
import { type Endpoint, unavailable } from '../command/endpoint.ts';
import { pullImage } from '../build/pull-image.ts';
import { demultiplex, jsonLines, onlyFile } from './streams.ts';
import { createTail } from '../files/tail.ts';

/** Limit for a log's last lines: a line may have any length. */
const TAIL_BYTES = 65_536;

/** The engine at `endpoint`; opens no connection yet. */
export function createEngine(endpoint: Endpoint): Engine {
  const docker = new Dockerode(connectionOptions(endpoint));
  const { host } = endpoint;
  const short = <T>(request: Promise<T>) => answered(request, host);

  async function inspectContainer(nameOrId: string): Promise<ContainerFacts | null> {
    const found = await gone(short(docker.getContainer(nameOrId).inspect()), 404);
    if (found === null) return null;
    const asksVersion = understood('a container', () => facts.dependsOnVersion(found));
    const version = asksVersion ? (await short(docker.version())).Version : null;
    return understood('a container', () => facts.containerFacts(found, version));
  }

  /** A streamed response, which is closed when the reader stops early; an abort becomes the signal's reason. */
  async function* read<T>(
    open: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>,
    decode: (chunks: AsyncIterable<Buffer>) => AsyncIterable<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T> {
    let stream: Readable | null = null;
    try {
      signal.throwIfAborted();
      stream = (await open(signal)) as Readable;
      yield* decode(stream as AsyncIterable<Buffer>);
    } catch (error) {
      throw translated(error, host, signal);
    } finally {
      stream?.destroy();
    }
  }

  async function* output(container: ContainerFacts, query: object, signal: AbortSignal) {
    const open = (abortSignal: AbortSignal) => openLogs(docker.getContainer(container.id), query, abortSignal);
    const decode = container.tty ? asStdout : demultiplex;
    yield* read(open, decode, signal);
  }

  async function passLogs(nameOrId: string, query: object, { signal, onChunk }: LogOptions): Promise<LogsRead> {
    const container = await inspectContainer(nameOrId);
    if (container === null) return { kind: 'read' };
    try {
      for await (const { stream, payload } of output(container, query, signal)) await onChunk(payload, stream);
      return { kind: 'read' };
    } catch (error) {
      if (facts.hasStatus(error, 404)) return { kind: 'read' };
      if (facts.keepsNoLogs(error)) return { kind: 'noLogs', driver: container.logDriver };
      throw error;
    }
  }

  async function logTail(nameOrId: string, lines: number): Promise<LogTail> {
    const tail = createTail(TAIL_BYTES);
    const signal = new AbortController().signal;
    const read = await passLogs(nameOrId, { follow: false, tail: lines }, { signal, onChunk: tail.add });
    return read.kind === 'noLogs' ? read : { kind: 'text', text: tail.text() };
  }

  async function waitContainer(nameOrId: string, signal: AbortSignal): Promise<number | null> {
    const open = (abortSignal: AbortSignal) => openWait(docker, nameOrId, abortSignal);
    try {
      for await (const message of read(open, jsonLines, signal)) return (message as { StatusCode: number }).StatusCode;
      throw unavailable(host, ['it closed the connection without an answer']);
    } catch (error) {
      if (facts.hasStatus(error, 404)) return null;
      throw error;
    }
  }

  async function exec(nameOrId: string, command: readonly string[], signal: AbortSignal): Promise<number | null> {
    const options = { Cmd: [...command], AttachStdout: true, AttachStderr: true };
    const created = await gone(short(docker.getContainer(nameOrId).exec(options)), 404);
    if (created === null) return null;
    const open = (abortSignal: AbortSignal) =>
      created.start({ _body: { Detach: false, Tty: false }, abortSignal } as object);
    // The output ends with the command, or earlier if the command closes it.
    for await (const _ of read(open, asStdout, signal));
    for (;;) {
      const { Running: running, ExitCode: exitCode } = await short(created.inspect());
      if (!running && exitCode !== null) return exitCode;
      await sleep(EXEC_LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async function removeContainer(nameOrId: string): Promise<void> {
    const container = docker.getContainer(nameOrId);
    try {
      await gone(short(container.remove({ force: true, v: true })), 404);
    } catch (error) {
      if (!facts.isRemovalInProgress(error)) throw error;
      await gone(short(container.wait({ condition: 'removed' })), 404);
    }
  }

  async function listByLabels(labels: LabelFilter): Promise<LabelledObjects> {
    const filters = facts.filtersOf({ labels });
    const [containers, networks, volumes, images] = await Promise.all([
      listContainers(labels),
      short(docker.listNetworks({ filters })),
      short(docker.listVolumes({ filters })),
      listImages(labels),
    ]);
    return {
      containers,
      networks: networks.map((network) => ({ id: network.Id, name: network.Name, labels: network.Labels ?? {} })),
      volumes: (volumes.Volumes ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} })),
      images,
    };
  }

  async function listContainers(labels: LabelFilter) {
    const listed = await short(docker.listContainers({ all: true, filters: facts.filtersOf({ labels }) }));
    return understood('its containers', () => listed.map(facts.listedContainer));
  }

  async function listImages(labels: LabelFilter) {
    const listed = await short(docker.listImages({ filters: facts.filtersOf({ labels }) }));
    return understood('its images', () => listed.map(facts.listedImage));
  }

  async function* stats(nameOrId: string, signal: AbortSignal): AsyncGenerator<StatsSample> {
    const container = docker.getContainer(nameOrId);
    const open = (abortSignal: AbortSignal) => container.stats({ stream: true, abortSignal } as { stream: true });
    try {
      for await (const message of read(open, jsonLines, signal)) {
        const sample = understood('a container', () => facts.statsSample(message as Dockerode.ContainerStats));
        // For a container that does not run, the engine sends empty messages until the container is removed.
        if (sample === null) return;
        yield sample;
      }
    } catch (error) {
      if (!facts.hasStatus(error, 404)) throw error;
    }
  }

  async function events(filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    try {
      signal.throwIfAborted();
      const filters = facts.filtersOf(filter);
      const stream = await docker.getEvents({ filters, abortSignal: signal } as Dockerode.GetEventsOptions);
      return read(async () => stream, decodeEvents, signal);
    } catch (error) {
      throw translated(error, host, signal);
    }
  }

  return {
    info: async () => {
      const message = (await short(docker.info())) as facts.InfoMessage;
      return understood('itself', () => facts.engineInfo(message));
    },
    inspectContainer,
    listContainers,
    waitContainer,
    followLogs: (nameOrId, options) => passLogs(nameOrId, { follow: true }, options),
    readLogs: (nameOrId, options) => passLogs(nameOrId, { follow: false }, options),
    logTail: (nameOrId, lines) => short(logTail(nameOrId, lines)),
    stats,
    copyOut: async (nameOrId, path) => {
      const archive = await gone(short(docker.getContainer(nameOrId).getArchive({ path })), 404);
      return archive === null ? null : onlyFile(read(async () => archive, asBuffers, new AbortController().signal));
    },
    exec: async (nameOrId, command, signal) => await gone(exec(nameOrId, command, signal), 404),
    stopContainer: async (nameOrId, seconds) => {
      await gone(answered(docker.getContainer(nameOrId).stop({ t: seconds }), host, (seconds + 60) * 1_000), 304, 404);
    },
    removeContainer,
    startedAt: async () => {
      const bridge = await gone(short(docker.getNetwork('bridge').inspect() as Promise<{ Created?: unknown }>), 404);
      return typeof bridge?.Created === 'string' ? bridge.Created : null;
    },
    listNetworks: async () => {
      const networks = await short(docker.listNetworks());
      return understood('its networks', () => networks.map(facts.engineNetwork));
    },
    removeNetwork: async (nameOrId) => void (await gone(short(docker.getNetwork(nameOrId).remove()), 404)),
    removeVolume: async (name) => void (await gone(short(docker.getVolume(name).remove()), 404)),
    removeImage: async (reference) => void (await gone(short(docker.getImage(reference).remove()), 404)),
    inspectImage: async (reference) => {
      const found = await gone(short(docker.getImage(reference).inspect()), 404);
      return found === null ? null : understood('an image', () => facts.imageFacts(found));
    },
    imageHistory: async (reference) => {
      const history = await gone(short(docker.getImage(reference).history() as Promise<facts.HistoryMessage[]>), 404);
      return understood('an image', () => facts.imageLayers(history ?? []));
    },
    listImages,
    pullImage: (reference, signal) => pullImage(endpoint, reference, signal),
    listByLabels,
    events,
  };
}

const EXEC_LOOK_MS = 20;

/** Always as a stream: dockerode would read a container's output as JSON if it looks like JSON. */
async function openLogs(
  container: Dockerode.Container,
  query: object,
  abortSignal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  const options = { follow: true as const, abortSignal, _query: { stdout: true, stderr: true, ...query } };
  return await container.logs(options);
}

/**
 * As a stream, unlike dockerode's own `wait`. The engine sends headers at once and the exit code hours later. If the
 * connection breaks in between, dockerode would never answer.
 */
async function openWait(docker: Dockerode, id: string, abortSignal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const request = {
    path: `/containers/${encodeURIComponent(id)}/wait?`,
    method: 'POST',
    options: { condition: 'not-running' },
    abortSignal,
    isStream: true,
    statusCodes: { 200: true, 400: 'bad parameter', 404: 'no such container', 500: 'server error' },
  };
  return await new Promise((resolve, reject) => {
    docker.modem.dial(request, (error, stream) => (error ? reject(error) : resolve(stream as NodeJS.ReadableStream)));
  });
}

async function* asBuffers(chunks: AsyncIterable<Buffer>) {
  yield* chunks;
}

async function* asStdout(chunks: AsyncIterable<Buffer>) {
  for await (const payload of chunks) yield { stream: 'stdout' as const, payload };
}

async function* decodeEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<EngineEvent> {
  for await (const message of jsonLines(chunks)) {
    yield understood('what happened', () => facts.engineEvent(message as facts.EventMessage));
  }
}
