/**
 * Samples the containers of a compose project once a second: those that are there, and those that appear. If engine and worker
 * are one machine, samples come from the kernel's own files, and the CPU time is read four times a second. Otherwise they come
 * from the engine's stats stream, of which each sample costs the engine about 3 ms of CPU time. What the figures can and cannot
 * say is in resource-samples.ts.
 */
import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerFacts, Engine } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS } from '../../docker/engine/labels.ts';
import { openForeign } from '../../docker/files/foreign-file.ts';
import { createLineSplitter } from '../../docker/files/line-splitter.ts';
import {
  type CgroupPlace,
  type CgroupReading,
  placeOfProcess,
  readCgroup,
  readRefusedPids,
  readText,
  readWorkingSet,
} from '../cgroup/reading.ts';
import { cpuCounterOf } from '../cgroup/cgroup-cpu.ts';
import { type ContainerSample, sampleOf, trafficOf } from './container-sample.ts';
import type { SampleRecord } from './resource-samples.ts';

export interface Sampling {
  /** Ends the sampling. Never rejects: what went wrong is a gap among the records of the file. */
  stop(): Promise<void>;
}

/** In the trial's folder. */
export const SAMPLES_FILE = 'samples.jsonl';
const CGROUP_MS = 250;
/** All the rest is read each second. */
const NOTE_EACH = 4;
const RETRY_MS = 1_000;

/**
 * Once this resolves, no container of the project is missed. For services that already run, CPU time counts from now
 * on; for the tests' own container, from its start.
 *
 * @param options.file `samples.jsonl` in the trial's folder; an earlier attempt's file is continued
 */
export async function startSampling(options: {
  readonly engine: Engine;
  readonly project: string;
  readonly file: string;
  /** cgroup files may be read: `Endpoint.local`. */
  readonly local: boolean;
  /** The control group around all of the trial's containers; null if it has none. */
  readonly parent?: CgroupPlace | null;
}): Promise<Sampling> {
  const stopping = new AbortController();
  const recorder = createRecorder(options.file);
  const open = Promise.withResolvers<void>();
  const watching = watch({ ...options, recorder, signal: stopping.signal, onOpen: open.resolve });
  await open.promise;
  const parent = options.parent ? await followParent(options.parent, recorder) : null;
  return {
    stop: async () => {
      await parent?.stop();
      stopping.abort();
      await watching;
      await recorder.close();
    },
  };
}

/** Recorded just before the tests begin, so that the services' earlier use does not count for the tests. */
export async function recordBegin(place: CgroupPlace, file: string): Promise<void> {
  const reading = await readCgroup(place);
  await appendFile(file, `${JSON.stringify(parentRecord('begin', reading, null))}\n`);
}

/** Once at its beginning, once a second, and once at its end. */
async function followParent(place: CgroupPlace, recorder: Recorder) {
  let peak: number | null = null;
  let looks = 0;
  const look = async () => {
    const bytes = await readWorkingSet(place);
    if (bytes !== null) peak = Math.max(peak ?? 0, bytes);
  };
  const note = async () => {
    const reading = await readCgroup(place);
    // A group that was never made, or is gone, has no values.
    if (reading.cpuNs === null && reading.workingSetBytes === null) return;
    const highest = Math.max(peak ?? 0, reading.workingSetBytes ?? 0);
    recorder.add(parentRecord('running', reading, reading.workingSetBytes === null && peak === null ? null : highest));
    peak = null;
  };
  await note();
  let working = Promise.resolve();
  const timer = setInterval(() => {
    looks += 1;
    working = working.then(looks % NOTE_EACH === 0 ? note : look);
  }, CGROUP_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
      await note();
    },
  };
}

function parentRecord(
  moment: 'begin' | 'running',
  reading: CgroupReading,
  peakWorkingSetBytes: number | null,
): SampleRecord {
  return { kind: 'parent', at: new Date().toISOString(), moment, reading, peakWorkingSetBytes };
}

interface Watch {
  readonly engine: Engine;
  readonly project: string;
  readonly local: boolean;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  /** Called when no later start is missed, or when that is not possible. */
  readonly onOpen: () => void;
}

/** Follows each container of the project in turn as it appears. Ends with the signal and after all of them. */
async function watch({ engine, project, local, recorder, signal, onOpen }: Watch): Promise<void> {
  const labels = { [COMPOSE_LABELS.project]: project };
  const followed = new Map<string, Promise<void>>();
  const follow = (id: string, ranBefore: boolean) => {
    if (followed.has(id)) return;
    const following = followContainer({ engine, local, recorder, signal }, id, ranBefore);
    followed.set(
      id,
      following.finally(() => followed.delete(id)),
    );
  };
  let ranBefore = await recorder.open();
  while (!signal.aborted) {
    try {
      // Opened before the list is asked for, so that no container falls between the two.
      const started = await engine.events({ types: ['container'], actions: ['start'], labels }, signal);
      for (const { id, state } of await engine.listContainers(labels)) if (state === 'running') follow(id, ranBefore);
      ranBefore = false;
      onOpen();
      for await (const { id } of started) follow(id, false);
      recorder.add({ kind: 'gap', reason: 'the engine ended its stream of events' });
    } catch (error) {
      if (!signal.aborted)
        recorder.add({ kind: 'gap', reason: `containers could not be watched: ${messageOf(error)}` });
    }
    onOpen();
    await delay(RETRY_MS, undefined, { signal }).catch(() => {});
  }
  await Promise.all(followed.values());
}

/** From now until it stops, or until the signal. Never rejects. */
async function followContainer(
  { engine, local, recorder, signal }: Omit<Watch, 'project' | 'onOpen'>,
  id: string,
  ranBefore: boolean,
): Promise<void> {
  try {
    const container = await engine.inspectContainer(id);
    if (container === null) return;
    const cgroup = await followCgroup(container, local, recorder);
    recorder.add({ kind: 'container', id, name: container.name, ranBefore, cgroupCpuNs: cgroup.latestNs() });
    try {
      if (cgroup.sample()) await engine.waitContainer(id, signal);
      else for await (const sample of engine.stats(id, signal)) recorder.add({ kind: 'sample', id, ...sample });
    } finally {
      recorder.add({ kind: 'ended', id, ...(await cgroup.stop()) });
    }
  } catch (error) {
    if (!signal.aborted)
      recorder.add({ kind: 'gap', reason: `${id.slice(0, 12)} could not be sampled: ${messageOf(error)}` });
  }
}

/**
 * Reads its cgroup files, and makes samples of what they say once `sample` was called. The files vanish with the container, so
 * the latest readings are kept.
 */
async function followCgroup({ id, networkMode, state: { pid } }: ContainerFacts, local: boolean, recorder: Recorder) {
  const counter = local && pid !== null ? await cpuCounterOf(pid) : null;
  const place = local && pid !== null ? placeOfProcess((await readText(`/proc/${pid}/cgroup`)) ?? '') : null;
  let latestNs: number | null = null;
  let latest: CgroupReading | null = null;
  let latestSample: ContainerSample | null = null;
  let refusedPids: number | null = null;
  let isSampling = false;
  let looks = 0;
  let working = Promise.resolve();
  const look = async () => {
    latestNs = (await counter?.()) ?? latestNs;
    looks += 1;
    if (place === null || pid === null) return;
    refusedPids = (await readRefusedPids(place)) ?? refusedPids;
    if (looks % NOTE_EACH !== 1) return;
    const reading = await readCgroup(place);
    if (reading.cpuNs !== null) latest = reading;
    latestSample = sampleOf(reading, await trafficOf(pid, networkMode), new Date().toISOString());
    if (isSampling) note();
  };
  const note = () => {
    if (latestSample !== null) recorder.add({ kind: 'sample', id, ...latestSample });
  };
  await look();
  const timer = setInterval(() => {
    working = working.then(look);
  }, CGROUP_MS);
  return {
    latestNs: () => latestNs,
    /** @returns whether the files tell all that a sample has */
    sample: () => {
      isSampling = latestSample !== null;
      if (isSampling) note();
      return isSampling;
    },
    stop: async () => {
      clearInterval(timer);
      await working;
      looks = 0;
      await look();
      return { cgroupCpuNs: latestNs, cgroup: latest === null ? null : { ...latest, refusedPids } };
    },
  };
}

type Recorder = ReturnType<typeof createRecorder>;

/** Appends records to the file in the order in which they come. */
function createRecorder(file: string) {
  let writing = Promise.resolve();
  let failure: SampleRecord | null = null;

  function add(record: SampleRecord): void {
    writing = writing
      .then(async () => await appendFile(file, `${JSON.stringify(record)}\n`))
      .catch((error: unknown) => {
        failure ??= { kind: 'gap', reason: `samples could not be written: ${messageOf(error)}` };
      });
  }

  return {
    add,
    /** @returns whether the file has no samples yet */
    open: async (): Promise<boolean> => {
      const earlier = await readSamples(file);
      // A kill may have cut the last line. The next record must not be joined to it.
      if (earlier.length > 0) await appendFile(file, '\n').catch(() => {});
      add({ kind: 'opened', at: new Date().toISOString() });
      return !earlier.some(({ kind }) => kind === 'opened');
    },
    /** A disk that was full may have room again for this one line. */
    close: async (): Promise<void> => {
      await writing;
      if (failure !== null) await appendFile(file, `\n${JSON.stringify(failure)}\n`).catch(() => {});
    },
  };
}

/** Some 30 containers for three hours. */
const MOST_RECORDS = 400_000;
const LONGEST_RECORD = 65_536;

/** The records of a `samples.jsonl`, the first 400,000 of them, and then a gap; none if there is no file. */
export async function readSamples(file: string): Promise<readonly SampleRecord[]> {
  const records: SampleRecord[] = [];
  const opened = await openForeign(file);
  if (opened === null) return records;
  const lines = createLineSplitter(LONGEST_RECORD);
  for await (const chunk of opened.chunks) {
    for (const record of parseSamples(lines.add(chunk).join('\n'))) records.push(record);
    if (records.length < MOST_RECORDS) continue;
    records.push({ kind: 'gap', reason: `only the first ${MOST_RECORDS} samples were read` });
    return records;
  }
  return [...records, ...parseSamples(lines.end().join(''))];
}

/** The records of some lines of it; a line that a kill cut off is left out. */
export function parseSamples(text: string): readonly SampleRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      const record = JSON.parse(line) as SampleRecord | null;
      return typeof record === 'object' && record !== null ? [record] : [];
    } catch {
      return [];
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
