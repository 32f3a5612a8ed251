/** github-action-benchmark's `data.js`: one assignment to `window.BENCHMARK_DATA`, or the same JSON alone. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { FIGURE, isoTime, NAME, parseJson, type Reader, shaped } from './reading.ts';

const ASSIGNMENT = /^\s*window\.BENCHMARK_DATA\s*=\s*/;
/** The tools whose figures are rates; `customSmallerIsBetter` and all others are smaller when better. */
const RATES = new Set(['benchmarkjs', 'pytest', 'customBiggerIsBetter']);

const DATA = z.object({
  entries: z.record(
    z.string(),
    z.array(
      z.object({
        commit: z.object({ id: z.string() }),
        date: z.number(),
        tool: z.string().optional(),
        benches: z.array(
          z.object({
            name: NAME,
            value: FIGURE,
            unit: z.string().default(''),
            range: z.union([z.string(), z.number()]).optional(),
          }),
        ),
      }),
    ),
  ),
});

export const readGithubActionBenchmark: Reader = (text, context) => {
  const prefix = ASSIGNMENT.exec(text)?.[0] ?? '';
  // As many spaces as were taken away keep the places in errors right.
  const blank = prefix.replace(/[^\n]/g, ' ');
  const json = blank + text.slice(prefix.length).replace(/;\s*$/, '');
  const { entries } = shaped(DATA, parseJson(json, context), context);
  return Object.entries(entries).flatMap(([suite, runs]) =>
    runs.flatMap(({ commit, date, tool = '', benches }, index) => {
      const at = isoTime(date, `entries.${suite}[${index}].date`, context);
      return benches.map(({ name, value, unit, range }): ExternalPoint => {
        const spread = spreadOf(range);
        return {
          name,
          measure: suite,
          unit,
          better: RATES.has(tool) ? 'higher' : 'lower',
          value,
          low: spread === null ? null : value - spread,
          high: spread === null ? null : value + spread,
          commit: commit.id === '' ? null : commit.id,
          at,
        };
      });
    }),
  );
};

/** By measure, and by commit and time within it; `customBiggerIsBetter` has a suite of its own, for a run has one tool. */
export function writeGithubActionBenchmark(points: readonly ExternalPoint[]): string {
  const entries: Record<string, unknown[]> = {};
  for (const [measure, ofMeasure] of Map.groupBy(points, ({ measure }) => measure)) {
    const runs = Map.groupBy(ofMeasure, ({ at, commit, better }) => JSON.stringify([at, commit, better]));
    entries[measure] = [...runs.values()].map((benches) => runOf(benches));
  }
  const newest = points.reduce((latest, { at }) => Math.max(latest, Date.parse(at)), 0);
  return `window.BENCHMARK_DATA = ${JSON.stringify({ lastUpdate: newest, repoUrl: '', entries }, null, 2)}\n`;
}

function runOf(benches: readonly ExternalPoint[]) {
  const { commit, at, better } = benches[0]!;
  return {
    commit: { id: commit ?? '', message: '', timestamp: at, url: '', author: {}, committer: {} },
    date: Date.parse(at),
    tool: better === 'higher' ? 'customBiggerIsBetter' : 'customSmallerIsBetter',
    benches: benches.map(({ name, value, unit, low, high }) => ({
      name,
      value,
      unit,
      ...(low === null || high === null ? {} : { range: `± ${(high - low) / 2}` }),
    })),
  };
}

/** `± 12`, `stddev: 0.1`, a number; percentages and words are for people. */
function spreadOf(range: string | number | undefined): number | null {
  if (typeof range === 'number') return Number.isFinite(range) ? Math.abs(range) : null;
  const [, number] = /^(?:±|\+\/-|stddev:)?\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.exec(range?.trim() ?? '') ?? [];
  return number === undefined ? null : Number(number);
}
