/** Predictions from each recorded run against all runs that were measured. */
import { simulate } from '../../../src/analysis/xdist/simulate.ts';
import { suiteOf } from '../../../src/analysis/xdist/suite-of.ts';
import type { Ran } from './measure.ts';

export interface Prediction {
  readonly project: string;
  /** Recorded with `-n`. */
  readonly from: string;
  readonly to: string;
  readonly predicted: number;
  readonly measured: number;
  /** Of the measured time. */
  readonly error: number;
}

export function predictions(project: string, runs: readonly Ran[], bases: readonly Ran[], cpus: number): Prediction[] {
  return bases.flatMap((base) => {
    const { profile, servicesCpuSeconds } = base;
    const read = suiteOf({ profile, cpus, servicesCpuSeconds });
    if (read.kind === 'unknown') {
      console.error(`${project} ${wayWords(base)}: ${read.reason}`);
      return [];
    }
    return runs
      .filter((run) => run !== base)
      .map((run) => {
        const { seconds: predicted } = simulate(read.suite, {
          workers: run.workers,
          distribution: run.distribution,
          cpus,
        });
        return {
          project,
          from: wayWords(base),
          to: wayWords(run),
          predicted,
          measured: run.seconds,
          error: Math.abs(predicted - run.seconds) / run.seconds,
        };
      });
  });
}

export function wayWords({ workers, distribution }: Pick<Ran, 'workers' | 'distribution'>): string {
  return workers === 0 ? '-n 0' : `-n ${workers} ${distribution}`;
}
