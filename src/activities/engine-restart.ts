import { beganMs } from '../docker/detached.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Whether the engine was started anew since a command of its client began: whatever the client said of it then is no fault
 * of the project's. The engine's clock is compared with ours, which on another machine is right to the minute at best; an
 * engine was seldom started within that minute.
 * @throws PacelineError EngineUnavailable while it is not there again: the next attempt asks once more
 */
export async function engineRestartedSince({ engine }: ActivityDeps, commandFolder: string): Promise<boolean> {
  const [began, started] = await Promise.all([beganMs(commandFolder), engine.startedAt()]);
  return began !== null && started !== null && Date.parse(started) > began;
}
