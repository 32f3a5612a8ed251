/** hyperfine's `--export-json`: seconds a command. The median stands for a command, the extremes for the range. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { FIGURE, NAME, parseJson, type Reader, shaped } from './reading.ts';

const EXPORT = z.object({
  results: z.array(
    z.object({
      command: NAME,
      mean: FIGURE,
      /** Not written by old versions. */
      median: FIGURE.optional(),
      min: FIGURE.nullish(),
      max: FIGURE.nullish(),
    }),
  ),
});

export const readHyperfine: Reader = (text, context) => {
  const { results } = shaped(EXPORT, parseJson(text, context), context);
  return results.map(({ command, mean, median, min, max }) => ({
    name: command,
    measure: 'duration',
    unit: 's',
    better: 'lower',
    value: median ?? mean,
    low: min ?? null,
    high: max ?? null,
    commit: context.commit,
    at: context.at,
  }));
};

/** One moment, in seconds: of each figure that is a time its newest point. */
export function writeHyperfine(points: readonly ExternalPoint[]): string {
  const results = points
    .filter(({ unit }) => unit === 's')
    .map(({ name, value, low, high }) => ({
      command: name,
      mean: value,
      stddev: null,
      median: value,
      user: 0,
      system: 0,
      min: low ?? value,
      max: high ?? value,
      times: [value],
      exit_codes: [0],
    }));
  return `${JSON.stringify({ results }, null, 2)}\n`;
}
