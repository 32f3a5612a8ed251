/** What a command may touch of the process: its streams, environment and folder. */
import { text } from 'node:stream/consumers';
import pc from 'picocolors';

export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** All of stdin, once. */
  readonly input: () => Promise<string>;
  /** The result, and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, notes and problems. */
  readonly err: (text: string) => void;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

export interface Terminal {
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** Columns, read anew each time: people resize their windows. */
  readonly width: () => number;
  readonly height: () => number;
}

const WIDTH_WITHOUT_TERMINAL = 100;

/** The real process. `color: false` is `--no-color`; NO_COLOR and FORCE_COLOR count as everywhere. */
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

/** Some terminals do not tell their size and say 0. */
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
