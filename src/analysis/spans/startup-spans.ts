/** The start-up of the services, and their tear-down. */
import type { ServiceStartup, StartupFacts } from '../../model/run.ts';
import type { Span } from '../../model/span.ts';
import type { ServiceTearDown, TearDownFacts } from '../../model/stage-times.ts';
import { between, type Interval, spanOf, withGaps } from './tree.ts';
import { partInterval, partSpan, type Since, stageInterval } from './stage.ts';

/** @param assumedFrom where it is put if it is not known when it was, as in facts of older versions */
export function startupSpan(startup: StartupFacts, since: Since, assumedFrom: number): Span | null {
  const { times, seconds, services, tearDown } = startup;
  if (times === undefined) {
    if (seconds === null) return null;
    const stage = between(assumedFrom, assumedFrom + seconds);
    return spanOf('startup', 'startup', stage, {
      name: 'start-up',
      attributes: { placed: 'assumed' },
      children: withGaps(serviceSpans(services, stage), stage, nameOfGap),
    });
  }
  const stage = stageInterval(times, since);
  const last = times.parts.findLastIndex(({ kind }) => kind === 'startServices');
  const children = times.parts.map((part, index) => {
    const interval = partInterval(part, stage);
    if (index === last) return partSpan(part, stage, withGaps(serviceSpans(services, interval), interval, nameOfGap));
    return part.kind === 'tearDown' && tearDown != null ? tearDownSpan(tearDown, interval) : partSpan(part, stage);
  });
  return spanOf('startup', 'startup', stage, {
    name: 'start-up',
    attributes: seconds === null ? {} : { seconds },
    children: withGaps(children, stage, (_, next) =>
      next === null ? 'removes the containers' : `up to: ${next.name}`,
    ),
  });
}

function nameOfGap(before: Span | null, next: Span | null): string {
  if (before === null) return 'compose makes networks and containers';
  return next === null ? 'compose ends' : `up to: ${next.name}`;
}

function serviceSpans(services: readonly ServiceStartup[], stage: Interval): readonly Span[] {
  const spans = services.flatMap((service) => serviceSpan(service, stage) ?? []);
  const endOf = new Map(spans.map(({ id, toSeconds }) => [id, toSeconds]));
  // A dependency that need only have started may go on for long.
  return spans.map((span) => ({
    ...span,
    after: span.after.filter((id) => (endOf.get(id) ?? Number.POSITIVE_INFINITY) <= span.fromSeconds + 0.001),
  }));
}

/** From the moment at which nothing kept it from starting. */
function serviceSpan({ service, state, timeline, seconds }: ServiceStartup, stage: Interval): Span | null {
  const { createdSeconds, startedSeconds, readySeconds, healthySeconds, waitedFor, healthcheck } =
    timeline ?? NOTHING_SEEN;
  const free =
    waitedFor?.seconds == null || startedSeconds === null ? createdSeconds : startedSeconds - waitedFor.seconds;
  const end = Math.max(...[createdSeconds, startedSeconds, readySeconds, healthySeconds, seconds].map((at) => at ?? 0));
  const at = (value: number) => stage.fromSeconds + value;
  const interval = between(at(free ?? 0), at(end));
  if (interval.toSeconds <= interval.fromSeconds) return null;
  const phase = (id: string, name: string, from: number | null, to: number | null, kind: Span['kind'] = 'phase') =>
    from === null || to === null || to <= from ? [] : [spanOf(id, kind, between(at(from), at(to)), { name })];
  const children = [
    ...phase('start', `${service}: created, then started`, free, startedSeconds),
    ...phase('ready', `${service}: gets ready`, startedSeconds, readySeconds ?? healthySeconds ?? seconds),
    ...phase('healthy', `${service}: ready, and its healthcheck has not seen it`, readySeconds, healthySeconds, 'wait'),
  ];
  return spanOf(`service:${service}`, 'service', interval, {
    name: service,
    after: waitedFor === null ? [] : [`service:${waitedFor.service}`],
    attributes: {
      state,
      ...(createdSeconds === null ? {} : { createdSeconds }),
      ...(waitedFor === null ? {} : { waitedFor: waitedFor.service, condition: waitedFor.condition }),
      ...(healthcheck == null ? {} : { intervalSeconds: healthcheck.intervalSeconds }),
    },
    children: withGaps(children, interval, () => `${service}: not seen`),
  });
}

const NOTHING_SEEN = {
  createdSeconds: null,
  startedSeconds: null,
  readySeconds: null,
  healthySeconds: null,
  waitedFor: null,
  healthcheck: null,
} as const;

function tearDownSpan({ services, seconds }: TearDownFacts, interval: Interval): Span {
  return spanOf('tear-down', 'teardown', interval, {
    name: 'tear-down',
    attributes: { seconds },
    children: withGaps(
      services.map((service) => endSpan(service, interval)),
      interval,
      (before) => (before === null ? 'looks at the services' : 'sees that all have stopped'),
    ),
  });
}

function endSpan(
  { service, seconds, fromSeconds = 0, killed, signal, exitCode, graceSeconds }: ServiceTearDown,
  { fromSeconds: start }: Interval,
): Span {
  const from = start + fromSeconds;
  return spanOf(`service:${service}`, 'service', between(from, from + seconds), {
    name: `${service} stops`,
    attributes: { killed, signal, graceSeconds, ...(exitCode === null ? {} : { exitCode }) },
  });
}
