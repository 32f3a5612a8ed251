/** Bencher's metric format: benchmark → measure → figure (https://bencher.dev/docs/reference/bencher-metric-format). */
import type { RunResult } from '../../../model/result.ts';
import { oneLine } from '../../text/foreign.ts';
import { renderValue } from '../json.ts';
import { measuredFigures } from './figures.ts';

/** For `bencher run --adapter json --file`. The smaller the better, for every measure. */
export function renderBencher(result: RunResult): string {
  const byName = Map.groupBy(measuredFigures(result), ({ name }) => oneLine(name));
  // An entry, not an assignment: a scenario may be called `__proto__`.
  const benchmarks = [...byName].map(([name, figures]) => {
    const measures = figures.map(({ measure, value, interval }) => [
      measure,
      { value, ...(interval === null ? {} : { lower_value: interval.low, upper_value: interval.high }) },
    ]);
    return [name, Object.fromEntries(measures)];
  });
  return renderValue(Object.fromEntries(benchmarks));
}
