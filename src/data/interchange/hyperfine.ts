/** hyperfine's `--export-json`: seconds per command. The median is the value; minimum and maximum are the range. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { NAME, parseJson, type Reader, SECONDS, shaped } from './reading.ts';

const EXPORT = z.object({
  results: z.array(
    z.object({
      command: NAME,
      mean: SECONDS,
      /** Absent in old versions. */
      median: SECONDS.optional(),
      min: SECONDS.nullish(),
      max: SECONDS.nullish(),
      /** One per run; null if a signal ended it. Can differ from 0 with `--ignore-failure`. */
      exit_codes: z.array(z.number().nullable()).nullish(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullish(),
      /** The form of versions before 1.8. */
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

/** @param points times in seconds, one of each figure: the format has no times of measurement */
export function writeHyperfine(points: readonly ExternalPoint[]): string {
  const results = points.map(({ name, value, low, high }) => ({
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
