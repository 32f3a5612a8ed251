/** The labels on everything Paceline makes, and the names that follow from them. */
import { createHash } from 'node:crypto';
import type { Lane } from '../../model/run.ts';

export const LABELS = {
  /** Whose it is: the random id of a data directory or server namespace. The reaper takes only its own. */
  instance: 'paceline.instance',
  /** Temporal's run id. */
  run: 'paceline.run',
  workflow: 'paceline.workflow',
  scenario: 'paceline.scenario',
  trial: 'paceline.trial',
  try: 'paceline.try',
  /** What it was made for, if not for a trial: `build`, `startup`, … */
  phase: 'paceline.phase',
  /** The lane's CPUs, e.g. `0,1`; empty if CPUs cannot be pinned. */
  lane: 'paceline.lane',
  /** The lane's memory in bytes; absent if there is no limit. */
  laneMemory: 'paceline.lane.memory',
} as const;

/** Compose's own, on everything that it makes. */
export const COMPOSE_LABELS = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
} as const;

export type Labels = Readonly<Record<string, string>>;

export interface LabelFacts {
  readonly instance: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly phase?: string;
  readonly trial?: TrialIdentity;
  readonly lane?: Lane;
}

/** A try of a trial within a run. */
export interface TrialIdentity {
  readonly scenarioId: string;
  readonly trial: number;
  readonly try: number;
}

/** All labels of one object; what does not apply is absent. */
export function labelsFor(facts: LabelFacts): Labels {
  const { trial, lane } = facts;
  return {
    [LABELS.instance]: facts.instance,
    [LABELS.run]: facts.runId,
    [LABELS.workflow]: facts.workflowId,
    ...(facts.phase === undefined ? {} : { [LABELS.phase]: facts.phase }),
    ...(trial === undefined
      ? {}
      : {
          [LABELS.scenario]: trial.scenarioId,
          [LABELS.trial]: String(trial.trial),
          [LABELS.try]: String(trial.try),
        }),
    ...(lane === undefined ? {} : laneLabels(lane)),
  };
}

function laneLabels(lane: Lane): Labels {
  return {
    [LABELS.lane]: lane.cpus.join(','),
    ...(lane.memoryBytes === null ? {} : { [LABELS.laneMemory]: String(lane.memoryBytes) }),
  };
}

/** The lane that a container runs in, to rebuild the table of lanes after a restart; null if it has none or an unreadable one. */
export function laneOf(labels: Labels): Lane | null {
  const text = labels[LABELS.lane];
  if (text === undefined) return null;
  const cpus = text === '' ? [] : text.split(',').map(Number);
  const memoryBytes = labels[LABELS.laneMemory] === undefined ? null : Number(labels[LABELS.laneMemory]);
  const readable = cpus.every(isCount) && (memoryBytes === null || isCount(memoryBytes));
  return readable ? { cpus, memoryBytes } : null;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * The name of a trial's compose project, container and lane. Every attempt of an activity computes the same name, so a
 * later attempt finds what an earlier one made. So the attempt's number is not part of the name, and neither is
 * anything that a reset in the UI changes.
 *
 * @returns e.g. `paceline-3f6c0a91b2d4`: valid for compose projects and containers
 */
export function trialName(key: { readonly instance: string; readonly runId: string } & TrialIdentity): string {
  return hashedName([key.instance, key.runId, key.scenarioId, String(key.trial), String(key.try)]);
}

/** The same for objects of a phase of a run, e.g. `startup`. */
export function phaseName(key: { readonly instance: string; readonly runId: string; readonly phase: string }): string {
  return hashedName([key.instance, key.runId, key.phase]);
}

function hashedName(parts: readonly string[]): string {
  // JSON keeps ['a', 'bc'] and ['ab', 'c'] apart.
  return `paceline-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)}`;
}
