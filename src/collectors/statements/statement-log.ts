/**
 * Reads statements with their durations from a stream of a PostgreSQL log (log_min_duration_statement = 0). In the
 * extended protocol a statement has up to three lines, for parse, bind and execute. They count as one call with their
 * total time.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
import type { ServiceQueries, Statement } from '../../model/profile/services.ts';

const ROWS = 10;
const TEXT_CHARACTERS = 500;
/** Further statements count only in the sums: a suite may write values into names. */
const MAX_STATEMENTS = 5_000;
const MAX_LINE_CHARACTERS = 16_384;

const ENTRY = /\bduration: (\d+(?:\.\d+)?) ms {2}(statement|parse|bind|execute)(?: [^:]*)?: (.*)$/;

export interface StatementLog {
  readonly add: (chunk: Buffer) => void;
  /** After the last piece; null if no statement was logged. */
  readonly summary: () => Omit<ServiceQueries, 'service' | 'source'> | null;
}

export function createStatementLog(): StatementLog {
  const decoder = new TextDecoder();
  const found = new Map<string, { calls: number; seconds: number; longestSeconds: number }>();
  let rest = '';
  let calls = 0;
  let seconds = 0;
  let open: { readonly seconds: number; readonly isCall: boolean; text: string } | null = null;

  const close = () => {
    if (open === null) return;
    const { isCall, seconds: took } = open;
    const text = withoutValues(open.text);
    open = null;
    calls += Number(isCall);
    seconds += took;
    const known = found.get(text) ?? { calls: 0, seconds: 0, longestSeconds: 0 };
    known.calls += Number(isCall);
    known.seconds += took;
    known.longestSeconds = Math.max(known.longestSeconds, took);
    if (found.has(text) || found.size < MAX_STATEMENTS) found.set(text, known);
  };

  const look = (line: string) => {
    // A statement of several lines continues after a tab.
    if (line.startsWith('\t')) {
      if (open !== null && open.text.length < MAX_LINE_CHARACTERS) open.text += ` ${line.trim()}`;
      return;
    }
    close();
    const [, ms = '', kind, text = ''] = ENTRY.exec(line) ?? [];
    if (kind === undefined) return;
    open = { seconds: Number(ms) / 1000, isCall: kind === 'statement' || kind === 'execute', text };
  };

  return {
    add: (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
      for (const line of lines) look(line);
    },
    summary: () => {
      look(rest);
      close();
      if (calls === 0) return null;
      const all: Statement[] = [...found].map(([text, figures]) => ({ text, ...figures }));
      const by = (figure: 'seconds' | 'calls') => [...all].sort((a, b) => b[figure] - a[figure]).slice(0, ROWS);
      return { calls, seconds, slowest: by('seconds'), mostFrequent: by('calls') };
    },
  };
}

/**
 * The statement's form: each constant, or list of constants, becomes `?`, so that calls with other values are the same
 * statement.
 */
export function withoutValues(statement: string): string {
  const form = statement
    .replaceAll(/'(?:[^']|'')*'/g, '?')
    .replaceAll(/(?<![\w$])-?\d+(?:\.\d+)?\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\?(?:, ?\?)+/g, '?, …')
    .replaceAll(/(\(\?, …\)|\(\?\))(?:, ?(?:\(\?, …\)|\(\?\)))+/g, '$1, …')
    .trim();
  // Copied: a slice would keep the whole statement in memory.
  return form.length <= TEXT_CHARACTERS ? form : Buffer.from(form.slice(0, TEXT_CHARACTERS)).toString();
}
