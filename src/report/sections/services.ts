/** How the services answered the tests: connections, statements and traffic. */
import type { RunResult, ServicesResult } from '../../model/result.ts';
import type { PostgresTiming, ServiceQueries, Statement, Timing } from '../../model/profile/services.ts';
import { type Block, type Cell, code, type Inline, item, joined, list, quantity, seconds, table } from '../blocks.ts';
import { marked } from './failed-trial.ts';
import type { SectionMaker } from './section.ts';

export const services: SectionMaker = {
  id: 'services',
  title: 'Services',
  make: ({ services: seen }: RunResult) =>
    seen === null
      ? {}
      : {
          title: marked('Services', seen),
          summary: list([...postgresLines(seen), ...queryLines(seen)].map((line) => item(line))),
          details: [...timingTable(seen), ...trafficTable(seen), ...seen.queries.flatMap(queryTables)],
        },
};

const AUTHENTICATION: Readonly<Record<string, string>> = { 'scram-sha-256': 'SCRAM' };
const SHOWN_SERVERS = 3;
/** Statements that took less than this in all are not what a suite waits for. */
const WORTH_SECONDS = 0.1;
const SHORT_CHARACTERS = 60;

/** One line for each PostgreSQL server that the tests use, at most three. */
function postgresLines({ timings }: ServicesResult): readonly Inline[] {
  const lines = timings.flatMap(({ service, postgres }): readonly Inline[] =>
    postgres === null ? [] : [[`PostgreSQL of ${service}: `, postgresText(postgres)]],
  );
  return lines.slice(0, SHOWN_SERVERS);
}

function postgresText({ auth, connect, select, write }: PostgresTiming): Inline {
  const how = auth === null ? '' : ` (${AUTHENTICATION[auth] ?? auth})`;
  const parts = [
    [`connect${how}`, connect],
    ['SELECT 1', select],
    ['write', write],
  ] as const;
  const reason = parts.map(([, timing]) => timing).find((timing) => timing.kind === 'notMeasured')?.reason;
  const measured = parts.flatMap(([name, timing]): readonly Inline[] =>
    timing.kind === 'measured' ? [[`${name} `, seconds(timing.medianSeconds)]] : [],
  );
  return joined([...measured, ...(reason === undefined ? [] : [`not measured (${reason})`])]);
}

/** The statement that took most of a server's time, where that is worth a line. */
function queryLines({ queries }: ServicesResult): readonly Inline[] {
  return queries.flatMap(({ service, seconds: total, slowest: [slowest] }): readonly Inline[] =>
    slowest === undefined || slowest.seconds < WORTH_SECONDS
      ? []
      : [
          [
            share(slowest.seconds, total) ?? '',
            ` of the time in ${service}'s statements (`,
            seconds(total),
            `): ${calls(slowest.calls)} of `,
            code(shortened(slowest.text)),
          ],
        ],
  );
}

function timingTable({ timings, scenario, trial }: ServicesResult): readonly Block[] {
  return table(
    ['From', 'To', '>DNS', '>TCP', '>Connect', '>SELECT 1', '>Write', ''],
    timings.map(({ from, service, port, dns, tcp, postgres }) => {
      const all = [dns, tcp, ...(postgres === null ? [] : [postgres.connect, postgres.select, postgres.write])];
      const reason = all.find((timing) => timing.kind === 'notMeasured')?.reason ?? '';
      return [
        from,
        `${service}:${port}`,
        ...[dns, tcp, postgres?.connect, postgres?.select, postgres?.write].map(timingCell),
        [postgres?.auth ?? '', reason].filter(Boolean).join('. '),
      ];
    }),
    `Median (95th percentile), measured after trial ${trial} of ${scenario}.`,
  );
}

function timingCell(timing: Timing | undefined): Cell {
  if (timing === undefined || timing.kind === 'notMeasured') return null;
  return [seconds(timing.medianSeconds), ' (', seconds(timing.p95Seconds), ')'];
}

function trafficTable({ traffic }: ServicesResult): readonly Block[] {
  return table(
    ['Container of', '>Received', '>Sent'],
    traffic.map(({ service, receivedBytes, sentBytes }) => [
      service,
      quantity(receivedBytes, 'byte'),
      quantity(sentBytes, 'byte'),
    ]),
  );
}

function queryTables(queries: ServiceQueries): readonly Block[] {
  const { service, source, slowest, mostFrequent } = queries;
  const caption: Inline = [
    `Statements of ${service} (${source}): ${calls(queries.calls)}, `,
    seconds(queries.seconds),
    ' in all.',
  ];
  const row = (statement: Statement): readonly Cell[] => [
    code(statement.text),
    String(statement.calls),
    share(statement.calls, queries.calls),
    seconds(statement.seconds),
    share(statement.seconds, queries.seconds),
    seconds(statement.longestSeconds),
  ];
  const columns = (title: string) => [title, '>Calls', '>', '>Time', '>', '>Longest'];
  return [
    ...table(columns('Slowest in all'), slowest.map(row), caption),
    ...table(columns('Most frequent'), mostFrequent.map(row)),
  ];
}

function share(part: number, whole: number): Cell {
  return whole === 0 ? null : quantity(part / whole, 'ratio');
}

function calls(count: number): string {
  return `${count} ${count === 1 ? 'call' : 'calls'}`;
}

function shortened(text: string): string {
  return text.length <= SHORT_CHARACTERS ? text : `${text.slice(0, SHORT_CHARACTERS - 1).trimEnd()}…`;
}
