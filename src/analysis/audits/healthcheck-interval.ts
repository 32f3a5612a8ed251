import type { ServiceStartup, StartupTimeline } from '../../model/run.ts';
import { figure } from '../figure.ts';
import type { Audit, Finding } from './audit.ts';

/** What is lost below this is the healthcheck's own running time, and not worth a change. */
const WORTH_SECONDS = 1;
/** A start interval that the advice names; what an interval of this size still loses on average is half of it. */
const ADVISED_SECONDS = 0.5;

type Timed = ServiceStartup & {
  readonly timeline: StartupTimeline & { readonly readySeconds: number; readonly healthySeconds: number };
};

/** Docker asks a healthcheck for the first time after one interval: whoever waits for "healthy" waits for that. */
export const healthcheckInterval: Audit = {
  id: 'healthcheck-interval',
  audit: ({ facts }) => {
    const services = facts.startup?.services ?? [];
    return services
      .filter(isTimed)
      .filter((service) => lostSeconds(service) > WORTH_SECONDS)
      .map((service) => finding(service, services));
  },
};

function isTimed(service: ServiceStartup): service is Timed {
  const { timeline } = service;
  return timeline !== null && timeline.readySeconds !== null && timeline.healthySeconds !== null;
}

function lostSeconds({ timeline }: Timed): number {
  return timeline.healthySeconds - timeline.readySeconds;
}

function finding(service: Timed, services: readonly ServiceStartup[]): Finding {
  const { readySeconds, healthySeconds, healthcheck } = service.timeline;
  const lost = figure(lostSeconds(service), 'second');
  const interval = healthcheck === null ? 'the interval' : `${figure(healthcheck.intervalSeconds, 'second')} interval`;
  const saved = savedSeconds(service.service, services);
  return {
    message:
      `${service.service} was ready after ${figure(readySeconds, 'second')} and healthy after ${figure(healthySeconds, 'second')}: ` +
      `${lost} lost to its healthcheck's ${interval}. Add \`start_period: 30s\` and \`start_interval: 500ms\` to it (Docker 25 or later).`,
    evidence: saved === null ? ['Another service is ready even later, so this one alone saves nothing.'] : [],
    savedSeconds: saved,
  };
}

/**
 * Of the whole start-up, if this one service were found healthy half an advised interval after it was ready, and those that
 * wait for it started earlier by as much. null: nothing that could be noticed.
 */
export function savedSeconds(name: string, services: readonly ServiceStartup[]): number | null {
  const before = lastOf(services.map(({ seconds }) => seconds));
  const after = lastOf(services.map((service) => endIf(name, service, services)));
  return before - after > ADVISED_SECONDS ? before - after : null;
}

function endIf(name: string, service: ServiceStartup, services: readonly ServiceStartup[]): number | null {
  const { seconds, timeline } = service;
  if (seconds === null || timeline === null) return seconds;
  const own =
    service.service === name && isTimed(service) ? Math.max(0, lostSeconds(service) - ADVISED_SECONDS / 2) : 0;
  const other = services.find((one) => one.service === timeline.waitedFor?.service && one !== service);
  // Only who waits for health starts earlier; and cycles there are none, since compose refuses them.
  const otherEnd =
    other !== undefined && timeline.waitedFor?.condition === 'service_healthy' ? endIf(name, other, services) : null;
  const earlier = otherEnd === null || other?.seconds == null ? 0 : other.seconds - otherEnd;
  return seconds - own - earlier;
}

function lastOf(values: readonly (number | null)[]): number {
  return Math.max(0, ...values.filter((value) => value !== null));
}
