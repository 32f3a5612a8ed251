/**
 * The record of a build: what `buildx build --progress=rawjson` writes to stderr, one status object after another
 * (BuildKit's SolveStatus), and the error as plain text at the end.
 */
import { createTail, type Tail } from '../../docker/files/tail.ts';
import { createConcatenatedJson } from './concatenated-json.ts';

export interface BuildRecord {
  /** From the first step's start to the last one's end, by the engine's clock; null if no step ended. */
  readonly seconds: number | null;
  /** In the order in which BuildKit named them. */
  readonly steps: readonly BuildStep[];
  /** Steps of the Dockerfile that do work (RUN, COPY, ADD), and how many of them came from the cache. */
  readonly userSteps: { readonly total: number; readonly cached: number };
  /** What was sent of the build context this time; null if BuildKit did not say. */
  readonly contextBytes: number | null;
  /** What finding out and sending that took. */
  readonly contextSeconds: number | null;
  /** Making an image of the layers and naming it. */
  readonly exportSeconds: number | null;
  /** Reading of caches that the build imports, and writing of those that it exports; null without one. */
  readonly cacheImportSeconds: number | null;
  readonly cacheExportSeconds: number | null;
  /** The digests of base images that come from a registry, by the name under which BuildKit shows them. */
  readonly baseDigests: ReadonlyMap<string, string>;
  readonly error: BuildError | null;
  /** Everything that was no status: warnings of the CLI, and the error. */
  readonly text: string;
}

export interface BuildStep {
  /** As BuildKit writes it, e.g. `[test 3/8] RUN pip install -r requirements.txt`. */
  readonly name: string;
  readonly digest: string;
  /** The digests of the steps whose outcome it builds on. */
  readonly inputs: readonly string[];
  /** From the build's first moment; null if it never began. */
  readonly beginsSeconds: number | null;
  /** Time at work, waiting left out; null if it never began or never ended. */
  readonly seconds: number | null;
  readonly cached: boolean;
  readonly error: string | null;
  /** A step of the Dockerfile that does work, as against BuildKit's own, FROM and WORKDIR. */
  readonly isUserStep: boolean;
}

export interface BuildError {
  /** null if the build failed outside of a step: a bad Dockerfile, an image that cannot be pulled. */
  readonly step: string | null;
  readonly message: string;
  /** The last lines that the step wrote, else those of the error itself. */
  readonly lastLines: readonly string[];
}

const LAST_LINES = 15;
/** Of what a step wrote, for its last lines; of messages, which end with the error. */
const TAIL_BYTES = 65_536;
/** Of a line that is shown. */
const LONGEST_LINE = 500;

export interface BuildRecordReader {
  /** The next piece of the record, cut anywhere. */
  readonly add: (chunk: Buffer) => void;
  readonly end: () => BuildRecord;
}

/**
 * Reads a record as it streams by: steps may print any amount, of which only the last lines are kept. Never throws; what
 * cannot be read is left out, or is text.
 */
export function createBuildRecord(): BuildRecordReader {
  const decoder = new TextDecoder();
  const seen: Seen = { vertexes: new Map(), transfers: new Map(), logs: new Map() };
  const text = createTail(TAIL_BYTES);
  const reader = createConcatenatedJson({
    onObject: (object) => note(seen, object),
    onText: (piece) => text.add(Buffer.from(piece)),
  });
  return {
    add: (chunk) => reader.add(decoder.decode(chunk, { stream: true })),
    end: () => {
      reader.add(decoder.decode());
      reader.end();
      return recordOf(seen, text.text().trim());
    },
  };
}

/** What was read from the objects up to now. */
interface Seen {
  readonly vertexes: Map<string, Vertex>;
  /** Bytes of the context that each vertex has transferred. */
  readonly transfers: Map<string, number>;
  /** The end of what each vertex wrote. */
  readonly logs: Map<string, Tail>;
}

function note({ vertexes, transfers, logs }: Seen, object: object): void {
  for (const raw of entriesOf(object, 'vertexes')) noteVertex(vertexes, raw);
  for (const status of entriesOf(object, 'statuses')) {
    const [vertex, current] = [stringOf(status, 'vertex') ?? '', status['current']];
    if (typeof current !== 'number' || stringOf(status, 'id')?.startsWith('transferring context') !== true) continue;
    transfers.set(vertex, Math.max(current, transfers.get(vertex) ?? 0));
  }
  for (const log of entriesOf(object, 'logs')) {
    const vertex = stringOf(log, 'vertex') ?? '';
    const tail = logs.get(vertex) ?? createTail(TAIL_BYTES);
    logs.set(vertex, tail);
    // Lines may be cut anywhere between two objects, so the bytes are joined before they are read.
    tail.add(Buffer.from(stringOf(log, 'data') ?? '', 'base64'));
  }
}

function recordOf(seen: Seen, text: string): BuildRecord {
  const vertexes = [...seen.vertexes.values()];
  const beginNs = beginOf(vertexes);
  for (const vertex of vertexes) clip(vertex, beginNs);
  const steps = vertexes.map((vertex) => stepOf(vertex, beginNs));
  const userSteps = steps.filter((step) => step.isUserStep);
  return {
    seconds: span(vertexes),
    steps,
    userSteps: { total: userSteps.length, cached: userSteps.filter((step) => step.cached).length },
    contextBytes: contextBytes(seen),
    contextSeconds: secondsOf(steps, LOAD_CONTEXT),
    exportSeconds: secondsOf(steps, EXPORT),
    cacheImportSeconds: secondsOf(steps, IMPORT_CACHE),
    cacheExportSeconds: secondsOf(steps, EXPORT_CACHE),
    baseDigests: baseDigests(steps),
    error: errorOf(steps, seen, text),
    text,
  };
}

interface Interval {
  readonly startedNs: bigint;
  readonly completedNs: bigint | null;
}

interface Vertex {
  readonly digest: string;
  name: string;
  cached: boolean;
  error: string | null;
  inputs: readonly string[];
  /** One vertex may work several times; each interval is known by its start. */
  readonly intervals: Map<bigint, Interval>;
}

function noteVertex(vertexes: Map<string, Vertex>, raw: Readonly<Record<string, unknown>>): void {
  const digest = stringOf(raw, 'digest');
  if (digest === null) return;
  const vertex = vertexes.get(digest) ?? newVertex(digest);
  vertexes.set(digest, vertex);
  vertex.name = stringOf(raw, 'name') ?? vertex.name;
  vertex.cached ||= raw['cached'] === true;
  vertex.error = stringOf(raw, 'error') ?? vertex.error;
  if (Array.isArray(raw['inputs'])) vertex.inputs = raw['inputs'].filter((input) => typeof input === 'string');
  const startedNs = nanoseconds(raw['started']);
  if (startedNs === null) return;
  const completedNs = nanoseconds(raw['completed']) ?? vertex.intervals.get(startedNs)?.completedNs ?? null;
  vertex.intervals.set(startedNs, { startedNs, completedNs });
}

/**
 * Builds that run at the same time can share a step in BuildKit. Its times are then those of the build that started it. Reading
 * the Dockerfile is the first step of each build and the only one that is never shared.
 */
function beginOf(vertexes: readonly Vertex[]): bigint {
  const startsOf = (some: readonly Vertex[]) => some.flatMap(({ intervals }) => [...intervals.keys()]);
  const own = startsOf(vertexes.filter(({ name }) => LOAD_DEFINITION.test(name)));
  const starts = own.length > 0 ? own : startsOf(vertexes);
  return starts.reduce((first, start) => (start < first ? start : first), starts[0] ?? 0n);
}

/** Leaves out what was before the build. */
function clip(vertex: Vertex, beginNs: bigint): void {
  const later = (ns: bigint) => (ns < beginNs ? beginNs : ns);
  const intervals = [...vertex.intervals.values()].map(({ startedNs, completedNs }) => ({
    startedNs: later(startedNs),
    completedNs: completedNs === null ? null : later(completedNs),
  }));
  vertex.intervals.clear();
  for (const interval of intervals) {
    const known = vertex.intervals.get(interval.startedNs)?.completedNs ?? null;
    const ends = [known, interval.completedNs].filter((ns) => ns !== null);
    const completedNs = ends.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null);
    vertex.intervals.set(interval.startedNs, { ...interval, completedNs });
  }
}

function newVertex(digest: string): Vertex {
  return { digest, name: '', cached: false, error: null, inputs: [], intervals: new Map() };
}

function stepOf(vertex: Vertex, beginNs: bigint): BuildStep {
  const { name, digest, inputs, cached, error } = vertex;
  const startedNs = [...vertex.intervals.keys()].reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null);
  const beginsSeconds = startedNs === null ? null : toSeconds(startedNs - beginNs);
  const seconds = secondsAtWork(vertex);
  return { name, digest, inputs, beginsSeconds, seconds, cached, error, isUserStep: isUserStep(name) };
}

/**
 * `[stage 3/8] RUN …`, `[2/5] COPY …`; BuildKit's own are `[internal] …`, `[auth] …`, `[context NAME] …`, `exporting …`.
 * WORKDIR is left out: `--no-cache` does not reach it (BuildKit's Dockerfile frontend passes the wish on with RUN, COPY and
 * ADD only), so it would count as cached in every cold build, and it does no work that could be saved.
 */
function isUserStep(name: string): boolean {
  return /^\[[^\]]*\b\d+\/\d+\] (?!FROM |WORKDIR )/.test(name);
}

const LOAD_DEFINITION = /^\[internal\] load build definition from /;
const LOAD_CONTEXT = /^\[internal\] load build context$/;
const EXPORT = /^exporting to /;
const IMPORT_CACHE = /^importing cache manifest from /;
const EXPORT_CACHE = /^(?:exporting cache to |preparing build cache for export$)/;

/** `[base 1/5] FROM docker.io/library/python:3.12@sha256:…` */
function baseDigests(steps: readonly BuildStep[]): ReadonlyMap<string, string> {
  return new Map(
    steps.flatMap(({ name }) => {
      const [, image, digest] = /\bFROM (\S+)@sha256:([0-9a-f]{64})$/.exec(name) ?? [];
      return image === undefined || digest === undefined ? [] : [[image, digest]];
    }),
  );
}

function secondsOf(steps: readonly BuildStep[], name: RegExp): number | null {
  const found = steps.flatMap((step) => (step.seconds !== null && name.test(step.name) ? [step.seconds] : []));
  return found.length === 0 ? null : found.reduce((a, b) => a + b);
}

/** The union of the intervals, so that two at a time count once. */
function secondsAtWork({ intervals }: Vertex): number | null {
  const ended = [...intervals.values()]
    .flatMap(({ startedNs, completedNs }) => (completedNs === null ? [] : [{ startedNs, completedNs }]))
    .sort((a, b) => (a.startedNs < b.startedNs ? -1 : 1));
  if (ended.length === 0) return null;
  let total = 0n;
  let until = ended[0]?.startedNs ?? 0n;
  for (const { startedNs, completedNs } of ended) {
    const from = startedNs > until ? startedNs : until;
    if (completedNs > from) total += completedNs - from;
    if (completedNs > until) until = completedNs;
  }
  return toSeconds(total);
}

function span(vertexes: readonly Vertex[]): number | null {
  const intervals = vertexes.flatMap((vertex) => [...vertex.intervals.values()]);
  const starts = intervals.map((interval) => interval.startedNs);
  const ends = intervals.flatMap(({ completedNs }) => (completedNs === null ? [] : [completedNs]));
  if (ends.length === 0) return null;
  const first = starts.reduce((a, b) => (a < b ? a : b));
  const last = ends.reduce((a, b) => (a > b ? a : b));
  return last < first ? null : toSeconds(last - first);
}

function contextBytes({ transfers, vertexes }: Seen): number | null {
  const ofContext = [...transfers].filter(([vertex]) => LOAD_CONTEXT.test(vertexes.get(vertex)?.name ?? ''));
  return ofContext.length === 0 ? null : ofContext.reduce((sum, [, bytes]) => sum + bytes, 0);
}

function errorOf(steps: readonly BuildStep[], { logs }: Seen, text: string): BuildError | null {
  const failed = steps.filter((step) => step.error !== null);
  // After one step has failed, BuildKit cancels the concurrent ones: their errors are not the reason.
  const step = failed.find(({ error }) => !/context canceled|CANCELED/.test(error ?? '')) ?? failed[0];
  const ofText = /^ERROR: (?:failed to solve: )?(.*)$/m.exec(text)?.[1] ?? null;
  if (step === undefined && ofText === null) return null;
  const written = step === undefined ? [] : linesOf(logs.get(step.digest)?.text() ?? '');
  return {
    step: step?.name ?? null,
    message: step?.error ?? ofText ?? '',
    lastLines: (written.length > 0 ? written : linesOf(text)).slice(-LAST_LINES),
  };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length <= LONGEST_LINE ? line : `…${line.slice(-LONGEST_LINE)}`));
}

function* entriesOf(object: object, key: string): Generator<Readonly<Record<string, unknown>>> {
  const list = (object as Readonly<Record<string, unknown>>)[key];
  if (!Array.isArray(list)) return;
  for (const entry of list as readonly unknown[]) {
    if (typeof entry === 'object' && entry !== null) yield entry as Readonly<Record<string, unknown>>;
  }
}

function stringOf(entry: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = entry[key];
  return typeof value === 'string' ? value : null;
}

/** RFC 3339 with up to nine digits; Date alone would cut them to milliseconds, more than a cached step takes. */
function nanoseconds(time: unknown): bigint | null {
  if (typeof time !== 'string') return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  const milliseconds = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`);
  if (!Number.isFinite(milliseconds)) return null;
  return BigInt(milliseconds) * 1_000_000n + BigInt((match?.[2] ?? '0').padEnd(9, '0'));
}

function toSeconds(ns: bigint): number {
  return Number(ns) / 1e9;
}
