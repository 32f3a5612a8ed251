import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spansOf } from '../../../src/analysis/spans/spans-of.ts';
import { type ChromeEvent, chromeTrace } from '../../../src/report/formats/trace-chrome.ts';
import type { Span } from '../../../src/model/span.ts';
import { factsOf } from '../../analysis/facts.ts';
import { generatedFacts } from '../../analysis/spans/generated-facts.ts';

type Slice = Extract<ChromeEvent, { ph: 'X' }>;
const slicesOf = (events: readonly ChromeEvent[]) => events.filter((event): event is Slice => event.ph === 'X');
const countOf = (span: Span): number => span.children.reduce((sum, child) => sum + countOf(child), 1);

describe('a Chrome trace', () => {
  test('has every span once, in whole microseconds, on a track with a name', () => {
    const facts = factsOf({ finishedAt: null });
    const tree = spansOf(facts);
    const { traceEvents, displayTimeUnit } = chromeTrace(tree, facts);
    const slices = slicesOf(traceEvents);
    expect(displayTimeUnit).toBe('ms');
    expect(slices).toHaveLength(countOf(tree));
    const named = traceEvents.filter(({ name }) => name === 'thread_name').map(({ tid }) => tid);
    for (const { ts, dur, tid } of slices) {
      expect([Number.isInteger(ts), Number.isInteger(dur), dur >= 0]).toEqual([true, true, true]);
      expect(named).toContain(tid);
    }
    expect(slices.find(({ name }) => name === 'build (cold)')).toMatchObject({ ts: 0, dur: 41_250_000, cat: 'build' });
  });

  test('has only slices on a track that lie within each other or apart, since Perfetto drops others', () => {
    fc.assert(
      fc.property(generatedFacts, (facts) => {
        const slices = slicesOf(chromeTrace(spansOf(facts), facts).traceEvents);
        const tracks = [...Map.groupBy(slices, ({ tid }) => tid).values()];
        expect(tracks.flatMap(crossing)).toEqual([]);
      }),
    );
  });
});

/** Slices of one track that neither contain each other nor are apart, read as Perfetto does: by their starts, of equal ones the longest first. */
function crossing(track: readonly Slice[]): readonly Slice[] {
  const open: Slice[] = [];
  return track
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)
    .filter((next) => {
      while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur <= next.ts) open.pop();
      const around = open.at(-1);
      open.push(next);
      return around !== undefined && next.ts + next.dur > around.ts + around.dur;
    });
}
