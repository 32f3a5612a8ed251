/** The start-up as a schedule: what would end when, if an edge or a service were not there. */
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { ServiceStartup } from '../../../model/run.ts';
import { dependenciesOf } from '../../project-files/compose.ts';

export interface Change {
  /** Edges of `depends_on` that are left out. */
  readonly withoutEdge?: { readonly from: string; readonly to: string };
  readonly withoutService?: string;
  /** A service that ends earlier by as many seconds. */
  readonly earlier?: { readonly service: string; readonly seconds: number };
}

/** Seconds by which the whole start-up would end earlier; 0 if another service decides when it ends. */
export function startupSaving(
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  return Math.max(0, endOf(services, files, {}) - endOf(services, files, change));
}

function endOf(services: readonly ServiceStartup[], files: ProjectFiles | null | undefined, change: Change): number {
  const left = services.filter(({ service }) => service !== change.withoutService);
  return Math.max(0, ...left.map((service) => planned(service, services, files, change)));
}

/** When a service is usable, in seconds since the first `up`. */
function planned(
  service: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  const own = readyOf(service, services);
  const shift = change.earlier?.service === service.service ? change.earlier.seconds : 0;
  return Math.max(0, own - shift - startsEarlier(service, services, files, change));
}

function startsEarlier(
  service: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
  change: Change,
): number {
  const waited = service.timeline?.waitedFor;
  const other = services.find((each) => each.service === waited?.service && each !== service);
  if (waited == null || other === undefined) return 0;
  const { withoutEdge, withoutService } = change;
  const isCut =
    other.service === withoutService || (withoutEdge?.from === service.service && withoutEdge.to === other.service);
  if (!isCut)
    return waited.condition === 'service_started'
      ? 0
      : readyOf(other, services) - planned(other, services, files, change);
  const started = service.timeline?.startedSeconds ?? 0;
  // What waited for a service that is gone waits for what that one waited for.
  if (other.service === withoutService) return Math.max(0, started - (other.timeline?.startedSeconds ?? started));
  return Math.max(0, started - earliestStart(service, other, services, files));
}

/** Without the edge it starts after its other dependencies, or with the first service of all. */
function earliestStart(
  service: ServiceStartup,
  without: ServiceStartup,
  services: readonly ServiceStartup[],
  files: ProjectFiles | null | undefined,
): number {
  const gap = service.timeline?.waitedFor?.seconds ?? 0;
  const others = dependenciesOf(files, service.service).filter((name) => name !== without.service);
  const ends = services.filter((each) => others.includes(each.service)).map((each) => readyOf(each, services) + gap);
  const starts = services.flatMap(({ timeline }) => timeline?.startedSeconds ?? []);
  return Math.max(Math.min(...starts, service.timeline?.startedSeconds ?? 0), ...ends);
}

/** When others could start that wait for it: for a service that ran once and ended, when it ended. */
function readyOf(service: ServiceStartup, services: readonly ServiceStartup[]): number {
  return service.seconds ?? oneShotEnd(service, services) ?? service.timeline?.startedSeconds ?? 0;
}

/** When a one-shot had done its work. Older versions stored no time of it, but of the one that waited for it: null if none did. */
export function oneShotEnd(
  { service, state, timeline: own }: ServiceStartup,
  services: readonly ServiceStartup[],
): number | null {
  if (state !== 'completed') return null;
  if (own?.endedSeconds != null) return own.endedSeconds;
  const ends = services.flatMap(({ timeline }) => {
    const waited = timeline?.waitedFor;
    if (waited?.service !== service || waited.seconds === null || timeline?.startedSeconds == null) return [];
    return [timeline.startedSeconds - waited.seconds];
  });
  return ends.length === 0 ? null : Math.min(...ends);
}
