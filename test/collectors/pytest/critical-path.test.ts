/**
 * The parts of a trial's time, over what the probe wrote in real runs on this machine: test/fixtures/pytest-recorded has each
 * process's lines (of a long run the middle tests are left out) and the seconds of the container by the engine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProbe } from '../../../src/collectors/pytest/probe-records.ts';
import { profileOf } from '../../../src/collectors/pytest/profile.ts';
import { type Line, textOf } from './lines.ts';

const FOLDER = new URL('../../fixtures/pytest-recorded/', import.meta.url);
const RECORDED = readdirSync(FOLDER).map((file) => {
  const { seconds, files } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
    readonly seconds: number;
    readonly files: Readonly<Record<string, readonly Line[]>>;
  };
  return { name: file.replace('.json', ''), seconds, texts: Object.values(files).map(textOf) };
});

/** By how much of the wall time the parts miss it; 0 where no session of pytest began, and infinite where a part is negative. */
function missedBy(texts: readonly string[], seconds: number): number {
  const profile = profileOf(texts.flatMap(readProbe), seconds);
  const parts = profile === null ? [seconds] : Object.values(profile.path);
  if (Math.min(...parts) < 0) return Number.POSITIVE_INFINITY;
  return Math.abs(parts.reduce((a, b) => a + b) - seconds) / seconds;
}

describe.each(RECORDED)('$name', ({ seconds, texts }) => {
  test("sums to the container's wall time within 2 %, and names most of that time", () => {
    expect(missedBy(texts, seconds)).toBeLessThan(0.02);
    expect(profileOf(texts.flatMap(readProbe), seconds)!.path.outside / seconds).toBeLessThan(0.5);
  });

  test('does so wherever its processes were cut off', () => {
    const lengths = fc.tuple(...texts.map((text) => fc.nat(text.length)));
    const cutAt = (cuts: readonly number[]) => texts.map((text, index) => text.slice(0, cuts[index]));
    fc.assert(
      fc.property(lengths, (cuts) => {
        expect(missedBy(cutAt(cuts), seconds)).toBeLessThan(0.02);
      }),
    );
  });

  test('does so whichever lines are lost, and however much longer the container ran', () => {
    const kept = fc.tuple(...texts.map((text) => fc.subarray(text.split('\n'))));
    const factors = fc.double({ min: 1, max: 10, noNaN: true });
    fc.assert(
      fc.property(kept, factors, (lines, factor) => {
        const some = lines.map((each) => each.join('\n'));
        expect(missedBy(some, seconds * factor)).toBeLessThan(0.02);
      }),
    );
  });
});
