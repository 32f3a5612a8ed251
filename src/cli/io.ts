/** What a command uses of the process: streams, environment and directory. */
import { text } from 'node:stream/consumers';
import pc from 'picocolors';

export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Reads all of stdin. Works once. */
  readonly input: () => Promise<string>;
  /** For the result only. */
  readonly out: (text: string) => void;
  /** For progress, notes and problems. */
  readonly err: (text: string) => void;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

export interface Terminal {
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** Columns. Read at each call, because people resize their windows. */
  readonly width: () => number;
  readonly height: () => number;
}

const WIDTH_WITHOUT_TERMINAL = 100;

/** The real process. `color: false` is `--no-color`. NO_COLOR and FORCE_COLOR have their usual meaning. */
export function processIo({ color }: { readonly color: boolean }): Io {
  return {
    env: process.env,
    cwd: process.cwd(),
    input: () => text(process.stdin),
    out: (output) => void process.stdout.write(output),
    err: (output) => void process.stderr.write(output),
    stdout: terminal(process.stdout, color),
    stderr: terminal(process.stderr, color),
  };
}

/** Some terminals report the size 0. */
function terminal(stream: NodeJS.WriteStream, color: boolean): Terminal {
  const isTerminal = stream.isTTY ?? false;
  const forced = Boolean(process.env['FORCE_COLOR']);
  return {
    isTerminal,
    color: color && !process.env['NO_COLOR'] && (forced || (isTerminal && pc.isColorSupported)),
    width: () => (isTerminal ? stream.columns || 80 : WIDTH_WITHOUT_TERMINAL),
    height: () => (isTerminal ? stream.rows || 24 : Number.POSITIVE_INFINITY),
  };
}
