/** The parts of a stage as spans. */
import type { Span, SpanKind } from '../../model/span.ts';
import type { StagePart, StagePartKind, StageTimes } from '../../model/stage-times.ts';
import { between, type Interval, spanOf } from './tree.ts';

/** Seconds since the start of the run. */
export type Since = (iso: string) => number;

export function stageInterval(times: StageTimes, since: Since): Interval {
  return between(since(times.startedAt), since(times.finishedAt));
}

export function partInterval({ fromSeconds, toSeconds }: StagePart, stage: Interval): Interval {
  return between(stage.fromSeconds + fromSeconds, stage.fromSeconds + toSeconds);
}

const WORDS: Readonly<Record<StagePartKind, readonly [kind: SpanKind, id: string, name: string]>> = {
  waitForLane: ['wait', 'wait:lane', 'waits for a lane'],
  waitForQuiet: ['wait', 'wait:quiet', 'waits for a quiet machine'],
  waitForNetworks: ['wait', 'wait:networks', 'waits for the networks of another run'],
  copySource: ['prepare', 'copy', 'copies the source'],
  build: ['image', 'image', 'build'],
  startServices: ['startup', 'services', 'starts services'],
  prepareTests: ['prepare', 'prepare', 'prepares and starts the tests'],
  tests: ['phase', 'tests', 'tests'],
  collect: ['phase', 'collect', 'reads what the tests left'],
  tearDown: ['teardown', 'tear-down', 'tear-down'],
};

/** A part by itself. */
export function partSpan(part: StagePart, stage: Interval, children: readonly Span[] = []): Span {
  const [kind, id, name] = WORDS[part.kind];
  return spanOf(id, kind, partInterval(part, stage), { name: part.name ?? name, children });
}
