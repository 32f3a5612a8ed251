/** JMH's `-rf json`: the score of each benchmark with its error. For throughput, higher is better. */
import { z } from 'zod';
import { betterByUnit } from './direction.ts';
import { FIGURE, NAME, parseJson, type Reader, shaped } from './reading.ts';

const RESULTS = z.array(
  z.object({
    benchmark: NAME,
    mode: z.string(),
    threads: z.number().optional(),
    params: z.record(z.string(), z.string()).nullish(),
    primaryMetric: z.object({
      score: FIGURE,
      /** With a single iteration there is no error, and JMH writes "NaN". */
      scoreError: z.union([z.number(), z.nan(), z.string()]).nullish(),
      scoreUnit: z.string(),
    }),
  }),
);

export const readJmh: Reader = (text, reading) =>
  shaped(RESULTS, parseJson(text, reading), reading).map(
    ({ benchmark, mode, threads, params, primaryMetric: { score, scoreError, scoreUnit } }, index) => {
      const error = Number.isFinite(scoreError) ? (scoreError as number) : null;
      return {
        point: {
          name: benchmark,
          measure: mode,
          unit: scoreUnit,
          better: mode === 'thrpt' ? 'higher' : (betterByUnit(scoreUnit) ?? 'lower'),
          value: score,
          low: error === null ? null : score - error,
          high: error === null ? null : score + error,
          commit: reading.commit,
          at: reading.at,
        },
        place: `[${index}]`,
        marks: [
          ...Object.entries(params ?? {}).map(([key, value]) => `${key}=${value}`),
          ...(threads === undefined ? [] : [`threads=${threads}`]),
        ],
      };
    },
  );
