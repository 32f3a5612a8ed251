import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merged, MOST_KEPT_RUNS, readKeptRuns, writeKeptRuns } from '../../src/data/kept-runs.ts';
import type { KeptRun } from '../../src/model/kept-run.ts';

export function keptRun(index: number, more: Partial<KeptRun> = {}): KeptRun {
  const at = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
  return {
    keptRunVersion: 1,
    run: { runId: `run-${index}`, workflowId: `w-${index}` },
    project: 'shop',
    startedAt: at,
    finishedAt: at,
    commit: null,
    branch: 'main',
    verdict: 'pass',
    entries: [],
    alerts: [],
    acknowledged: [],
    ...more,
  };
}

const runs = (indices: readonly number[]) => indices.map((index) => keptRun(index));
const idsIn = (text: string) => readKeptRuns(text).runs.map(({ run }) => run.runId);

describe('a history file', () => {
  test('holds each run once, in order of time, in whatever order they were written', () => {
    const some = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const one = writeKeptRuns([...readKeptRuns(writeKeptRuns(runs(a))).runs, ...runs(b)]);
        const other = writeKeptRuns([...readKeptRuns(writeKeptRuns(runs(b))).runs, ...runs(a)]);
        const naive = [...new Set([...a, ...b])].toSorted((x, y) => x - y).map((index) => `run-${index}`);
        expect(one).toBe(other);
        expect(idsIn(one)).toEqual(naive);
      }),
    );
  });

  test('keeps the newest runs within its limit', () => {
    const text = writeKeptRuns(runs(Array.from({ length: MOST_KEPT_RUNS + 5 }, (_, index) => index)));
    expect(idsIn(text)).toHaveLength(MOST_KEPT_RUNS);
    expect(idsIn(text)[0]).toBe('run-5');
  });

  test('keeps an acknowledgement of either side', () => {
    const acknowledged = [{ alertId: 'a', seriesId: 's', reason: 'more checks', at: '2026-02-01T00:00:00Z' }];
    for (const both of [
      [keptRun(1), keptRun(1, { acknowledged })],
      [keptRun(1, { acknowledged }), keptRun(1)],
    ]) {
      expect(merged(both)).toEqual([keptRun(1, { acknowledged })]);
    }
  });

  test.each([
    ['damaged', '{"keptRunVersion":1,'],
    ['of a newer version', JSON.stringify({ ...keptRun(1), keptRunVersion: 2 })],
    ['without a run', JSON.stringify({ ...keptRun(1), run: null })],
    ['with a figure that is none', JSON.stringify({ ...keptRun(1), entries: [{ key: {}, point: { value: 'x' } }] })],
    ['of something else', '[]'],
  ])('a line that is %s is counted and skipped', (_, line) => {
    const read = readKeptRuns(`${line}\n${JSON.stringify(keptRun(2))}\n`);
    expect(read).toEqual({ runs: [keptRun(2)], unreadable: 1 });
  });
});
