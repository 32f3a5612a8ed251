/** What one trial recorded of the services next to its tests: how fast they answer, which statements they ran, what they logged. */

/** The median and the 95th percentile of a number of calls, one after another. */
export type Timing =
  | {
      readonly kind: 'measured';
      readonly calls: number;
      readonly medianSeconds: number;
      readonly p95Seconds: number;
    }
  | { readonly kind: 'notMeasured'; readonly reason: string };

/** A TCP port of a service, asked after the tests have ended. */
export interface ServiceTiming {
  /** From where: the test service's own place, or another service's network namespace. */
  readonly from: string;
  readonly service: string;
  readonly port: number;
  /** Its name looked up, as the tests do. */
  readonly dns: Timing;
  /** A connection to its address, opened. */
  readonly tcp: Timing;
  /** null if it is not PostgreSQL, or was probed from another service. */
  readonly postgres: PostgresTiming | null;
}

export interface PostgresTiming {
  /** How the server had the probe authenticate: `trust`, `password`, `md5`, `scram-sha-256`; null if it never came to that. */
  readonly auth: string | null;
  /** TCP, authentication and the server's own start of a session. */
  readonly connect: Timing;
  /** `SELECT 1` in an open session. */
  readonly select: Timing;
  /** One row into a temporary table, each in its own transaction. */
  readonly write: Timing;
}

/** The statements that the tests had a PostgreSQL server run. */
export interface ServiceQueries {
  readonly service: string;
  /** The server's own statistics, or its log in a warm-up, which is not judged. */
  readonly source: 'pg_stat_statements' | 'log';
  readonly calls: number;
  readonly seconds: number;
  /** By their seconds in all, the most first. */
  readonly slowest: readonly Statement[];
  /** By their calls, the most first. */
  readonly mostFrequent: readonly Statement[];
}

export interface Statement {
  /** Its values left out; cut off where it is long. */
  readonly text: string;
  readonly calls: number;
  readonly seconds: number;
  readonly longestSeconds: number;
}

/** Bytes of one container's network, as its network namespace counts them. */
export interface ContainerTraffic {
  readonly service: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** The kinds of log findings; the words and patterns are in src/collectors/logs/patterns.ts. */
export type LogFindingKind =
  | 'slowQuery'
  | 'connectionFailed'
  | 'connectionLimit'
  | 'retry'
  | 'timeout'
  | 'lock'
  | 'outOfMemory'
  | 'diskFull'
  | 'ended'
  | 'deprecation';

export interface LogFinding {
  /** The service whose log it is. */
  readonly service: string;
  readonly kind: LogFindingKind;
  readonly count: number;
  /** The first such line, of slow queries the slowest; cut off where it is long. */
  readonly example: string;
  /** The longest duration that the lines tell, in seconds; null if they tell none. */
  readonly longestSeconds: number | null;
}
