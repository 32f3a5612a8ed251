/** The secondary metrics of the original plan: how their limit is found in the plan, and how several trials become one figure. */
import type { MetricName } from '../../model/measurement.ts';
import type { Plan, SecondaryTarget } from '../../model/plan.ts';
import { median } from '../statistics/median.ts';
import type { Samples } from '../statistics/samples.ts';
import { worst } from '../statistics/worst.ts';

export interface SecondaryMetric {
  readonly target: SecondaryTarget;
  readonly metric: MetricName;
  /** In the metric's base unit; null: no target. */
  readonly limit: (targets: Plan['targets']) => number | null;
  readonly combine: (samples: Samples) => number;
  /** Taken after the tests had ended: how they went, and how quiet the machine was by then, says nothing about it. */
  readonly afterTests?: true;
}

export const SECONDARY_METRICS: readonly SecondaryMetric[] = [
  // A peak is a peak: one trial over the limit is killed on a machine that has no more.
  { target: 'memory', metric: 'memory.workingSet.peak', limit: ({ memoryBytes }) => memoryBytes, combine: worst },
  { target: 'cpu', metric: 'cpu.host.utilization', limit: ({ cpuRatio }) => cpuRatio, combine: median },
  {
    target: 'latency',
    metric: 'network.latency',
    limit: ({ latencySeconds }) => latencySeconds,
    combine: median,
    afterTests: true,
  },
  {
    target: 'coverageReport',
    metric: 'coverage.report.duration',
    limit: ({ coverageReportSeconds }) => coverageReportSeconds,
    combine: median,
  },
];
