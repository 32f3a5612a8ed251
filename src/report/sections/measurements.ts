/** Every figure of the run, with where it comes from. */
import { METRICS } from '../../model/measurement.ts';
import type { MetricResult, RunResult } from '../../model/result.ts';
import { quantityOrNull, table } from '../blocks.ts';
import { OF_FAILED_TRIAL } from './failed-trial.ts';
import type { SectionMaker } from './section.ts';

export const measurements: SectionMaker = {
  id: 'measurements',
  title: 'All measurements',
  folded: true,
  make: ({ metrics }: RunResult) => ({
    details: table(
      ['Metric', 'Of', '>Value', 'Source', ''],
      metrics.map((row) => [
        METRICS[row.metric].title,
        subject(row),
        quantityOrNull(row.value, row.unit),
        row.source,
        row.reason ?? (row.ofFailedTrial ? OF_FAILED_TRIAL : ''),
      ]),
    ),
  }),
};

function subject({ scenario, trial, service }: MetricResult): string {
  return [scenario, trial === null ? null : `trial ${trial}`, service].filter((part) => part !== null).join(', ');
}
