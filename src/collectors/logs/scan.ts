/** Searches a log as a stream, of any length and with any bytes. */
import type { LogFinding, LogFindingKind } from '../../model/profile/services.ts';
import { findingIn, HINTS, type LogOwner } from './patterns.ts';
import { beginningOf } from '../../model/bounds.ts';

const EXAMPLE_CHARACTERS = 200;
/** Only the beginning of a longer line is searched, and no more of it is kept in memory. */
const MAX_LINE_CHARACTERS = 16_384;

export interface LogScan {
  /** The next piece of the log, cut anywhere. Bytes that are not UTF-8 become replacement characters. */
  readonly add: (chunk: Buffer) => void;
  /** After the last piece. The most frequent first, deprecations last. */
  readonly findings: (service: string) => readonly LogFinding[];
}

interface Found {
  count: number;
  example: string;
  longestSeconds: number | null;
}

/** One scan for each stream: the two are cut independently of each other. */
export function createLogScan(of: LogOwner): LogScan {
  const found = new Map<LogFindingKind, Found>();
  const decoder = new TextDecoder();
  let rest = '';

  const look = (line: string) => {
    const finding = findingIn(line, of);
    if (finding !== null) note(found, line, finding);
  };

  return {
    add: (chunk) => {
      const text = rest + decoder.decode(chunk, { stream: true });
      const end = text.lastIndexOf('\n');
      rest = text.slice(end + 1).slice(0, MAX_LINE_CHARACTERS);
      if (end < 0 || !HINTS.test(text)) return;
      for (const line of text.slice(0, end).split('\n')) look(line.slice(0, MAX_LINE_CHARACTERS));
    },
    findings: (service) => {
      look(rest);
      rest = '';
      return [...found].map(([kind, each]) => ({ service, kind, ...each })).sort(byWeight);
    },
  };
}

function note(
  found: Map<LogFindingKind, Found>,
  line: string,
  { kind, seconds }: NonNullable<ReturnType<typeof findingIn>>,
): void {
  const known = found.get(kind);
  if (known === undefined) {
    found.set(kind, { count: 1, example: exampleOf(line), longestSeconds: seconds });
    return;
  }
  known.count += 1;
  if (seconds !== null && seconds > (known.longestSeconds ?? 0)) {
    known.longestSeconds = seconds;
    known.example = exampleOf(line);
  }
}

function exampleOf(line: string): string {
  return beginningOf(line.trim(), EXAMPLE_CHARACTERS);
}

export function byWeight(a: LogFinding, b: LogFinding): number {
  return Number(a.kind === 'deprecation') - Number(b.kind === 'deprecation') || b.count - a.count;
}
