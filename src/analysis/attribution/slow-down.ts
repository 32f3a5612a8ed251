/** By how much other work can have slowed a stage down, from what the trials of its run waited for CPUs. */
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import type { Figure } from './causes.ts';

export interface SlowDown {
  /** At most this many times as long. */
  readonly ratio: number;
  /** The load alone says little: tasks that wait for a disk count in it, and so do those that no CPU was ever short of. */
  readonly by: 'waits' | 'load';
}

/**
 * Each trial says how long it waited for a CPU for each second that it had one: a stage that computes all the time waits as much, any
 * other less. Builds and start-ups have no such figure of their own; the most of any trial of the run stands for them.
 * @returns null where nothing tells
 */
export function mostSlowDown(facts: RunFacts, figure: Figure): SlowDown | null {
  const trials =
    figure.phase === 'test' ? facts.trials.filter(({ scenarioId }) => scenarioId === figure.scenario) : facts.trials;
  const waits = trials.map(waitsOf).filter((waited) => waited !== null);
  const factor = figure.phase === 'test' ? 1 : OF_OTHER_STAGE;
  if (waits.length > 0) return { ratio: 1 + factor * Math.max(...waits), by: 'waits' };
  const loads = trials.flatMap(({ profile }) => profile?.host?.loadAverageMax ?? []);
  const cores = facts.hosts[0]?.fingerprint.key.cores;
  // A scheduler that is fair gives a process among `load` others on `cores` CPUs this part of the time that it would have alone.
  return loads.length === 0 || cores === undefined ? null : { ratio: 1 + Math.max(...loads) / cores, by: 'load' };
}

/** Trials of one run differ by about this much in how long they waited; so may a stage before them. */
const OF_OTHER_STAGE = 1.3;

/** Seconds of waiting for each second on a CPU, without those for which the project's own limit held it back. */
function waitsOf({ seconds, profile }: TrialRecord): number | null {
  const resources = profile?.resources;
  const [cpuSeconds, ratio] = [resources?.total.cpuSeconds, resources?.cpuPressureRatio];
  if (seconds === null || cpuSeconds == null || ratio == null || cpuSeconds <= 0) return null;
  return Math.max(0, ratio * seconds - (resources?.total.throttledSeconds ?? 0)) / cpuSeconds;
}
