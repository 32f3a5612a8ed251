/** hyperfine's `--export-json`: seconds a command. The median stands for a command, the extremes for the range. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { NAME, parseJson, type Reader, SECONDS, shaped } from './reading.ts';

const EXPORT = z.object({
  results: z.array(
    z.object({
      command: NAME,
      mean: SECONDS,
      /** Not written by old versions. */
      median: SECONDS.optional(),
      min: SECONDS.nullish(),
      max: SECONDS.nullish(),
      /** Of each run; null where a signal ended it. With `--ignore-failure` there are others than 0. */
      exit_codes: z.array(z.number().nullable()).nullish(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullish(),
      /** As versions before 1.8 wrote it. */
      parameter: z.union([z.string(), z.number()]).nullish(),
    }),
  ),
});

export const readHyperfine: Reader = (text, reading) => {
  const { results } = shaped(EXPORT, parseJson(text, reading), reading);
  return results.flatMap(({ command, mean, median, min, max, exit_codes, parameters, parameter }, index) => {
    const place = `results[${index}]`;
    const failed = (exit_codes ?? []).filter((code) => code !== 0);
    if (failed.length > 0) {
      const codes = [...new Set(failed)].map((code) => (code === null ? 'a signal' : `exit code ${code}`)).join(', ');
      const why = `${failed.length} of its ${exit_codes!.length} runs failed (${codes})`;
      reading.note({ kind: 'leftOut', place, name: command, why });
      return [];
    }
    return [
      {
        point: {
          name: command,
          measure: 'duration',
          unit: 's',
          better: 'lower' as const,
          value: median ?? mean,
          low: min ?? null,
          high: max ?? null,
          commit: reading.commit,
          at: reading.at,
        },
        place,
        marks: Object.entries({ ...(parameter == null ? {} : { parameter }), ...parameters }).map(
          ([key, value]) => `${key}=${value}`,
        ),
      },
    ];
  });
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
