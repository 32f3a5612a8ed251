/** What one trial has to itself, and how many trials run at the same time. */
import { wrongUsage } from '../model/failure.ts';
import type { LaneShape } from '../model/lanes.ts';
import type { Plan } from '../model/plan.ts';
import { formatBytes } from '../format/format-quantity.ts';
import { trialOrder } from './order.ts';
import { workersOf } from './workers.ts';

export interface LaneHost {
  readonly hostCpus: number;
  readonly hostMemoryBytes: number;
  /** Whether services run next to the tests in a trial. */
  readonly hasServices: boolean;
  /** Whether two trials of the project can run at once without a collision. */
  readonly isolable: boolean;
  /** Whether the engine and the worker are on one machine, so that CPUs can be pinned. */
  readonly local: boolean;
}

export interface Lanes {
  readonly shape: LaneShape;
  /** At least 1. */
  readonly lanes: number;
  /** The reason, one sentence. */
  readonly reason: string;
}

/** PostgreSQL, Redis and the like mostly wait for the tests. */
const SERVICES_CPUS = 1;

/**
 * All trials of a plan have one shape, because it is part of what makes them comparable: what the widest scenario asks for,
 * at most the host. As many lanes as fit the host, else one. Values in the plan take precedence.
 * @throws PacelineError WrongUsage where the plan asks outright for more than the host has
 */
export function laneShape(plan: Plan, host: LaneHost): Lanes {
  const cpus = laneCpus(plan, host);
  const memoryBytes = laneMemory(plan, host);
  const shape = { cpus: cpus.count, memoryBytes };
  const { lanes, limit } = laneCount(plan, host, shape);
  return {
    shape,
    lanes,
    reason: `${lanes === 1 ? 'Trials run one at a time' : `Up to ${lanes} trials run at the same time`}, each on ${cpuWords(cpus.count)} (${cpus.why}); ${limit}.`,
  };
}

function laneCpus(plan: Plan, { hostCpus, hasServices }: LaneHost): { count: number; why: string } {
  const asked = plan.lanes.cpus;
  if (asked !== 'auto') {
    if (asked > hostCpus) throw tooMuch('lanes.cpus', cpuWords(asked), cpuWords(hostCpus));
    return { count: asked, why: 'from the plan' };
  }
  const workers = Math.max(...plan.scenarios.map(({ command }) => workerCount(command, hostCpus)));
  const wanted = workers + (hasServices ? SERVICES_CPUS : 0);
  const forWhat = `${workers} for the scenario with the most workers${hasServices ? `, ${SERVICES_CPUS} for the services` : ''}`;
  return { count: Math.min(wanted, hostCpus), why: wanted > hostCpus ? `${wanted} are wanted: ${forWhat}` : forWhat };
}

/** A command whose needs are unknown may use the whole host. */
function workerCount(command: readonly string[] | null, hostCpus: number): number {
  const workers = workersOf(command);
  if (workers.kind === 'count') return workers.count;
  return workers.kind === 'auto' ? Math.min(hostCpus, workers.most ?? hostCpus) : hostCpus;
}

function laneMemory(plan: Plan, { hostMemoryBytes }: LaneHost): number | null {
  const asked = plan.lanes.memoryBytes;
  if (asked === 'auto') return null;
  if (asked > hostMemoryBytes) throw tooMuch('lanes.memory', formatBytes(asked), formatBytes(hostMemoryBytes));
  return asked;
}

/** The lowest limit; the first one if several are equal. */
function laneCount(plan: Plan, host: LaneHost, shape: LaneShape): { lanes: number; limit: string } {
  // Without a limit on its containers, a trial is assumed to need what its target allows.
  const needBytes = shape.memoryBytes ?? plan.targets.memoryBytes;
  const limits: [count: number, reason: string][] = [[trialOrder(plan).length, 'as many as there are trials']];
  if (!host.isolable) limits.unshift([1, 'trials of this project cannot run at the same time']);
  if (!host.local) limits.unshift([1, 'the engine is on another machine']);
  limits.push([Math.floor(host.hostCpus / shape.cpus), `the host has ${cpuWords(host.hostCpus)}`]);
  if (needBytes !== null) {
    limits.push([
      Math.floor(host.hostMemoryBytes / needBytes),
      `the host has ${formatBytes(host.hostMemoryBytes)} of memory`,
    ]);
  }
  if (plan.lanes.max !== 'auto') limits.push([plan.lanes.max, 'at most that many by the plan']);
  const [count, limit] = limits.reduce((lowest, next) => (next[0] < lowest[0] ? next : lowest));
  return { lanes: Math.max(1, count), limit };
}

function tooMuch(key: string, asked: string, there: string) {
  return wrongUsage(
    `The plan's ${key} asks for ${asked}, and this host has ${there}.`,
    `Lower ${key}, or leave it out.`,
  );
}

function cpuWords(count: number): string {
  return count === 1 ? '1 CPU' : `${count} CPUs`;
}
