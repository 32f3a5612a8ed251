/**
 * The input of github-action-benchmark with `tool: customSmallerIsBetter`: a list of figures
 * (https://github.com/benchmark-action/github-action-benchmark, "Custom benchmark"; its src/extract.ts checks the shape).
 */
import type { RunResult } from '../../../model/result.ts';
import { oneLine } from '../../text/foreign.ts';
import { renderValue } from '../json.ts';
import { measuredFigures, SHORT_UNITS } from './figures.ts';

/** The name alone identifies a figure there, so it holds the measure too. */
export function renderGithubActionBenchmark(result: RunResult): string {
  return renderValue(
    measuredFigures(result).map(({ name, measure, unit, value, interval, target }) => ({
      name: oneLine(`${name}: ${measure}`),
      unit: SHORT_UNITS[unit],
      value,
      ...(interval === null ? {} : { range: `± ${(interval.high - interval.low) / 2}` }),
      ...(target === null ? {} : { extra: `target: under ${target} ${SHORT_UNITS[unit]}` }),
    })),
  );
}
