/** pytest-benchmark's `--benchmark-json`: seconds per round. The median is the value; the quartiles are the range. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { commitOf, isoTime, NAME, parseJson, type Reader, SECONDS, shaped } from './reading.ts';
import { readTime } from './times.ts';

const REPORT = z.object({
  datetime: z.string().optional(),
  commit_info: z.object({ id: z.string().nullish() }).nullish(),
  benchmarks: z.array(
    z.object({
      name: NAME,
      fullname: NAME.nullish(),
      group: z.string().nullish(),
      param: z.string().nullish(),
      stats: z.object({ median: SECONDS, q1: SECONDS.nullish(), q3: SECONDS.nullish() }),
    }),
  ),
});

export const readPytestBenchmark: Reader = (text, reading) => {
  const { datetime, commit_info, benchmarks } = shaped(REPORT, parseJson(text, reading), reading);
  const at = datetime === undefined ? reading.at : isoTime(asUtc(datetime), 'datetime', reading);
  const commit = commitOf(commit_info?.id, 'commit_info.id', reading);
  return benchmarks.map(({ name, fullname, group, param, stats: { median, q1, q3 } }, index) => ({
    point: {
      name: fullname ?? name,
      measure: 'duration',
      unit: 's',
      better: 'lower',
      value: median,
      low: q1 ?? null,
      high: q3 ?? null,
      commit,
      at,
    },
    place: `benchmarks[${index}]`,
    marks: [group, param].filter((mark) => mark != null),
  }));
};

/** @param points times in seconds, one of each figure: the format has one moment */
export function writePytestBenchmark(points: readonly ExternalPoint[]): string {
  const newest = points.reduce<ExternalPoint | null>(
    (latest, point) => (latest !== null && latest.at >= point.at ? latest : point),
    null,
  );
  const report = {
    machine_info: {},
    commit_info: { id: newest?.commit ?? 'unversioned', time: null, dirty: false, branch: '(unknown)', project: '' },
    benchmarks: points.map(({ name, measure, value, low, high }) => ({
      group: measure,
      name: name.split('::').at(-1) || name,
      fullname: name,
      params: null,
      param: null,
      extra_info: {},
      options: {},
      stats: {
        min: low ?? value,
        max: high ?? value,
        mean: value,
        stddev: 0,
        rounds: 1,
        median: value,
        iqr: (high ?? value) - (low ?? value),
        q1: low ?? value,
        q3: high ?? value,
        ops: value === 0 ? 0 : 1 / value,
        total: value,
        iterations: 1,
      },
    })),
    // No figures, no moment.
    datetime: newest?.at,
    version: '4.0.0',
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** It writes UTC. Older versions do not name the zone. */
function asUtc(datetime: string): string {
  const marked = `${datetime}Z`;
  const time = readTime(datetime);
  return time.kind === 'time' && time.zone === 'assumed' && readTime(marked).kind === 'time' ? marked : datetime;
}
