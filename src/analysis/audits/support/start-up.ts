/** The start-up as a schedule: what would end when, if an edge or a service were not there, or a service were usable earlier. */
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { StartupChange } from '../../../model/result.ts';
import type { ServiceStartup } from '../../../model/run.ts';
import { composeValue, dependenciesOf } from '../../project-files/compose.ts';

type Files = ProjectFiles | null | undefined;

/**
 * Seconds by which the whole start-up would end earlier with all of the changes; 0 if another service decides when it ends. At most the
 * whole of it, and at least what each of the changes saves alone.
 */
export function startupSaving(
  services: readonly ServiceStartup[],
  files: Files,
  changes: readonly StartupChange[],
): number {
  return Math.max(0, endOf(services, files, []) - endOf(services, files, changes));
}

interface Schedule {
  readonly services: readonly ServiceStartup[];
  readonly files: Files;
  readonly changes: readonly StartupChange[];
  /** What is known so far, by service. Compose refuses cycles; where a name is met again, its recorded times count. */
  readonly known: Map<string, Times>;
}

interface Times {
  /** null: not recorded. */
  readonly start: number | null;
  readonly end: number;
}

function endOf(services: readonly ServiceStartup[], files: Files, changes: readonly StartupChange[]): number {
  const schedule = { services, files, changes, known: new Map<string, Times>() };
  const left = services.filter(({ service }) => !isRemoved(schedule, service));
  return Math.max(0, ...left.map((service) => timesIf(schedule, service).end));
}

function isRemoved({ changes }: Schedule, name: string): boolean {
  return changes.some((change) => change.kind === 'withoutService' && change.service === name);
}

/** With the changes, in seconds since the first `up`. */
function timesIf(schedule: Schedule, service: ServiceStartup): Times {
  const known = schedule.known.get(service.service);
  if (known !== undefined) return known;
  const recorded = recordedTimes(schedule, service);
  schedule.known.set(service.service, recorded);
  const start = recorded.start === null ? null : startIf(schedule, service, recorded.start);
  const own = Math.max(0, recorded.end - (recorded.start ?? 0) - earlierBy(schedule, service.service));
  const times = { start, end: (start ?? 0) + own };
  schedule.known.set(service.service, times);
  return times;
}

function recordedTimes({ services }: Schedule, service: ServiceStartup): Times {
  return { start: service.timeline?.startedSeconds ?? null, end: readyOf(service, services) };
}

function earlierBy({ changes }: Schedule, name: string): number {
  return changes.reduce((sum, change) => {
    return change.kind === 'earlier' && change.service === name ? sum + change.seconds : sum;
  }, 0);
}

/** As long after the last service that it waits for as it was recorded; with the first service of all where it waits for none any more. */
function startIf(schedule: Schedule, service: ServiceStartup, recorded: number): number {
  const edges = edgesOf(schedule, service);
  if (edges.length === 0) return recorded;
  const gap = recorded - Math.max(...edges.map((edge) => freeAt(recordedTimes(schedule, edge.to), edge)));
  const left = edges.filter(({ to }) => !isCut(schedule, service.service, to.service));
  const first = Math.min(recorded, ...schedule.services.flatMap(({ timeline }) => timeline?.startedSeconds ?? []));
  const starts = left.map((edge) => {
    const times = timesIf(schedule, edge.to);
    const waits = freeAt(times, edge) + gap;
    // What waited for a service that is gone waits for what that one waited for.
    return isRemoved(schedule, edge.to.service) ? Math.min(waits, times.start ?? first) : waits;
  });
  return Math.max(first, ...starts);
}

interface Edge {
  readonly to: ServiceStartup;
  readonly condition: string;
}

/** The edges that the files have, and the one that was seen. */
function edgesOf({ services, files }: Schedule, { service, timeline }: ServiceStartup): Edge[] {
  const seen = timeline?.waitedFor ?? null;
  const names = new Set([...dependenciesOf(files, service), ...(seen === null ? [] : [seen.service])]);
  return services
    .filter((other) => names.has(other.service) && other.service !== service)
    .map((to) => ({
      to,
      condition:
        seen?.service === to.service
          ? seen.condition
          : (composeValue(files, service, ['depends_on', to.service, 'condition'])?.toString() ?? 'service_started'),
    }));
}

function freeAt({ start, end }: Times, { condition }: Edge): number {
  return condition === 'service_started' ? (start ?? end) : end;
}

function isCut({ changes }: Schedule, from: string, to: string): boolean {
  return changes.some((change) => change.kind === 'withoutEdge' && change.from === from && change.to === to);
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
