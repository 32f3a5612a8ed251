/** Whether tests ended because their engine did. */
import type { ContainerState } from '../../docker/engine/engine.ts';

/** The engine gives containers 15 s to end before it ends itself, and a while passes until it is there again. */
const BEFORE_MS = 60_000;
/** Of containers that it finds gone when it starts, the engine says that they ended just then. */
const AFTER_MS = 30_000;

/**
 * Nothing in a container's state says so: it was stopped, or is gone. So whatever ended badly around a start of the engine
 * that lies after its own is taken to have died with it; where it had not, that costs one more try.
 *
 * @param engineStartedAt null where the engine does not tell
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
