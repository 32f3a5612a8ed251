/** github-action-benchmark's `data.js`: an assignment to `window.BENCHMARK_DATA`, or the same JSON alone. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { type Better, betterByUnit } from './direction.ts';
import { commitOf, FIGURE, isoTime, NAME, parseKeyedJson, type Reader, shaped } from './reading.ts';

/** As the action writes it, and as people use it in their own scripts. */
export const ASSIGNMENT =
  /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*(?:(?:window|globalThis|self)\s*(?:\.\s*|\[\s*["'])|(?:var|let|const)\s+)BENCHMARK_DATA(?:["']\s*\])?\s*=\s*/;
/** The user's statement about the figures. */
const SAID: Readonly<Record<string, Better>> = { customSmallerIsBetter: 'lower', customBiggerIsBetter: 'higher' };
/** Tools whose figures are rates if the unit does not show it. */
const RATES = new Set(['benchmarkjs', 'pytest']);

const DATA = z.object({
  entries: z.record(
    z.string(),
    z.array(
      z.object({
        commit: z.object({ id: z.string() }),
        date: z.union([z.number(), z.string()]),
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

export const readGithubActionBenchmark: Reader = (text, reading) => {
  const prefix = ASSIGNMENT.exec(text)?.[0] ?? '';
  // Replaced by spaces of the same length, so that the places in errors stay right.
  const blank = prefix.replace(/[^\n]/g, ' ');
  const json = blank + text.slice(prefix.length).replace(/;\s*$/, '');
  const { entries } = shaped(DATA, parseKeyedJson(json, reading), reading);
  return Object.entries(entries).flatMap(([suite, runs]) =>
    runs.flatMap(({ commit: { id }, date, tool = '', benches }, index) => {
      const run = `entries.${suite}[${index}]`;
      const at = isoTime(date, `${run}.date`, reading);
      const commit = id === '' ? null : commitOf(id, `${run}.commit.id`, reading);
      return benches.map(({ name, value, unit, range }, bench) => {
        const spread = spreadOf(range);
        return {
          point: {
            name,
            measure: suite,
            unit,
            better: betterOf(tool, unit),
            value,
            low: spread === null ? null : value - spread,
            high: spread === null ? null : value + spread,
            commit,
            at,
          },
          place: `${run}.benches[${bench}]`,
          marks: [],
        };
      });
    }),
  );
};

/** The action itself reads the rates of JMH and Go as times. Their units are more reliable. */
function betterOf(tool: string, unit: string): Better {
  return SAID[tool] ?? betterByUnit(unit) ?? (RATES.has(tool) ? 'higher' : 'lower');
}

/** By measure, then by commit and time. `customBiggerIsBetter` has a suite of its own, because a run has one tool. */
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

/** `± 12`, `stddev: 0.1`, or a number. Percentages and words are for human readers. */
function spreadOf(range: string | number | undefined): number | null {
  if (typeof range === 'number') return Number.isFinite(range) ? Math.abs(range) : null;
  const [, number] = /^(?:±|\+\/-|stddev:)?\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.exec(range?.trim() ?? '') ?? [];
  return number === undefined ? null : Number(number);
}
