/** From the ends of containers to the tear-down of their services. Pure. */
import type { ServiceTearDown, TearDownFacts } from '../../model/stage-times.ts';

export interface StoppedContainer {
  readonly service: string;
  readonly signal: string;
  readonly graceSeconds: number;
  /** By the engine's clock. */
  readonly signalledAtMs: number;
  readonly diedAtMs: number;
  readonly killed: boolean;
  readonly exitCode: number | null;
}

/** @param stopped at least one; services in the order in which they were signalled */
export function tearDownFacts(stopped: readonly StoppedContainer[]): TearDownFacts {
  const inOrder = stopped.toSorted((a, b) => a.signalledAtMs - b.signalledAtMs);
  return {
    seconds: secondsOf(inOrder),
    services: [...Map.groupBy(inOrder, ({ service }) => service).values()].map((own) => ({
      ...serviceTearDown(own),
      fromSeconds: seconds(own[0]!.signalledAtMs - inOrder[0]!.signalledAtMs),
    })),
  };
}

/** Of replicas the last one counts. */
function serviceTearDown(containers: readonly StoppedContainer[]): ServiceTearDown {
  const last = containers.toSorted((a, b) => a.diedAtMs - b.diedAtMs).at(-1)!;
  const { service, exitCode, signal, graceSeconds } = last;
  const killed = containers.some((each) => each.killed);
  return { service, seconds: secondsOf(containers), killed, exitCode, signal, graceSeconds };
}

/** The events have more digits than a report needs, and a double cannot hold them. */
function secondsOf(containers: readonly StoppedContainer[]): number {
  const from = Math.min(...containers.map(({ signalledAtMs }) => signalledAtMs));
  const to = Math.max(...containers.map(({ diedAtMs }) => diedAtMs));
  return seconds(to - from);
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1_000) / 1e6);
}
