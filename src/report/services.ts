/** How services answered and what logs tell, in words: a few lines for the screen, tables for report.md. */
import { figure } from '../analysis/figure.ts';
import type { LogResult, RunResult, ServicesResult } from '../model/result.ts';
import type { LogFindingKind, PostgresTiming, ServiceQueries, Statement, Timing } from '../model/services.ts';
import { NO_FIGURE, OF_FAILED_TRIAL } from './rows.ts';
import { code, escaped, table } from './text/markdown-text.ts';

const LOG_WORDS: Readonly<Record<LogFindingKind, readonly [one: string, several: string]>> = {
  slowQuery: ['slow query', 'slow queries'],
  connectionFailed: ['failed connection', 'failed connections'],
  connectionLimit: ['connection refused for want of slots', 'connections refused for want of slots'],
  retry: ['retry', 'retries'],
  timeout: ['timeout', 'timeouts'],
  lock: ['deadlock or long wait for a lock', 'deadlocks or long waits for a lock'],
  outOfMemory: ['time out of memory', 'times out of memory'],
  diskFull: ['time a full disk', 'times a full disk'],
  ended: ['end before that of the tests', 'ends before that of the tests'],
  deprecation: ['deprecation warning', 'deprecation warnings'],
};

const AUTHENTICATION: Readonly<Record<string, string>> = { 'scram-sha-256': 'SCRAM' };

/** One line for each PostgreSQL server that the tests use, at most three. */
export function postgresLines({ services }: RunResult): string[] {
  const lines = (services?.timings ?? []).flatMap(({ service, postgres }) =>
    postgres === null ? [] : [`PostgreSQL of ${service}: ${postgresText(postgres)}`],
  );
  return lines.slice(0, SCREEN_SERVERS);
}

function postgresText({ auth, connect, select, write }: PostgresTiming): string {
  const how = auth === null ? '' : ` (${AUTHENTICATION[auth] ?? auth})`;
  const parts = [
    [`connect${how}`, connect],
    ['SELECT 1', select],
    ['write', write],
  ] as const;
  const reason = parts.map(([, timing]) => timing).find((timing) => timing.kind === 'notMeasured')?.reason;
  const measured = parts.flatMap(([name, timing]) =>
    timing.kind === 'measured' ? [`${name} ${figure(timing.medianSeconds, 'second')}`] : [],
  );
  return [...measured, ...(reason === undefined ? [] : [`not measured (${reason})`])].join(', ');
}

/** The statement that took most of a server's time, where that is worth a line. */
export function queryLines({ services }: RunResult): string[] {
  return (services?.queries ?? []).flatMap(({ service, seconds, slowest: [slowest] }) =>
    slowest === undefined || slowest.seconds < WORTH_SECONDS
      ? []
      : [
          `${share(slowest.seconds, seconds)} of the time in ${service}'s statements (${figure(seconds, 'second')}): ` +
            `${times(slowest.calls)} of ${shortened(slowest.text)}`,
        ],
  );
}

/** Statements that took less than this in all are not what a suite waits for. */
const WORTH_SECONDS = 0.1;
const SCREEN_SERVERS = 3;
const SCREEN_FINDINGS = 3;
const SHORT_CHARACTERS = 60;

/** At most three lines; what matters most comes first. */
export function logLines({ logs, scenarios }: RunResult): string[] {
  const primary = scenarios.find((scenario) => scenario.primary)?.name;
  const lines = logs.map((finding) => {
    const where = finding.scenario === primary ? '' : ` (${finding.scenario})`;
    return `Log of ${finding.service}${where}: ${logText(finding)}`;
  });
  const more = lines.length - SCREEN_FINDINGS;
  if (more <= 0) return lines;
  return [...lines.slice(0, SCREEN_FINDINGS - 1), `${more + 1} more findings in logs: see report.md`];
}

function logText({ kind, count, longestSeconds }: LogResult): string {
  const [one, several] = LOG_WORDS[kind];
  const longest = longestSeconds === null ? '' : `, the longest ${figure(longestSeconds, 'second')}`;
  return `${count} ${count === 1 ? one : several}${longest}`;
}

/** All of it, as Markdown. */
export function serviceTables({ services }: RunResult): string[] {
  if (services === null) return [];
  const mark = services.ofFailedTrial ? [`All of it is ${OF_FAILED_TRIAL}.`] : [];
  return blocks([mark, timingTable(services), trafficTable(services), ...services.queries.map(queryTable)]);
}

function timingTable({ timings, scenario, trial }: ServicesResult): string[] {
  if (timings.length === 0) return [];
  const cells = (timing: Timing | undefined) =>
    timing === undefined || timing.kind === 'notMeasured'
      ? NO_FIGURE
      : `${figure(timing.medianSeconds, 'second')} (${figure(timing.p95Seconds, 'second')})`;
  const rows = timings.map(({ from, service, port, dns, tcp, postgres }) => {
    const all = [dns, tcp, ...(postgres === null ? [] : [postgres.connect, postgres.select, postgres.write])];
    const reason = all.find((timing) => timing.kind === 'notMeasured')?.reason ?? '';
    const how = postgres?.auth ?? '';
    return [
      escaped(from),
      `${escaped(service)}:${port}`,
      ...[dns, tcp, postgres?.connect, postgres?.select, postgres?.write].map(cells),
      escaped([how, reason].filter(Boolean).join('. ')),
    ];
  });
  return [
    `Median (95th percentile), asked after trial ${trial} of ${escaped(scenario)}.`,
    '',
    ...table('llrrrrrl', ['From', 'To', 'DNS', 'TCP', 'Connect', 'SELECT 1', 'Write', ''], rows),
  ];
}

function trafficTable({ traffic }: ServicesResult): string[] {
  if (traffic.length === 0) return [];
  return table(
    'lrr',
    ['Container of', 'Received', 'Sent'],
    traffic.map(({ service, receivedBytes, sentBytes }) => [
      escaped(service),
      figure(receivedBytes, 'byte'),
      figure(sentBytes, 'byte'),
    ]),
  );
}

function queryTable({ service, source, calls, seconds, slowest, mostFrequent }: ServiceQueries): string[] {
  const row = (statement: Statement) => [
    code(statement.text),
    String(statement.calls),
    share(statement.calls, calls),
    figure(statement.seconds, 'second'),
    share(statement.seconds, seconds),
    figure(statement.longestSeconds, 'second'),
  ];
  const header = (title: string) => [title, 'Calls', '', 'Time', '', 'Longest'];
  return [
    `Statements of ${escaped(service)} (${escaped(source)}): ${times(calls)}, ${figure(seconds, 'second')} in all.`,
    '',
    ...table('lrrrrr', header('Slowest in all'), slowest.map(row)),
    '',
    ...table('lrrrrr', header('Most frequent'), mostFrequent.map(row)),
  ];
}

export function logTable({ logs }: RunResult): string[] {
  if (logs.length === 0) return [];
  return table(
    'lllrl',
    ['Scenario', 'Log of', 'What', 'Longest', 'Example'],
    logs.map((finding) => [
      escaped(finding.scenario),
      escaped(finding.service),
      logText({ ...finding, longestSeconds: null }),
      finding.longestSeconds === null ? '' : figure(finding.longestSeconds, 'second'),
      code(finding.example),
    ]),
  );
}

function blocks(parts: readonly (readonly string[])[]): string[] {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

function share(part: number, whole: number): string {
  return whole === 0 ? NO_FIGURE : figure(part / whole, 'ratio');
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'call' : 'calls'}`;
}

function shortened(text: string): string {
  return text.length <= SHORT_CHARACTERS ? text : `${text.slice(0, SHORT_CHARACTERS - 1).trimEnd()}…`;
}
