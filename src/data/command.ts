/**
 * A short-lived command of the system's, such as git or cp, with its outcome as data. It uses Node's own `spawn`, since every
 * command of Paceline's loads this file, and to load execa takes longer than most of these commands run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface CommandOptions {
  readonly cwd?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The complete environment. @default that of this process */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** @default no input */
  readonly input?: Uint8Array | undefined;
  /** Encoding of the output. `latin1` has one character per byte. @default utf8 */
  readonly encoding?: 'utf8' | 'latin1' | undefined;
}

export type CommandOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly stderr: string }
  /** The program does not exist. */
  | { readonly kind: 'missing' };

/** A command that prints more is ended. */
const MOST_BYTES = 100_000_000;
/** From asking a command to end until it is killed. */
const GRACE_MS = 2_000;

/**
 * Runs a command to its end; the last line break of its output is left out.
 * @throws `signal.reason` on abort, when the command has ended
 */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  const [file = '', ...args] = argv;
  const { cwd, signal, env = process.env, input, encoding = 'utf8' } = options;
  signal?.throwIfAborted();
  const child = spawn(file, args, {
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // Messages in English, for us to read, and file names as they are.
    env: { ...env, LC_ALL: 'C.UTF-8', LANGUAGE: '' },
    // In its own session: Ctrl-C in the terminal goes to Paceline only, and no program can stop to ask for a password.
    detached: true,
  });
  const end = () => endGroup(child);
  signal?.addEventListener('abort', end, { once: true });
  try {
    // A command may end before it has read its input.
    child.stdin?.on('error', () => {}).end(input);
    const [[exitCode, killedBy], stdout, stderr] = await Promise.all([
      once(child, 'close') as Promise<[number | null, string | null]>,
      textOf(child.stdout!, encoding, end),
      textOf(child.stderr!, encoding, end),
    ]);
    signal?.throwIfAborted();
    if (exitCode !== null) return { kind: 'exited', exitCode, stdout, stderr };
    return { kind: 'killed', signal: killedBy ?? 'unknown', stderr };
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' };
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

async function textOf(stream: Readable, encoding: BufferEncoding, end: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) end();
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString(encoding)
    .replace(/\r?\n$/, '');
}

/** What the command started ends with it. */
function endGroup(child: ChildProcess): void {
  killGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has already ended.
  }
}
