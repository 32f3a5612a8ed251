/** Whether tests ended because their engine did. */
import type { ContainerState } from '../../docker/engine/engine.ts';

/** The engine gives containers 15 s to end before it ends itself, and a while passes until it is there again. */
const BEFORE_MS = 60_000;
/** For containers that it finds ended when it starts, the engine reports its own start as their end. */
const AFTER_MS = 30_000;

/**
 * A container's state does not show it: the container was stopped, or is gone. So a container that failed around a start of
 * the engine after its own start counts as killed by the restart. If that is wrong, it costs one more attempt.
 *
 * @param engineStartedAt null if the engine does not report it
 */
export function diedWithEngine(
  { startedAt, finishedAt, exitCode }: Pick<ContainerState, 'startedAt' | 'finishedAt' | 'exitCode'>,
  engineStartedAt: string | null,
): boolean {
  if (startedAt === null || finishedAt === null || engineStartedAt === null || exitCode === 0) return false;
  const [began, ended, engine] = [startedAt, finishedAt, engineStartedAt].map((at) => Date.parse(at)) as [
    number,
    number,
    number,
  ];
  return began < engine && ended > engine - BEFORE_MS && ended < engine + AFTER_MS;
}
