/**
 * Makes timings with reasons from the probe's output. Pure, and never throws: the output comes from a foreign
 * container.
 */
import { z } from 'zod';
import type { PostgresTiming, ServiceQueries, ServiceTiming, Statement, Timing } from '../../model/profile/services.ts';
import type { Target } from './targets.ts';

const MARK = 'PACELINE-PROBE ';

const seconds = z.array(z.number().nonnegative()).min(1).max(1000);
const failure = z.object({ code: z.string().nullable(), message: z.string() });
type Failure = z.infer<typeof failure>;
/** Rows of pg_stat_statements as text: the query, calls, ms in all, ms of the longest. */
const rows = z.array(z.tuple([z.string().nullable(), z.string(), z.string(), z.string()]));
const queries = z.union([
  z.object({ error: failure }),
  z.object({ calls: z.number(), ms: z.number(), slowest: rows, mostFrequent: rows }),
]);
const answer = z.object({
  dns: seconds.optional(),
  tcp: seconds.optional(),
  error: failure.optional(),
  postgres: z
    .object({
      auth: z.string().optional(),
      connect: seconds.optional(),
      select: seconds.optional(),
      write: seconds.optional(),
      queries: queries.nullish(),
      error: failure.optional(),
    })
    .optional(),
});

export interface ProbeAnswer {
  readonly timings: readonly ServiceTiming[];
  readonly queries: readonly ServiceQueries[];
}

/** @returns null if the output is not the probe's */
export function readAnswer(stdout: string, from: string, targets: readonly Target[]): ProbeAnswer | null {
  const line = stdout.split('\n').findLast((each) => each.startsWith(MARK));
  const parsed = z.array(answer).safeParse(line === undefined ? null : jsonOrNull(line.slice(MARK.length)));
  if (!parsed.success || parsed.data.length !== targets.length) return null;
  const pairs = targets.map((target, index) => ({ target, asked: parsed.data[index]! }));
  return {
    timings: pairs.map(({ target, asked }) => timingOf(from, target, asked)),
    queries: pairs.flatMap(({ target, asked }) => queriesOf(target.service, asked)),
  };
}

/** The same for targets that could not be asked at all. */
export function notAsked(reason: string, from: string, targets: readonly Target[]): readonly ServiceTiming[] {
  return targets.map(({ service, port }) => {
    const none = { kind: 'notMeasured', reason } as const;
    return { from, service, port, dns: none, tcp: none, postgres: null };
  });
}

type Answer = z.infer<typeof answer>;

function timingOf(from: string, { service, port, postgres }: Target, asked: Answer): ServiceTiming {
  const reason = asked.error === undefined ? 'it was not asked' : reasonOf(asked.error, service, port);
  return {
    from,
    service,
    port,
    dns: timing(asked.dns, reason),
    tcp: timing(asked.tcp, reason),
    postgres: postgres === null || asked.postgres === undefined ? null : postgresTiming(asked.postgres, postgres.user),
  };
}

function postgresTiming(asked: NonNullable<Answer['postgres']>, user: string): PostgresTiming {
  const reason = asked.error === undefined ? 'it was not asked' : postgresReason(asked.error, user);
  return {
    auth: asked.auth ?? null,
    connect: timing(asked.connect, reason),
    select: timing(asked.select, reason),
    write: timing(asked.write, reason),
  };
}

function timing(calls: readonly number[] | undefined, reason: string): Timing {
  if (calls === undefined) return { kind: 'notMeasured', reason };
  const sorted = [...calls].sort((a, b) => a - b);
  return {
    kind: 'measured',
    calls: sorted.length,
    medianSeconds: (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2,
    p95Seconds: sorted[Math.ceil(sorted.length * 0.95) - 1]!,
  };
}

function reasonOf({ code, message }: Failure, service: string, port: number): string {
  switch (code) {
    case 'dns':
      return `the name \`${service}\` is unknown there: the two services share no network`;
    case 'refused':
      return `nothing listens on port ${port} (connection refused)`;
    case 'timeout':
      return `port ${port} did not answer within 2 s`;
    case null:
    default:
      return message;
  }
}

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function postgresReason({ code, message }: Failure, user: string): string {
  if (/no encryption|SSL off|(?:ssl|tls)\b.*\brequired/i.test(message)) return 'the server requires TLS';
  switch (code) {
    case 'no-password':
      return message;
    case 'timeout':
      return 'the server did not answer within 2 s';
    case '28P01':
      return `the server refused the password that the service's environment has for \`${user}\``;
    case null:
      return message;
    default:
      return `the server refused: ${message} (${code})`;
  }
}

function queriesOf(service: string, { postgres }: Answer): ServiceQueries[] {
  const found = postgres?.queries;
  if (found === undefined || found === null || 'error' in found || found.calls === 0) return [];
  return [
    {
      service,
      source: 'pg_stat_statements',
      calls: found.calls,
      seconds: found.ms / 1000,
      slowest: found.slowest.flatMap(statementOf),
      mostFrequent: found.mostFrequent.flatMap(statementOf),
    },
  ];
}

function statementOf([query, calls, ms, longestMs]: z.infer<typeof rows>[number]): Statement[] {
  const statement = {
    text: (query ?? 'insufficient privilege').replaceAll(/\s+/g, ' ').trim(),
    calls: Number(calls),
    seconds: Number(ms) / 1000,
    longestSeconds: Number(longestMs) / 1000,
  };
  return [statement.calls, statement.seconds, statement.longestSeconds].every(Number.isFinite) ? [statement] : [];
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
