/**
 * What one instance has at the engine, from the engine's events, its labels and its names. Objects of other users of the engine
 * are ignored.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheMountNamespace } from '../../src/activities/support/take-down.ts';
import { cacheMountsOf, LIST_CACHE_MOUNTS } from '../../src/docker/build/cache-mounts.ts';
import type { Endpoint } from '../../src/docker/command/endpoint.ts';
import type { Engine, EngineEvent } from '../../src/docker/engine/engine.ts';
import { LABELS } from '../../src/docker/engine/labels.ts';
import { runDocker } from '../../src/docker/command/run-docker.ts';
import type { RunRef } from '../../src/model/run.ts';

export interface EngineWatch {
  /** Events of this instance's containers since `forget`. */
  readonly seen: () => readonly EngineEvent[];
  readonly forget: () => void;
  /** Everything of the run that still exists, as text. Empty if nothing does. */
  readonly leaks: (run: RunRef, runFolder: string) => Promise<readonly string[]>;
  readonly stop: () => void;
}

const REOPEN_MS = 200;
const PROJECT = 'com.docker.compose.project';

export async function watchEngine(options: {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  readonly instance: string;
}): Promise<EngineWatch> {
  const { engine, endpoint, instance } = options;
  const stopped = new AbortController();
  let events: EngineEvent[] = [];
  /** Container → its compose project; volume → the container that it was made for. */
  const containers = new Map<string, string>();
  const volumes = new Map<string, string>();
  const note = (event: EngineEvent) => {
    if (event.type === 'volume') {
      const { container } = event.attributes;
      if (container !== undefined && containers.has(container)) volumes.set(event.id, container);
      return;
    }
    if (event.attributes[LABELS.instance] !== instance) return;
    events.push(event);
    containers.set(event.id, event.attributes[PROJECT] ?? '');
    if (event.action !== 'create') return;
    // A container that never starts does not mount its volumes, but they are created anyway.
    void engine
      .inspectContainer(event.id)
      .then((facts) => {
        for (const { name } of facts?.mounts ?? []) if (name !== null) volumes.set(name, event.id);
      })
      .catch(() => {});
  };
  const open = () => engine.events({ types: ['container', 'volume'] }, stopped.signal);
  let stream = await open();
  void (async () => {
    while (!stopped.signal.aborted) {
      try {
        for await (const event of stream) note(event);
        stream = await open();
      } catch {
        // The engine is being restarted.
        await sleep(REOPEN_MS);
        stream = await open().catch(() => stream);
      }
    }
  })();

  const lines = async (...args: readonly string[]) =>
    (await runDocker(endpoint, args)).stdout.split('\n').filter((line) => line !== '');

  async function leaks(run: RunRef, runFolder: string): Promise<readonly string[]> {
    const labelled = await engine.listByLabels({ [LABELS.instance]: instance });
    const projects = new Set([...containers.values()].filter((project) => project !== ''));
    const [ids, names, networks, images, cacheMounts] = await Promise.all([
      lines('ps', '-aq', '--no-trunc'),
      lines('volume', 'ls', '-q'),
      lines('network', 'ls', '--format', '{{.Name}}'),
      lines('images', '-a', '--format', '{{.Repository}}:{{.Tag}}'),
      runDocker(endpoint, LIST_CACHE_MOUNTS).then(({ stdout }) => cacheMountsOf(stdout, cacheMountNamespace(run))),
    ]);
    return [
      ...labelled.containers.map(({ name, state }) => `container ${name} (${state})`),
      ...labelled.networks.map(({ name }) => `network ${name}`),
      ...labelled.volumes.map(({ name }) => `volume ${name}`),
      ...labelled.images.map(({ id, tags }) => `image ${tags[0] ?? id}`),
      ...ids.filter((id) => containers.has(id)).map((id) => `container ${id.slice(0, 12)} without labels`),
      ...names.filter((name) => volumes.has(name)).map((name) => `volume ${name.slice(0, 12)} without labels`),
      ...networks.filter((name) => projects.has(name.split('_').at(0)!)).map((name) => `network ${name} by its name`),
      ...images.filter((name) => name.includes(run.runId)).map((name) => `image ${name} by its name`),
      ...cacheMounts.map((id) => `cache mount ${id}`),
      ...cgroups([...containers.keys(), ...projects]).map((path) => `cgroup ${path}`),
      ...processesIn(runFolder).map((process) => `process ${process}`),
      ...filesLeft(runFolder).map((name) => `folder ${name}`),
    ];
  }

  return {
    seen: () => events,
    forget: () => {
      events = [];
      containers.clear();
      volumes.clear();
    },
    leaks,
    stop: () => stopped.abort(new Error('no longer watched')),
  };
}

/** Control groups with one of these names. */
function cgroups(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const found: string[] = [];
  const look = (folder: string) => {
    for (const entry of list(folder)) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (names.some((name) => entry.name.includes(name))) found.push(path);
      else look(path);
    }
  };
  look('/sys/fs/cgroup');
  return found;
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Processes that have the run's directory as current directory or name it. */
function processesIn(runFolder: string): readonly string[] {
  return list('/proc').flatMap(({ name: pid }) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const inside = command.includes(runFolder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(runFolder);
      return inside ? [`${pid} ${command.slice(0, 80)}`] : [];
    } catch {
      return [];
    }
  });
}

/** The parts of a run's directory that its end removes. */
function filesLeft(runFolder: string): readonly string[] {
  return list(runFolder)
    .map(({ name }) => name)
    .filter((name) => name === 'copies' || name === 'source' || name.startsWith('source.draft-'));
}
