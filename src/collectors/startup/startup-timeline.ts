/** Makes a service's row of the start-up from what was seen of its containers. Pure. */
import type { ContainerFacts } from '../../docker/engine/engine.ts';
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import type { ServiceStartup, StartupTimeline } from '../../model/run.ts';
import type { ContainerTimes } from './container-times.ts';

export interface SeenService {
  readonly service: string;
  readonly state: ServiceStartup['state'];
  /** When it was found ready by its state; null for one-shots that ended. */
  readonly seconds: number | null;
  readonly containers: readonly { readonly times: ContainerTimes; readonly facts: ContainerFacts }[];
}

/** @param model has `depends_on` */
export function startupTimelines(
  seen: readonly SeenService[],
  model: Pick<ComposeModel, 'services'>,
): readonly ServiceStartup[] {
  const alone = new Map(seen.map((one) => [one.service, timelineOf(one, model)]));
  return seen.map((one) => {
    const timeline = { ...alone.get(one.service)!, waitedFor: waitedFor(one.service, alone, model) };
    return { service: one.service, state: one.state, seconds: secondsOf(one, timeline), timeline };
  });
}

/** Without any sign, running this long counts as ready: a wrong configuration ends sooner. */
export const SETTLED_SECONDS = 1;

/**
 * The health event is more exact than the look that found it healthy. Waiting in vain for a sign is not part of its
 * start-up.
 */
function secondsOf({ state, seconds }: SeenService, timeline: StartupTimeline): number | null {
  if (seconds === null || state === 'completed') return seconds;
  const { healthySeconds, readySeconds, startedSeconds } = timeline;
  const settled = startedSeconds === null ? null : startedSeconds + SETTLED_SECONDS;
  const sharper = { healthy: healthySeconds, ready: readySeconds, running: settled }[state];
  return sharper === null ? seconds : Math.min(seconds, sharper);
}

function timelineOf(
  { service, containers, state }: SeenService,
  model: Pick<ComposeModel, 'services'>,
): StartupTimeline {
  const last = (key: 'createdSeconds' | 'startedSeconds' | 'readySeconds' | 'healthySeconds' | 'endedSeconds') => {
    const all = containers.map(({ times }) => times[key]);
    return all.length === 0 || all.includes(null) ? null : Math.max(...all.filter((value) => value !== null));
  };
  const [first] = containers;
  const readySeconds = last('readySeconds');
  const unseen = containers.find(({ times }) => times.readySeconds === null) ?? first;
  return {
    createdSeconds: last('createdSeconds'),
    startedSeconds: last('startedSeconds'),
    readySeconds,
    ready: (readySeconds === null ? unseen : first)?.times.ready ?? 'it did not run',
    healthySeconds: last('healthySeconds'),
    endedSeconds: state === 'completed' && isAwaitedToEnd(service, model) ? last('endedSeconds') : null,
    healthcheck: first?.facts.healthcheck ?? null,
    waitedFor: null,
  };
}

/** Compose starts a service when all its dependencies meet their conditions. The last one counts. */
function waitedFor(
  service: string,
  timelines: ReadonlyMap<string, StartupTimeline>,
  { services }: Pick<ComposeModel, 'services'>,
): StartupTimeline['waitedFor'] {
  const started = timelines.get(service)?.startedSeconds ?? null;
  const dependencies = Object.entries(services[service]?.depends_on ?? {}).flatMap(([name, { condition }]) => {
    const other = timelines.get(name);
    if (other === undefined) return [];
    const at =
      condition === 'service_healthy'
        ? other.healthySeconds
        : condition === 'service_started'
          ? other.startedSeconds
          : (other.endedSeconds ?? null);
    return [{ service: name, condition, at }];
  });
  const last = dependencies.toSorted((a, b) => (b.at ?? -1) - (a.at ?? -1))[0];
  if (last === undefined) return null;
  const seconds = started === null || last.at === null ? null : Math.max(0, started - last.at);
  return { service: last.service, condition: last.condition, seconds };
}

/** Whether a service, the tests' own included, starts only once this one has done its work. */
export function isAwaitedToEnd(service: string, { services }: Pick<ComposeModel, 'services'>): boolean {
  return Object.values(services).some(
    ({ depends_on }) => depends_on?.[service]?.condition === 'service_completed_successfully',
  );
}

/** When the last service could be used, in seconds since the first `up`; null if no service can. */
export function startupSeconds(services: readonly ServiceStartup[]): number | null {
  const ends = services.flatMap(({ seconds, timeline }) => seconds ?? timeline?.endedSeconds ?? []);
  return ends.length === 0 ? null : Math.max(...ends);
}
