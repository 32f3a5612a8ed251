/**
 * A network with a fixed subnet exists once on an engine: a run waits for the run that has it, and names the network
 * of another owner that is in the way.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import type { EngineNetwork } from '../../docker/engine/engine.ts';
import { COMPOSE_LABELS, LABELS } from '../../docker/engine/labels.ts';
import { claimsOf, conflictOf, type NetworkConflict, networkRefusal } from '../../docker/project/network-claims.ts';
import { PacelineError } from '../../model/failure.ts';
import type { RunRef } from '../../model/run.ts';
import type { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import type { StageClock } from './stage-clock.ts';

export interface NetworkRequest {
  readonly run: RunRef;
  /** The compose project that is about to make the networks. */
  readonly project: string;
  readonly model: ComposeModel;
  /** Notes how long other runs were waited for. */
  readonly clock?: StageClock;
}

/** How long the networks of another run are waited for: longer than most trials, whose end frees them. */
const PATIENCE_SECONDS = 30 * 60;
/** A run that has a network and no container is about to make one, or it is gone. */
const ABANDONED_SECONDS = 60;
/** Short, since the other run frees the network only for a moment between two trials; a look takes milliseconds. */
const LOOK_MS = 250;

/**
 * Waits while another run has what the project's networks need.
 *
 * @throws PacelineError NetworkTaken: it keeps that for too long, or left it behind; the signal's reason
 */
export async function whenNetworksFree(
  deps: NetworkDeps,
  request: NetworkRequest,
  waiting: Pick<Attempt, 'signal' | 'beat'>,
): Promise<void> {
  const claims = claimsOf(request.model);
  if (claims.length === 0) return;
  const wait = () => untilFree(deps, request, claims, waiting);
  await (request.clock === undefined ? wait() : request.clock.part('waitForNetworks', null, wait));
}

async function untilFree(
  deps: NetworkDeps,
  { run, project }: NetworkRequest,
  claims: ReturnType<typeof claimsOf>,
  { signal, beat }: Pick<Attempt, 'signal' | 'beat'>,
): Promise<void> {
  const startedMs = performance.now();
  let inUseMs = startedMs;
  for (let waited: NetworkConflict | null = null; ; ) {
    const ofRuns = (await deps.engine.listNetworks()).filter(isOfRun);
    const conflict = conflictOf(claims, ofRuns, project);
    const seconds = (performance.now() - startedMs) / 1000;
    if (conflict === null) {
      if (waited !== null) await deps.store.addNotes(run, [noteOf(waited, seconds)]);
      return;
    }
    if (await isInUse(deps, conflict.holder)) inUseMs = performance.now();
    if (performance.now() - inUseMs > ABANDONED_SECONDS * 1000) throw abandoned(conflict);
    if (seconds > PATIENCE_SECONDS) throw keptTooLong(conflict);
    waited = conflict;
    beat({ phase: 'waiting', note: `for ${conflict.wanted}, which the run ${runOf(conflict.holder)} uses` });
    await delay(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** A race with another run is lost at most so often in a row; the addresses are waited for in between. */
const MAX_REFUSALS = 20;

/** How a command that makes networks ended. */
export type Networked<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The engine refused to make a network, in these words. */
  | { readonly kind: 'refused'; readonly said: string };

/**
 * Runs a command that makes the project's networks, again where another run was a moment faster.
 *
 * @param work.undo removes what a refused command left, so that two runs never wait for each other
 * @throws PacelineError NetworkTaken
 */
export async function withNetworks<T>(
  deps: NetworkDeps,
  request: NetworkRequest,
  work: { readonly attempt: () => Promise<Networked<T>>; readonly undo: () => Promise<void> },
  waiting: Pick<Attempt, 'signal' | 'beat'>,
): Promise<T> {
  for (let refusals = 0; ; refusals += 1) {
    await whenNetworksFree(deps, request, waiting);
    const outcome = await work.attempt();
    if (outcome.kind === 'done') return outcome.value;
    await work.undo();
    const networks = await deps.engine.listNetworks();
    const strangers = networks.filter((network) => !isOfRun(network));
    const conflict = conflictOf(claimsOf(request.model), strangers, request.project);
    if (conflict !== null) throw takenByStranger(conflict);
    const exhausted = networkRefusal(outcome.said) === 'exhausted';
    if (exhausted || refusals === MAX_REFUSALS) throw refused(networks, outcome.said);
    await delay(LOOK_MS, undefined, { signal: waiting.signal }).catch(() => waiting.signal.throwIfAborted());
  }
}

type NetworkDeps = Pick<ActivityDeps, 'engine' | 'store'>;

function isOfRun({ labels }: EngineNetwork): boolean {
  return labels[LABELS.run] !== undefined;
}

async function isInUse({ engine }: NetworkDeps, { labels }: EngineNetwork): Promise<boolean> {
  return (await engine.listContainers({ [LABELS.run]: labels[LABELS.run] ?? '' })).length > 0;
}

function runOf({ labels }: EngineNetwork): string {
  return labels[LABELS.workflow] ?? labels[LABELS.run] ?? '';
}

function noteOf({ claim, wanted, holder }: NetworkConflict, seconds: number): string {
  return `Waited ${Math.ceil(seconds)} s for ${wanted} of the network \`${claim.network}\`, which the run ${runOf(holder)} used.`;
}

/** The first half of a sentence. */
function inTheWay({ claim, wanted, holder, held }: NetworkConflict): string {
  const overlapping = held === wanted ? '' : ` (${held})`;
  return `The network \`${claim.network}\` needs ${wanted}, and the network ${holder.name}${overlapping}`;
}

function takenByStranger(conflict: NetworkConflict): PacelineError {
  const { holder, claim } = conflict;
  const composeProject = holder.labels[COMPOSE_LABELS.project];
  const remove =
    composeProject === undefined ? `docker network rm ${holder.name}` : `docker compose -p ${composeProject} down`;
  return taken(
    `${inTheWay(conflict)} on this engine already has it.`,
    PREDEFINED.has(holder.name)
      ? `Give \`${claim.network}\` another subnet in the compose file.`
      : `Remove that network (\`${remove}\`), or give \`${claim.network}\` another subnet in the compose file.`,
  );
}

/** Docker's own networks, which cannot be removed. */
const PREDEFINED: ReadonlySet<string> = new Set(['bridge', 'docker_gwbridge', 'ingress']);

function abandoned(conflict: NetworkConflict): PacelineError {
  const { holder } = conflict;
  return taken(
    `${inTheWay(conflict)} of the run ${runOf(holder)} has it, and that run has no containers left.`,
    `Remove what that run left behind (\`docker network rm ${holder.name}\`), and start this run again.`,
  );
}

function keptTooLong(conflict: NetworkConflict): PacelineError {
  return taken(
    `${inTheWay(conflict)} of the run ${runOf(conflict.holder)} has used it for ${PATIENCE_SECONDS / 60} min.`,
    'Start this run again when that run has ended, or cancel that run.',
  );
}

function taken(what: string, next: string): PacelineError {
  return new PacelineError({ type: 'NetworkTaken', what, next });
}

function refused(networks: readonly EngineNetwork[], said: string): PacelineError {
  const detail = said.trim().split('\n').slice(-3).join('\n');
  const problem =
    networkRefusal(said) === 'exhausted'
      ? {
          what: `The engine has no addresses left for another network: it has ${networks.length} networks, ${networks.filter(isOfRun).length} of them Paceline's.`,
          next: 'Remove networks that are not used (`docker network prune`), or give the engine more `default-address-pools`.',
        }
      : {
          what: 'The engine could not make a network of the project: its addresses are taken.',
          next: 'Find the network with `docker network ls` and `docker network inspect`, and remove it or change the subnet.',
        };
  return new PacelineError({ type: 'NetworkTaken', ...problem, detail });
}
