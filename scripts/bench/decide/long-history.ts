/** Measures how long it takes to judge one run against 10,000 earlier ones, without the store. */
import { judgeRun } from '../../../src/analysis/regression/judge-run.ts';
import { seriesOf } from '../../../src/analysis/regression/series.ts';
import type { SeriesHistory } from '../../../src/model/regression.ts';
import { seriesId } from '../../../src/model/series-id.ts';
import { factsOf } from '../../../test/analysis/facts.ts';
import { NullEngine } from './noise.ts';

export const RUNS = 10_000;

/** @returns seconds, and the number of series */
export function judgedAgainstLongHistory(seed: number): { readonly seconds: number; readonly series: number } {
  const facts = { ...factsOf(), startedAt: new Date(Date.UTC(2026, 0, 1)).toISOString() };
  const engine = new NullEngine({ cv: 0.05, kind: 'independent' }, seed, 0);
  const entries = seriesOf(facts);
  const histories = new Map<string, SeriesHistory>(
    entries.map(({ key, point }) => {
      const points = Array.from({ length: RUNS }, (_, run) => ({
        ...point,
        runId: `run-${run}`,
        at: new Date(Date.UTC(2026, 0, 1) - (RUNS - run) * 3_600_000).toISOString(),
        value: engine.run(point.value),
      }));
      return [seriesId(key), { points, events: [], alerts: [] }];
    }),
  );
  const startedMs = performance.now();
  judgeRun(facts, {
    of: (key) => histories.get(seriesId(key))!,
    underOtherConditions: () => [],
    testsOf: () => null,
  });
  return { seconds: (performance.now() - startedMs) / 1_000, series: entries.length };
}
