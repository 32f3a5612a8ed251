/** The start-up of the services as a timeline: who was ready when, and who waited for whom. */
import { figure } from '../analysis/figure.ts';
import type { RunResult } from '../model/result.ts';
import type { ServiceStartup, StartupTimeline } from '../model/run.ts';
import { NO_FIGURE } from './rows.ts';
import { code, escaped, table } from './text/markdown-text.ts';

/** Columns of the bars. */
const BAR = 40;

/** In the order in which the services started; bars from the first `up` to the last service. */
export function startupTables({ startup }: RunResult): string[] {
  const services = startup
    .flatMap((service) => (service.timeline === null ? [] : [{ ...service, timeline: service.timeline }]))
    .toSorted((a, b) => (a.timeline.startedSeconds ?? 0) - (b.timeline.startedSeconds ?? 0));
  if (services.length === 0) return [];
  const header = ['Service', 'Created', 'Started', 'Ready', 'Healthy', 'Interval', 'Lost to it', 'Waited for'];
  return [
    'Seconds since the first `up`.',
    '',
    ...table('lrrrrrrl', header, services.map(cells)),
    '',
    '```',
    ...bars(services),
    '```',
    '',
    'created `·`, started `─`, ready `━`, healthy `┃`. The difference between ready and healthy is lost to the interval of the healthcheck.',
    ...services.flatMap(({ service, timeline }) =>
      timeline.readySeconds === null
        ? ['', `- ${escaped(service)}: when it was ready is not known: ${escaped(timeline.ready)}.`]
        : [],
    ),
  ];
}

type Shown = ServiceStartup & { readonly timeline: StartupTimeline };

function cells({ service, timeline }: Shown): string[] {
  const { createdSeconds, startedSeconds, readySeconds, healthySeconds, healthcheck, waitedFor } = timeline;
  return [
    escaped(service),
    shown(createdSeconds),
    shown(startedSeconds),
    shown(readySeconds),
    healthcheck === null ? 'no healthcheck' : shown(healthySeconds),
    healthcheck === null ? '' : shown(healthcheck.intervalSeconds),
    readySeconds === null || healthySeconds === null ? '' : shown(Math.max(0, healthySeconds - readySeconds)),
    waitedFor === null
      ? ''
      : `${code(waitedFor.service)} (${waitedFor.condition.replace('service_', '')})${
          waitedFor.seconds === null ? '' : `, started ${figure(waitedFor.seconds, 'second')} after it`
        }`,
  ];
}

function bars(services: readonly Shown[]): string[] {
  const end = Math.max(
    ...services.map(({ timeline }) =>
      Math.max(timeline.healthySeconds ?? 0, timeline.readySeconds ?? 0, timeline.startedSeconds ?? 0),
    ),
  );
  const width = Math.max(...services.map(({ service }) => service.length));
  const column = (seconds: number) => (end <= 0 ? 0 : Math.round((seconds / end) * BAR));
  return services.map(({ service, timeline }) => {
    const { createdSeconds, startedSeconds, readySeconds, healthySeconds } = timeline;
    const marks = Array.from({ length: BAR + 1 }, () => ' ');
    const fill = (from: number | null, to: number | null, sign: string) => {
      if (from === null || to === null) return;
      for (let at = column(from); at < column(to); at += 1) marks[at] = sign;
    };
    const last = healthySeconds ?? readySeconds ?? startedSeconds;
    fill(createdSeconds, startedSeconds, '·');
    fill(startedSeconds, readySeconds ?? last, '─');
    fill(readySeconds, healthySeconds, '━');
    if (healthySeconds !== null) marks[column(healthySeconds)] = '┃';
    return `${service.padEnd(width)}  ${marks.join('').trimEnd()}`;
  });
}

function shown(seconds: number | null): string {
  return seconds === null ? NO_FIGURE : figure(seconds, 'second');
}
