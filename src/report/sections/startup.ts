/** The start-up of the services: which was ready when, and which waited for which; and how they ended. */
import type { RunResult } from '../../model/result.ts';
import type { ServiceStartup, StartupTimeline } from '../../model/run.ts';
import {
  type Block,
  type Cell,
  code,
  type Inline,
  item,
  list,
  paragraph,
  quantityOrNull,
  seconds,
  table,
  type Timeline,
  type TimelineRow,
} from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const startup: SectionMaker = {
  id: 'start-up',
  title: 'Start-up as a timeline',
  make: (result) => {
    const services = shownServices(result);
    const ends = endsOf(result);
    if (services.length === 0) return ends.length === 0 ? {} : { details: ends };
    return {
      details: [
        ...table(
          ['Service', '>Created', '>Started', '>Ready', '>Healthy', '>Interval', '>Lost to it', 'Waited for'],
          services.map(cells),
          ['Seconds since the first ', code('up'), '.'],
        ),
        timeline(services),
        paragraph('The difference between ready and healthy is lost to the interval of the healthcheck.'),
        ...list(
          services.flatMap(({ service, timeline: times }) =>
            times.readySeconds === null ? [item(`${service}: when it was ready is not known: ${times.ready}.`)] : [],
          ),
        ),
        ...ends,
      ],
    };
  },
};

/** What `docker compose down` takes; none if it was not measured. */
function endsOf({ tearDown }: RunResult): readonly Block[] {
  if (tearDown == null || tearDown.services.length === 0) return [];
  return [
    ...table(
      ['Tear-down', '>Stopped after', 'Signal', 'End'],
      tearDown.services.map(({ service, seconds: took, signal, killed, exitCode, graceSeconds }): readonly Cell[] => [
        service,
        seconds(took),
        code(signal),
        killed ? ['killed: its grace period of ', seconds(graceSeconds), ' was over'] : endWith(exitCode),
      ]),
    ),
    paragraph(['The tear-down of all services took ', seconds(tearDown.seconds), '.']),
  ];
}

function endWith(exitCode: number | null): string {
  return exitCode === null ? 'ended' : `ended with exit code ${exitCode}`;
}

type Shown = ServiceStartup & { readonly timeline: StartupTimeline };

/** In the order in which they started. */
function shownServices({ startup: all }: RunResult): readonly Shown[] {
  return all
    .flatMap((service) => (service.timeline === null ? [] : [{ ...service, timeline: service.timeline }]))
    .toSorted((a, b) => (a.timeline.startedSeconds ?? 0) - (b.timeline.startedSeconds ?? 0));
}

function cells({ service, timeline: times }: Shown): readonly Cell[] {
  const { createdSeconds, startedSeconds, readySeconds, healthySeconds, healthcheck, waitedFor } = times;
  const lost = readySeconds === null || healthySeconds === null ? null : Math.max(0, healthySeconds - readySeconds);
  return [
    service,
    quantityOrNull(createdSeconds, 'second'),
    quantityOrNull(startedSeconds, 'second'),
    quantityOrNull(readySeconds, 'second'),
    healthcheck === null ? 'no healthcheck' : quantityOrNull(healthySeconds, 'second'),
    healthcheck === null ? '' : quantityOrNull(healthcheck.intervalSeconds, 'second'),
    lost === null ? '' : seconds(lost),
    waitedFor === null ? '' : waitedText(waitedFor),
  ];
}

function waitedText({ service, condition, seconds: after }: NonNullable<StartupTimeline['waitedFor']>): Inline {
  const started: Inline = after === null ? '' : [', started ', seconds(after), ' after it'];
  return [code(service), ` (${condition.replace('service_', '')})`, started];
}

function timeline(services: readonly Shown[]): Timeline {
  return {
    kind: 'timeline',
    names: ['created', 'started', 'ready', 'healthy'],
    rows: services.map(({ service, timeline: times }) => ({ title: service, spans: spansOf(times) })),
  };
}

function spansOf({
  createdSeconds,
  startedSeconds,
  readySeconds,
  healthySeconds,
}: StartupTimeline): TimelineRow['spans'] {
  const span = (name: string, from: number | null, to: number | null) =>
    from === null || to === null ? [] : [{ name, fromSeconds: from, toSeconds: to }];
  return [
    ...span('created', createdSeconds, startedSeconds),
    ...span('started', startedSeconds, readySeconds ?? healthySeconds ?? startedSeconds),
    ...span('ready', readySeconds, healthySeconds),
    ...span('healthy', healthySeconds, healthySeconds),
  ];
}
