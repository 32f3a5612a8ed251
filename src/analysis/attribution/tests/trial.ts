/** What is compared of a scenario: one typical trial of each side. */
import type { PytestPath, PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { RunFacts, TrialRecord } from '../../../model/run.ts';
import { typicalTrial } from '../../trials/typical-trial.ts';
import type { Sides } from '../part.ts';
import { type Suite, suiteOf } from './suite.ts';

export interface Trial {
  readonly record: TrialRecord;
  readonly pytest: PytestProfile;
  readonly path: PytestPath;
  readonly suite: Suite;
  /** At least 1. */
  readonly workers: number;
}

export interface Trials extends Sides<Trial> {
  readonly runs: Sides<RunFacts>;
  readonly scenario: string;
  /** Of the figure, positive. */
  readonly difference: number;
}

/** null if no trial of the scenario has a profile of pytest with times. */
export function trialOf(facts: RunFacts, scenario: string): Trial | null {
  const record = typicalTrial(facts, scenario, ({ profile }) => profile?.pytest?.path != null);
  const pytest = record?.profile?.pytest;
  if (record == null || pytest == null || pytest.path === null) return null;
  const { path } = pytest;
  return { record, pytest, path, suite: suiteOf(pytest), workers: Math.max(1, pytest.configuration.workers) };
}

/** The worker that was busy longest: the tests ended when it did. */
export function busiestOf({ pytest, suite }: Trial): { readonly worker: string | null; readonly seconds: number } {
  const loads = new Map(pytest.workers.map(({ worker, busySeconds }) => [worker, busySeconds]));
  if (loads.size === 0) {
    for (const { worker, seconds } of suite.tests.values()) loads.set(worker, (loads.get(worker) ?? 0) + seconds);
  }
  const [busiest] = [...loads].sort((a, b) => b[1] - a[1]);
  return busiest === undefined ? { worker: null, seconds: 0 } : { worker: busiest[0], seconds: busiest[1] };
}

/** Of all workers together. */
export function busySeconds({ pytest }: Trial): number {
  return pytest.workers.reduce((total, { busySeconds: own }) => total + own, 0);
}
