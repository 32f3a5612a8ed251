/**
 * A span tree in the JSON Object Format of Chrome's Trace Event Format, which Perfetto opens:
 * https://perfetto.dev/docs/getting-started/other-formats. Slices of one track have to lie within each other or apart.
 */
import type { Span } from '../../model/span.ts';
import type { TracedRun } from './trace-otlp.ts';

export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[];
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string>>;
}

export type ChromeEvent =
  /** A complete slice: times in microseconds since the start of the run. */
  | {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: string;
      readonly ts: number;
      readonly dur: number;
      readonly pid: number;
      readonly tid: number;
      readonly args: Readonly<Record<string, string | number | boolean>>;
    }
  /** The name of the process or of a track. */
  | {
      readonly ph: 'M';
      readonly name: 'process_name' | 'thread_name';
      readonly pid: number;
      readonly tid: number;
      readonly args: { readonly name: string };
    };

const PID = 1;

/** @param tree from `spansOf` */
export function chromeTrace(tree: Span, { run, startedAt, project }: TracedRun): ChromeTrace {
  const tracks = new Tracks();
  const slices: ChromeEvent[] = [];
  const add = (span: Span, tid: number) => {
    slices.push(slice(span, tid));
    for (const [child, own] of placed(span.children, tid, tracks)) add(child, own);
  };
  const first = tracks.take(tree);
  add(tree, first);
  const names = Array.from({ length: tracks.count }, (_, index): ChromeEvent => {
    const name = index + 1 === first ? 'run' : `at the same time ${index}`;
    return { ph: 'M', name: 'thread_name', pid: PID, tid: index + 1, args: { name } };
  });
  return {
    traceEvents: [
      { ph: 'M', name: 'process_name', pid: PID, tid: first, args: { name: `Paceline: ${project}` } },
      ...names,
      ...slices,
    ],
    displayTimeUnit: 'ms',
    otherData: { runId: run.runId, startedAt, project },
  };
}

/** The parent's track has the first of those that run at the same time. */
function placed(children: readonly Span[], parent: number, tracks: Tracks): readonly (readonly [Span, number])[] {
  let freeAt = Number.NEGATIVE_INFINITY;
  return children
    .toSorted((a, b) => a.fromSeconds - b.fromSeconds)
    .map((child) => {
      if (child.fromSeconds < freeAt) return [child, tracks.take(child)];
      freeAt = child.toSeconds;
      return [child, parent];
    });
}

/** Tracks next to that of the run; one whose last span has ended is used again. */
class Tracks {
  readonly #freeAt: number[] = [];

  get count(): number {
    return this.#freeAt.length;
  }

  take({ fromSeconds, toSeconds }: Span): number {
    const free = this.#freeAt.findIndex((at) => at <= fromSeconds);
    const index = free === -1 ? this.#freeAt.length : free;
    this.#freeAt[index] = toSeconds;
    return index + 1;
  }
}

function slice({ id, name, kind, fromSeconds, toSeconds, attributes }: Span, tid: number): ChromeEvent {
  const ts = Math.round(fromSeconds * 1e6);
  const dur = Math.round(toSeconds * 1e6) - ts;
  return { ph: 'X', name, cat: kind, ts, dur, pid: PID, tid, args: { id, ...attributes } };
}
