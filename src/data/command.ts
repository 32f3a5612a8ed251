/** Runs a short command of the system, such as git or cp, and returns its outcome as data. */
import { execa } from 'execa';

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

/**
 * Runs a command to its end. @throws `signal.reason` on abort, after the command has ended
 */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  const [file = '', ...args] = argv;
  const { cwd, signal, env = process.env, input, encoding = 'utf8' } = options;
  signal?.throwIfAborted();
  const running = execa(file, args, {
    reject: false,
    encoding,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    extendEnv: false,
    // Messages in English, because we parse them. File names stay unchanged.
    env: { ...env, LC_ALL: 'C.UTF-8', LANGUAGE: '' },
    // In its own session: Ctrl-C in the terminal goes to Paceline only, and no program can stop to ask for a password.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  // Ends the command together with its child processes.
  const end = () => endGroup(running.pid);
  signal?.addEventListener('abort', end, { once: true });
  const ended = await running;
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  if (ended.code === 'ENOENT') return { kind: 'missing' };
  if (ended.exitCode !== undefined) {
    return { kind: 'exited', exitCode: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
  }
  if (ended.signal !== undefined) return { kind: 'killed', signal: ended.signal, stderr: ended.stderr };
  throw ended;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // It has already ended.
  }
}
