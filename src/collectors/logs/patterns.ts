/**
 * The log lines to find in tests and services: those that cost time, or hide problems. The only table; a line counts for
 * the first row that it matches. Patterns are narrow on purpose: a finding that is none costs a reader more than one missed.
 */
import type { LogFindingKind } from '../../model/profile/services.ts';

export interface LogPattern {
  readonly kind: LogFindingKind;
  /** What such a line contains. */
  readonly pattern: RegExp;
  /** The seconds in the line, if there are any. A line with less than `minimumSeconds` is not counted. */
  readonly secondsOf?: (match: RegExpExecArray) => number;
  readonly minimumSeconds?: number;
  /** Not a problem in the service's own log. */
  readonly ofTestsAlone?: true;
}

/** Below this a statement is not slow; projects may log every statement. */
const SLOW_QUERY_SECONDS = 0.1;

export const LOG_PATTERNS: readonly LogPattern[] = [
  {
    // PostgreSQL: log_min_duration_statement, auto_explain; MongoDB writes durationMillis.
    kind: 'slowQuery',
    pattern: /\bduration: (\d+(?:\.\d+)?) ms\b|"durationMillis":(\d+)/,
    secondsOf: ([, postgres, mongo]) => Number(postgres ?? mongo) / 1000,
    minimumSeconds: SLOW_QUERY_SECONDS,
  },
  {
    // MySQL's and MariaDB's slow query log.
    kind: 'slowQuery',
    pattern: /^# Query_time: (\d+(?:\.\d+)?)/,
    secondsOf: ([, seconds]) => Number(seconds),
    minimumSeconds: SLOW_QUERY_SECONDS,
  },
  {
    kind: 'outOfMemory',
    pattern:
      /\bout of memory\b|\bOutOfMemory|\bcannot allocate memory|\bMemoryError\b|\bOOM command not allowed|\boom-kill/i,
  },
  { kind: 'diskFull', pattern: /\bno space left on device\b|\bdisk quota exceeded\b/i },
  {
    kind: 'connectionLimit',
    pattern:
      /\btoo many (?:clients already|connections\b)|\bremaining connection slots\b|\bmax number of clients reached\b/i,
  },
  {
    kind: 'lock',
    pattern:
      /\bdeadlock (?:detected|found)|\bstill waiting for \w+Lock\b|\bcould not obtain lock\b|\bdatabase is locked\b/i,
  },
  {
    kind: 'connectionFailed',
    pattern:
      /\bconnection refused\b|\bECONNREFUSED\b|\bconnection reset by peer\b|\bcould not connect to server\b|\bName or service not known\b/i,
  },
  {
    // In the server's own log this is its healthcheck, at every start.
    kind: 'connectionFailed',
    pattern: /\bthe database system is (?:starting up|shutting down|not yet accepting)/i,
    ofTestsAlone: true,
  },
  {
    kind: 'timeout',
    pattern:
      /\btimed out\b|\bTimeout(?:Error|Exception|Expired)\b|\bETIMEDOUT\b|\b(?:statement|lock|connection) timeout\b|\bdeadline exceeded\b/i,
  },
  {
    kind: 'retry',
    pattern:
      /\bretrying\b|\bretry (?:in|after|attempt)\b|\bwill retry\b|\battempt \d+ ?(?:of|\/) ?\d+\b|\breconnecting\b/i,
  },
  {
    kind: 'deprecation',
    pattern:
      /\b(?:Pending)?DeprecationWarning\b|\bFutureWarning\b|\bis deprecated\b|\bdeprecated and will be removed\b/i,
  },
];

/** Not a problem in the name of a test: `tests/test_retry.py::test_times_out_and_is_retrying PASSED`. */
const TEST_NAME = /\.py::|^\S+\.py [.FEsxX]+/;

export type LogOwner = 'tests' | 'service';

/** @returns the row that a line counts for; null for all others */
export function findingIn(
  line: string,
  of: LogOwner,
): { readonly kind: LogFindingKind; readonly seconds: number | null } | null {
  for (const { kind, pattern, secondsOf, minimumSeconds = 0, ofTestsAlone } of LOG_PATTERNS) {
    if (ofTestsAlone && of !== 'tests') continue;
    const match = pattern.exec(line);
    if (match === null || TEST_NAME.test(line)) continue;
    const seconds = secondsOf?.(match) ?? null;
    if (seconds === null || seconds >= minimumSeconds) return { kind, seconds };
  }
  return null;
}

/** Every line that counts has one of these words, so a text without them need not be searched line by line. */
export const HINTS =
  /duration|query_time|memory|oom|space left|quota|too many|slots|max number|lock|refused|reset by|database system|could not|not known|timed|timeout|deadline|retry|attempt|reconnect|deprecat|futurewarning/i;
