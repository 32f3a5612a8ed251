/** What made a start-up longer: along the chain of services that it waited for. */
import type { CauseEvidence } from '../../../model/cause.ts';
import type { HealthcheckTimes, RunFacts, StartupFacts } from '../../../model/run.ts';
import { changedKeys, type ChangedKey } from '../changed-files.ts';
import { changedFilesOfRuns, filesEvidence } from '../inputs.ts';
import type { Part, Sides } from '../part.ts';
import { chainOf, isTimed, type Link, linkOf } from './chain.ts';

interface Starting {
  readonly runs: Sides<RunFacts>;
  readonly base: StartupFacts;
}

/** null where a side has no start-up with times. */
export function startupParts(runs: Sides<RunFacts>): Part[] | null {
  const [base, head] = [runs.base.startup, runs.head.startup];
  if (base === null || head === null) return null;
  const chain = chainOf(head);
  if (chain.length === 0) return withoutTimes({ base, head });
  const starting = { runs, base };
  return chain.flatMap((link, index) => partsOfLink(starting, link, index === 0 ? null : chain[index - 1]!));
}

/** Of facts without timelines: the service that ended last. */
function withoutTimes({ base, head }: Sides<StartupFacts>): Part[] | null {
  const [last] = head.services.toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0));
  if (last === undefined || last.seconds === null) return null;
  const before = base.services.find(({ service }) => service === last.service)?.seconds ?? null;
  return [
    {
      class: before === null ? 'newService' : 'readiness',
      name: last.service,
      baseSeconds: before,
      headSeconds: last.seconds,
      seconds: last.seconds - (before ?? 0),
      evidence: [],
    },
  ];
}

/** @param next the service that waited for this one; null for the last of all */
function partsOfLink(starting: Starting, link: Link, next: Link | null): Part[] {
  const { service } = link.service;
  const before = baseLink(starting, service, next);
  if (before === null) return [newService(starting, link)];
  return [...edgeParts(starting, link, before), ...ownParts(starting, link, before)];
}

/** @param next what waits for it in the head, and so asks how far it has to be */
function baseLink({ base }: Starting, service: string, next: Pick<Link, 'service' | 'waitedFor'> | null): Link | null {
  const known = base.services.filter(isTimed).find((each) => each.service === service);
  if (known === undefined) return null;
  const condition = next?.waitedFor?.condition ?? 'service_healthy';
  return linkOf(known, condition, { services: base.services, waiter: next?.service.service ?? null });
}

function newService({ runs }: Starting, { service, startedSeconds, endSeconds }: Link): Part {
  const own = endSeconds - startedSeconds;
  const readySeconds = service.timeline.readySeconds;
  return {
    class: 'newService',
    name: service.service,
    baseSeconds: null,
    headSeconds: own,
    seconds: own,
    evidence: [
      ...keysOf(runs, service.service).slice(0, 1),
      { kind: 'readiness', service: service.service, baseReadySeconds: null, headReadySeconds: readySeconds },
    ],
  };
}

/** It started later because it now waits for another service, or for more of it. */
function edgeParts(starting: Starting, link: Link, before: Link): Part[] {
  const [was, is] = [before.waitedFor, link.waitedFor];
  const isSame = was?.service === is?.service && was?.condition === is?.condition;
  if (is === null || isSame) return [];
  const name = link.service.service;
  // What the other took longer itself is a part of its own: the edge costs what it took before.
  const other = baseLink(starting, is.service, link);
  const held = other === null ? 0 : other.endSeconds - before.startedSeconds;
  if (held <= 0) return [];
  const dependencies = changedKeys(starting.runs, ['services', name, 'depends_on']);
  const own = dependencies.filter(({ key }) => key.includes(is.service));
  return [
    {
      class: 'dependencyEdge',
      name: `${name} waits for ${is.service}`,
      baseSeconds: before.startedSeconds,
      headSeconds: link.startedSeconds,
      seconds: held,
      evidence: [
        ...(own.length > 0 ? own : dependencies).slice(0, 2),
        { kind: 'waitedFor', service: name, base: words(was), head: words(is) },
      ],
    },
  ];
}

function words(waited: Link['waitedFor']): string | null {
  return waited === null ? null : `${waited.service} (${waited.condition})`;
}

/** Between its own start and its end. */
function ownParts({ runs }: Starting, link: Link, before: Link): Part[] {
  const name = link.service.service;
  const [own, ownBefore] = [link.endSeconds - link.startedSeconds, before.endSeconds - before.startedSeconds];
  if (own <= ownBefore) return [];
  const keys = keysOf(runs, name);
  const ofHealth = keys.filter(({ key }) => key.includes('.healthcheck.'));
  const lag = { base: lagOf(before), head: lagOf(link) };
  const ready = readinessEvidence(link, before);
  const health = (seconds: number, baseSeconds: number, headSeconds: number): Part => ({
    class: 'healthcheck',
    name,
    baseSeconds,
    headSeconds,
    seconds,
    evidence: [...healthKeys(ofHealth, link, before), ready],
  });
  const readiness = (seconds: number, baseSeconds: number, headSeconds: number): Part => ({
    class: 'readiness',
    name,
    baseSeconds,
    headSeconds,
    seconds,
    evidence: [
      ...keys.filter((key) => !ofHealth.includes(key) && !key.key.includes('depends_on')).slice(0, 3),
      ready,
      ...filesEvidence(mountedFiles(runs, name)),
    ],
  });
  const growth = own - ownBefore;
  const hasOtherCheck = ofHealth.some(({ key }) => key.endsWith('.test'));
  if (lag.base === null || lag.head === null) {
    const isHealth = isOtherHealthcheck(ofHealth, link, before);
    return [isHealth ? health(growth, ownBefore, own) : readiness(growth, ownBefore, own)];
  }
  if (hasOtherCheck) return [health(growth, ownBefore, own)];
  // With the same healthcheck, what is lost to it follows from when the service is ready.
  if (!isOtherHealthcheck(ofHealth, link, before)) return [readiness(growth, ownBefore, own)];
  const lost = Math.max(0, lag.head - lag.base);
  const slower = growth - lost;
  return [
    ...(lost > 0 ? [health(Math.min(lost, growth), lag.base, lag.head)] : []),
    ...(slower > 0 ? [readiness(slower, ownBefore - lag.base, own - lag.head)] : []),
  ];
}

/** Between being ready and being found so by the healthcheck; null without one, and where only the healthcheck showed it. */
function lagOf({ service: { timeline } }: Link): number | null {
  const { healthySeconds, readySeconds } = timeline;
  if (healthySeconds === null || readySeconds === null || healthySeconds === readySeconds) return null;
  return Math.max(0, healthySeconds - readySeconds);
}

function isOtherHealthcheck(keys: readonly ChangedKey[], link: Link, before: Link): boolean {
  return keys.length > 0 || timesThatDiffer(link, before).length > 0;
}

const TIMES = [
  ['interval', 'intervalSeconds'],
  ['start_period', 'startPeriodSeconds'],
  ['start_interval', 'startIntervalSeconds'],
] as const;

function timesThatDiffer({ service: head }: Link, { service: base }: Link): ChangedKey[] {
  const [was, is] = [base.timeline.healthcheck, head.timeline.healthcheck];
  if (was === null || is === null) return [];
  const counts = (key: string) => key !== 'start_interval' || isOtherStart(was, is);
  return TIMES.filter(([key, seconds]) => was[seconds] !== is[seconds] && counts(key)).map(([key, seconds]) => ({
    kind: 'changedKey',
    place: null,
    key: `services.${head.service}.healthcheck.${key}`,
    base: `${was[seconds]}s`,
    head: `${is[seconds]}s`,
  }));
}

/** Without a start period it never applies, and without its own value it is the interval. */
function isOtherStart(was: HealthcheckTimes, is: HealthcheckTimes): boolean {
  const isOwn = ({ startIntervalSeconds, intervalSeconds }: HealthcheckTimes) =>
    startIntervalSeconds !== intervalSeconds;
  return was.startPeriodSeconds > 0 && is.startPeriodSeconds > 0 && (isOwn(was) || isOwn(is));
}

/** As the files write them; the engine's own values where the files were not read. `start_interval` counts only within the period. */
function healthKeys(written: readonly ChangedKey[], link: Link, before: Link): CauseEvidence[] {
  return written.length > 0 ? written.slice(0, 3) : timesThatDiffer(link, before);
}

function readinessEvidence(link: Link, before: Link): CauseEvidence {
  const since = ({ service: { timeline }, startedSeconds }: Link) =>
    timeline.readySeconds === null ? null : Math.max(0, timeline.readySeconds - startedSeconds);
  return {
    kind: 'readiness',
    service: link.service.service,
    baseReadySeconds: since(before),
    headReadySeconds: since(link),
  };
}

/** Files that differ and that the service mounts, such as what it runs when it starts. */
function mountedFiles(runs: Sides<RunFacts>, service: string): string[] | null {
  const files = changedFilesOfRuns(runs);
  const keys = runs.head.projectFiles?.composeFiles.flatMap((file) => file.keys) ?? [];
  const sources = keys
    .filter(({ path }) => path[0] === 'services' && path[1] === service && path[2] === 'volumes')
    .flatMap(({ value }) => (typeof value === 'string' ? [value.split(':')[0]!.replace(/^\.\//, '')] : []))
    .filter((source) => source !== '' && source !== '.');
  return files?.filter((file) => sources.some((source) => file === source || file.startsWith(`${source}/`))) ?? null;
}

function keysOf(runs: Sides<RunFacts>, service: string): ChangedKey[] {
  return changedKeys(runs, ['services', service]);
}
