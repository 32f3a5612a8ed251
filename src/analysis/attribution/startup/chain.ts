/** Which services the start-up waited for: from the one that ended last back to the first. */
import type { ServiceStartup, StartupFacts, StartupTimeline } from '../../../model/run.ts';

export type Timed = ServiceStartup & { readonly timeline: StartupTimeline };

export interface Link {
  readonly service: Timed;
  /** When it had got as far as the next link, or the end, needs it. */
  readonly endSeconds: number;
  readonly startedSeconds: number;
  /** What let it start; null if nothing held it back. */
  readonly waitedFor: { readonly service: string; readonly condition: string } | null;
}

/** From the last service to the first; empty where no timeline is known. */
export function chainOf({ services }: StartupFacts): Link[] {
  const last = services.filter(isTimed).reduce<Timed | null>((late, each) => {
    return late === null || usableAt(each) > usableAt(late) ? each : late;
  }, null);
  const chain: Link[] = [];
  let [at, condition] = [last, 'service_healthy'];
  while (at !== null && !chain.some(({ service }) => service === at)) {
    const link = linkOf(at, condition, { services, waiter: chain.at(-1)?.service.service ?? null });
    if (link === null) break;
    chain.push(link);
    const next = link.waitedFor;
    at = next === null ? null : (services.filter(isTimed).find(({ service }) => service === next.service) ?? null);
    condition = next?.condition ?? 'service_healthy';
  }
  return chain;
}

/**
 * A service as a link, on a side where it may be in no chain.
 * @param others.waiter the service that waits for it; null for the last one
 */
export function linkOf(
  service: Timed,
  condition: string,
  { services, waiter }: { readonly services: readonly ServiceStartup[]; readonly waiter: string | null },
): Link | null {
  const { startedSeconds } = service.timeline;
  if (startedSeconds === null) return null;
  const end =
    service.state === 'completed'
      ? (service.timeline.endedSeconds ?? oneShotEnd(services, waiter))
      : endOf(service, condition);
  if (end === null) return null;
  return {
    service,
    endSeconds: Math.max(end, startedSeconds),
    startedSeconds,
    waitedFor: waitedFor(service, services),
  };
}

function usableAt({ seconds, timeline }: Timed): number {
  return seconds ?? timeline.endedSeconds ?? -1;
}

export function isTimed(service: ServiceStartup): service is Timed {
  return service.timeline !== null;
}

function endOf({ timeline, seconds }: Timed, condition: string): number | null {
  if (condition === 'service_started') return timeline.startedSeconds;
  return timeline.healthySeconds ?? timeline.readySeconds ?? seconds;
}

/** Where a one-shot's end is not stored: what waits for it started then. */
function oneShotEnd(services: readonly ServiceStartup[], waiter: string | null): number | null {
  return services.find(({ service }) => service === waiter)?.timeline?.startedSeconds ?? null;
}

/** A gap this long after a dependency is not compose looking again: a one-shot in between took it. */
const LONG_GAP_SECONDS = 1.5;

function waitedFor(service: Timed, services: readonly ServiceStartup[]): Link['waitedFor'] {
  const { waitedFor: dependency, startedSeconds } = service.timeline;
  if (dependency === null || startedSeconds === null) return dependency;
  if ((dependency.seconds ?? 0) < LONG_GAP_SECONDS) return dependency;
  const from = startedSeconds - (dependency.seconds ?? 0);
  const between = services.filter(isTimed).find(({ state, timeline }) => {
    const begun = timeline.startedSeconds;
    return state === 'completed' && begun !== null && begun >= from - 0.1 && begun < startedSeconds;
  });
  return between === undefined ? dependency : { service: between.service, condition: 'service_completed_successfully' };
}
