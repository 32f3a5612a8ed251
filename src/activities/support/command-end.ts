import { beganMs, type DetachedResult, type Exited, wasKilled } from '../../docker/command/detached.ts';
import { PacelineError } from '../../model/failure.ts';
import type { ActivityDeps } from './deps.ts';

/** It ended by what happened to its client or to the engine: nothing is known of what it was about. */
export interface Void {
  readonly kind: 'void';
  /** Half a sentence. */
  readonly reason: string;
}

/**
 * What the end of a docker or compose command is worth.
 * @throws PacelineError EngineUnavailable while the engine is not there again: the next attempt asks once more
 */
export async function commandEnd(deps: ActivityDeps, ended: DetachedResult, folder: string): Promise<Exited | Void> {
  if (ended.kind === 'lost') return { kind: 'void', reason: ended.reason };
  if (wasKilled(ended)) return { kind: 'void', reason: 'it was killed' };
  if (ended.exitCode === 0 || !(await engineRestartedSince(deps, folder))) return ended;
  return { kind: 'void', reason: 'the engine was restarted' };
}

/** @param what the command, as a sentence begins with it */
export function commandLost(what: string, { reason }: Void): PacelineError {
  return new PacelineError({ type: 'CommandLost', what: `${what} vanished: ${reason}.`, next: 'It is tried again.' });
}

/**
 * The engine's clock is compared with ours, which on another machine is right to the minute at best; an engine was seldom
 * started within that minute.
 */
async function engineRestartedSince({ engine }: ActivityDeps, commandFolder: string): Promise<boolean> {
  const [began, started] = await Promise.all([beganMs(commandFolder), engine.startedAt()]);
  return began !== null && started !== null && Date.parse(started) > began;
}
