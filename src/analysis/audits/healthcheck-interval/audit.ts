import type { Remedy, StartupChange } from '../../../model/result.ts';
import type { RunFacts, ServiceStartup, StartupTimeline } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { setComposeKey } from '../../patches/compose-edit.ts';
import { type Edit, makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { listOf } from '../../../format/list-of.ts';
import { startupSaving } from '../support/start-up.ts';

/** What is lost below this is the healthcheck's own running time, and not worth a change. */
const WORTH_SECONDS = 1;
/** A start interval that the advice names; what an interval of this size still loses on average is half of it. */
const ADVISED_SECONDS = 0.5;

/** Long enough for a slow machine; within it a failed check does not count against a service. */
const START_PERIOD_SECONDS = 30;
/** The first engine that knows start_interval. */
const ENGINE_MAJOR = 25;

const NOT_TIMED = 'No service has a healthcheck whose times are known.';

type Timed = ServiceStartup & {
  readonly timeline: StartupTimeline & { readonly readySeconds: number; readonly healthySeconds: number };
};

/** Docker runs a healthcheck for the first time after one interval: a service that waits for "healthy" waits that long. */
export const healthcheckInterval: Audit = {
  id: 'healthcheck-interval',
  title: "The start-up waits for a healthcheck's interval",
  ok: "No service loses noticeable time to its healthcheck's interval.",
  requires: ['startup'],
  audit: ({ facts }) => {
    const services = facts.startup?.services ?? [];
    if (services.length === 0) return [{ kind: 'notApplicable', reason: 'The project has no services.' }];
    const timed = services.filter(isTimed);
    if (timed.length === 0) return [{ kind: 'notApplicable', reason: NOT_TIMED }];
    const late = timed.filter((service) => lostSeconds(service) > WORTH_SECONDS && !isShort(service));
    const alone = late.flatMap((service) => finding([service], services, facts));
    return alone.length > 0 ? alone : finding(late, services, facts);
  },
};

function isTimed(service: ServiceStartup): service is Timed {
  const { timeline } = service;
  return timeline !== null && timeline.readySeconds !== null && timeline.healthySeconds !== null;
}

/** An interval of about the advised one: what was lost to it is chance, or not the interval's. */
function isShort(service: Timed): boolean {
  const { healthcheck } = service.timeline;
  return healthcheck !== null && healthcheck.intervalSeconds <= 2 * ADVISED_SECONDS && !losesToStartInterval(service);
}

/** It was ready just after a check: in another start-up that check may pass, and a whole interval less is lost. */
function leastLostSeconds(service: Timed): number {
  const lost = lostSeconds(service);
  const interval = losesToStartInterval(service)
    ? service.timeline.healthcheck!.startIntervalSeconds
    : (service.timeline.healthcheck?.intervalSeconds ?? Infinity);
  return lost >= interval ? lost - interval : lost;
}

function lostSeconds({ timeline }: Timed): number {
  return timeline.healthySeconds - timeline.readySeconds;
}

/** What the fix saves; nothing if the start-up would not end earlier because another service is ready later still. */
function finding(late: readonly Timed[], services: readonly ServiceStartup[], facts: RunFacts): Finding[] {
  const saved = savedSeconds(
    late.map(({ service }) => service),
    services,
    facts.projectFiles,
  );
  if (saved === null) return [];
  const remedy = late.some(hasShortPeriod)
    ? `Add \`start_period: ${START_PERIOD_SECONDS}s\` and \`start_interval: 500ms\``
    : 'Add `start_interval: 500ms`';
  const [one, ...others] = late.map(sentence);
  return [
    {
      kind: 'opportunity',
      message:
        others.length === 0
          ? `${one}. ${remedy} to it (Docker 25 or later).`
          : `${remedy} to ${listOf(late.map(({ service }) => service))} (Docker 25 or later): only together do they save anything.`,
      evidence: others.length === 0 ? [] : late.map(sentence),
      saves: savesBetween('startup.duration', saved),
      startup: changesOf(late),
      where: late[0] === undefined ? null : placeOfHealthcheck(facts, late[0]),
      remedy: patchOf(late, facts) ?? {
        kind: 'steps',
        steps: late.map(({ service }) => `${remedy} to the healthcheck of ${service}.`),
      },
    },
  ];
}

/**
 * Within the start period its own interval counts, however short the other one is. Facts of older versions have 5 s wherever none is
 * given, though engines up to 26.1.5 take the other one: what was lost shows which it was.
 */
function losesToStartInterval(service: Timed): boolean {
  const { healthcheck } = service.timeline;
  return (
    healthcheck !== null &&
    healthcheck.startPeriodSeconds > 0 &&
    healthcheck.startIntervalSeconds > healthcheck.intervalSeconds &&
    lostSeconds(service) > 1.2 * healthcheck.intervalSeconds
  );
}

/** A service that is ready after it has no start_interval by then. */
function hasShortPeriod({ timeline: { healthcheck, readySeconds, startedSeconds } }: Timed): boolean {
  const took = readySeconds - (startedSeconds ?? 0);
  return (healthcheck?.startPeriodSeconds ?? 0) < Math.min(START_PERIOD_SECONDS, 2 * took);
}

function placeOfHealthcheck({ projectFiles }: RunFacts, service: Timed) {
  const keys = losesToStartInterval(service) ? ['start_interval', 'start_period', 'interval'] : ['interval'];
  for (const key of [...keys.map((each) => ['healthcheck', each]), ['healthcheck'], []]) {
    const place = placeOf(projectFiles, { kind: 'composeKey', service: service.service, key });
    if (place !== null) return place;
  }
  return null;
}

/** @returns null where a compose file cannot be edited by lines, and for an engine that is too old */
function patchOf(late: readonly Timed[], { projectFiles, hosts }: RunFacts): Remedy | null {
  if (hosts.some(({ fingerprint }) => Number(fingerprint.key.engineMajor) < ENGINE_MAJOR)) return null;
  const edits: Edit[] = [];
  for (const each of late) {
    const { service } = each;
    const set = (key: readonly string[], value: string) => setComposeKey(projectFiles, service, key, value);
    const own = placeOf(projectFiles, { kind: 'composeKey', service, key: ['healthcheck'] });
    // Without a healthcheck in the compose file, the image has one, which these keys are added to.
    const wanted =
      own === null
        ? [set(['healthcheck'], `{ start_period: ${START_PERIOD_SECONDS}s, start_interval: 500ms }`)]
        : [
            set(['healthcheck', 'start_interval'], '500ms'),
            ...(hasShortPeriod(each) ? [set(['healthcheck', 'start_period'], `${START_PERIOD_SECONDS}s`)] : []),
          ];
    for (const edit of wanted) {
      if (edit === null) return null;
      edits.push(edit);
    }
  }
  const patch = makePatch(projectFiles, edits);
  return patch === null ? null : { kind: 'patch', patch };
}

function sentence(each: Timed): string {
  const { service, timeline } = each;
  const { readySeconds, healthySeconds, healthcheck } = timeline;
  const lost = figure(healthySeconds - readySeconds, 'second');
  const interval =
    healthcheck === null
      ? 'interval'
      : losesToStartInterval(each)
        ? `start_interval of ${figure(healthcheck.startIntervalSeconds, 'second')}`
        : `${figure(healthcheck.intervalSeconds, 'second')} interval`;
  return `${service} was ready after ${figure(readySeconds, 'second')} and healthy after ${figure(healthySeconds, 'second')}: ${lost} lost to its healthcheck's ${interval}`;
}

/**
 * Of the whole start-up, if these services were found healthy half an advised interval after they were ready, and those that
 * wait for them started earlier by as much. null: nothing that could be noticed.
 */
export function savedSeconds(
  names: readonly string[],
  services: readonly ServiceStartup[],
  files: RunFacts['projectFiles'],
): { readonly value: number; readonly low: number; readonly high: number } | null {
  const late = services.filter(({ service }) => names.includes(service));
  const saved = (...how: readonly [stillLost: number, lost?: (service: Timed) => number]) =>
    startupSaving(services, files, changesOf(late, ...how));
  const value = saved(ADVISED_SECONDS / 2);
  // Where in an interval a service gets ready differs from start to start.
  return value > ADVISED_SECONDS ? { value, low: saved(ADVISED_SECONDS, leastLostSeconds), high: saved(0) } : null;
}

/** @param stillLost seconds that each of them waits for its healthcheck with the advised interval */
function changesOf(
  services: readonly ServiceStartup[],
  stillLost = ADVISED_SECONDS / 2,
  lost: (service: Timed) => number = lostSeconds,
): StartupChange[] {
  return services.filter(isTimed).map((timed) => ({
    kind: 'earlier',
    service: timed.service,
    seconds: Math.max(0, lost(timed) - stillLost),
  }));
}
