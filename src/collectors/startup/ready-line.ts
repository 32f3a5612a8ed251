/** The line of a service's log that reports that it can be used. */
import { StringDecoder } from 'node:string_decoder';
import type { Engine, LogsRead } from '../../docker/engine/engine.ts';
import { beginningOf } from '../../model/bounds.ts';

interface Kind {
  /** Of the image's name. */
  readonly image: RegExp;
  readonly ready: RegExp;
}

/** Lines of servers that tests often use, in their default logs, when they listen. */
const KINDS: readonly Kind[] = [
  { image: /postg|timescale/, ready: /database system is ready to accept connections/ },
  { image: /redis|valkey/, ready: /ready to accept connections/i },
  { image: /mysql|mariadb|percona/, ready: /ready for connections/ },
  { image: /mongo/, ready: /waiting for connections/i },
  { image: /rabbitmq/, ready: /server startup complete/i },
  { image: /kafka|redpanda/, ready: /\bKafka ?Server.*started|Successfully started/i },
  { image: /elastic|opensearch/, ready: /\bstarted\b.*\bnode|"message": ?"started/i },
  { image: /memcached/, ready: /server listening/i },
  { image: /nginx/, ready: /start worker process/ },
];

/** For all other services: lines of web servers and frameworks. Only lines that report listening, not a plan to listen. */
const ANY =
  /\b(?:now )?listening (?:on|at|for)\b|ready to accept connections|ready for connections|application startup complete|server (?:is )?(?:running|started|listening|ready)\b|\bstarted \w+ in [\d.]+ (?:s|seconds)\b|\bserving (?:on|at|HTTP on)\b/i;

/** PostgreSQL's and MySQL's images start a server to set the database up, and stop it again. */
const STOPS = /shutting down|shut down|shutdown request|shutdown complete/i;

/** Its log is known to report when it can be used, so it is worth waiting for. */
export function tellsInItsLog(image: string): boolean {
  return kindOf(image) !== undefined;
}

/** @returns whether the line reports that the service can be used, or that it stops; null for any other line */
export function readLine(line: string, image: string): 'ready' | 'stops' | null {
  if ((kindOf(image)?.ready ?? ANY).test(line)) return 'ready';
  return STOPS.test(line) ? 'stops' : null;
}

function kindOf(image: string): Kind | undefined {
  // Only the last part of the name: a registry may have any name.
  const name = image.split('/').at(-1) ?? image;
  return KINDS.find((kind) => kind.image.test(name));
}

export interface FollowReadyLine {
  readonly engine: Pick<Engine, 'followLogs'>;
  readonly container: string;
  readonly image: string;
  /** The first line that reports it, shortened; null if the service stops after all. */
  readonly onLine: (line: string | null) => void;
  readonly signal: AbortSignal;
}

const LONGEST_SHOWN = 100;
/** A log without line breaks is not kept whole. */
const LONGEST_LINE = 10_000;

/** From the log's beginning until the container stops; at once where it has no log to read. @throws the signal's reason; PacelineError EngineUnavailable */
export async function followReadyLine({
  engine,
  container,
  image,
  onLine,
  signal,
}: FollowReadyLine): Promise<LogsRead> {
  let isReady = false;
  const onText = (line: string) => {
    const text = withoutColours(line);
    const said = readLine(text, image);
    if (said === 'ready' && !isReady) onLine(shortened(text));
    if (said === 'stops' && isReady) onLine(null);
    if (said !== null) isReady = said === 'ready';
  };
  const streams = { stdout: lineReader(onText), stderr: lineReader(onText) };
  const read = await engine.followLogs(container, { signal, onChunk: (chunk, stream) => streams[stream](chunk) });
  if (isReady) onLine(null);
  return read;
}

function lineReader(onText: (text: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const lines = `${rest}${decoder.write(chunk)}`.split('\n');
    rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    for (const line of lines) onText(line);
  };
}

function withoutColours(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return line.replaceAll(/\u001b\[[0-9;]*m/g, '').trim();
}

/** A report shows no more of it. */
function shortened(text: string): string {
  return beginningOf(text, LONGEST_SHOWN);
}
