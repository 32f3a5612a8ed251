/**
 * Long docker commands that outlive the worker. A command on pipes dies at its next output once its reader is gone; here it
 * has its own session and writes to files in its own folder, and a later attempt continues to read them:
 *
 *     FOLDER/         made exclusively: that is the claim, so the command runs once however many ask for it
 *       command.json  what was run and where, for people
 *       pid           pid, start time and boot id of the shell around it; made exclusively before the command begins
 *       stdout stderr
 *       exit          the exit code, appearing whole
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { link, mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { IDENTITY_IN_SHELL, isAlive, type ProcessIdentity } from './processes.ts';
import { startedIn } from './working-folder.ts';

export interface DetachedCommand {
  /** Names this one execution: a later call with the same folder never starts it again. */
  readonly folder: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The command's whole environment but `PWD`. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops the waiting, not the command: for that there is `stopDetached`. */
  readonly signal?: AbortSignal;
  /** Everything written to stderr, from the beginning also when the command was adopted. */
  readonly onStderrChunk?: (chunk: Buffer) => void;
}

export interface Exited {
  readonly kind: 'exited';
  /** In a shell's terms: 127 not found, 128 + n ended by signal n. */
  readonly exitCode: number;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** It was started by an earlier call. */
  readonly adopted: boolean;
}

export type DetachedResult =
  | Exited
  /**
   * The command is gone, and its end is unknown. So its timing is void. To retry, call `setAside` or use another
   * folder.
   */
  | { readonly kind: 'lost'; readonly reason: string };

/** What was run: a command line can hold a build argument that is a secret. */
export const COMMAND_FILE = 'command.json';

/** Fast enough for commands that take seconds, and causes no load. */
const POLL_MS = 100;
/**
 * A claim without a process is given up after this time. The process usually follows within milliseconds, on a busy
 * machine within a second.
 */
const CLAIM_MS = 15_000;

/**
 * $1 is the folder, the rest is the command. `ln` fails if the file exists, so a claim that was given up meanwhile is
 * never started. With the trap the shell survives a TERM to its group and records how the command ended.
 */
const WRAPPER = `${IDENTITY_IN_SHELL}
folder=$1; shift
printf '%s\\n%s\\n%s\\n' "$$" "$(start_time)" "$(boot_id)" > "$folder/pid.new" || exit 125
ln "$folder/pid.new" "$folder/pid" 2>/dev/null || exit 125
trap : TERM INT HUP
"$@"
printf '%s\\n' "$?" > "$folder/exit.new" && mv "$folder/exit.new" "$folder/exit"
`;

/**
 * Runs a command to its end. If an earlier call started it, continues to read, even if that process was killed.
 * @throws the signal's reason when aborted; the command then continues
 */
export async function runDetached(command: DetachedCommand): Promise<DetachedResult> {
  command.signal?.throwIfAborted();
  const adopted = !(await claim(command.folder));
  const child = adopted ? null : await begin(command);
  return await follow(command, child, adopted);
}

/**
 * Whether a signal ended it. Docker's clients do not pass on such a code of what they start. So the client itself was
 * killed, and the end of its work is unknown.
 */
export function wasKilled({ exitCode }: { readonly exitCode: number }): boolean {
  return exitCode > 128;
}

/** When the command began, in ms since 1970; null if it never did. */
export async function beganMs(folder: string): Promise<number | null> {
  return (await stat(join(folder, 'pid')).catch(() => null))?.mtimeMs ?? null;
}

/**
 * Continues to read a command that an earlier call started. @returns null if none was started; @throws the signal's
 * reason
 */
export async function adoptDetached(folder: string, signal: AbortSignal): Promise<DetachedResult | null> {
  signal.throwIfAborted();
  return (await exists(folder)) ? await follow({ folder, signal }, null, true) : null;
}

/**
 * Ends the command: TERM to everything that it started, then KILL to what is left after `graceMs`. Does nothing unless
 * the process is the same one that was started here. A caller that waits for the command gets its exit code, or `lost`
 * if it was killed.
 * @returns whether a command was running
 */
export async function stopDetached(folder: string, graceMs = 10_000): Promise<boolean> {
  if (!(await exists(folder))) return false;
  // A command that has not started yet will never start.
  await giveUp(folder);
  const claim = await readClaim(folder);
  if (claim.kind !== 'begun' || !(await isAlive(claim.process))) return false;
  const { process } = claim;
  signalGroup(process.pid, 'SIGTERM');
  for (const end = performance.now() + graceMs; performance.now() < end; await delay(POLL_MS)) {
    if (!(await isAlive(process))) return true;
  }
  if (await isAlive(process)) signalGroup(process.pid, 'SIGKILL');
  return true;
}

/** Keeps the folder of a lost command under another name, so that the command can be run again. @returns where it is now */
export async function setAside(folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const aside = `${folder}.lost-${number}`;
    if (await exists(aside)) continue;
    await rename(folder, aside);
    return aside;
  }
}

async function claim(folder: string): Promise<boolean> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function begin({ folder, argv, cwd, env }: DetachedCommand): Promise<ChildProcess> {
  await writeFile(join(folder, COMMAND_FILE), `${JSON.stringify({ argv, cwd }, null, 2)}\n`);
  const stdout = await open(join(folder, 'stdout'), 'w');
  const stderr = await open(join(folder, 'stderr'), 'w');
  try {
    const child = spawn('/bin/sh', ['-c', WRAPPER, 'paceline', resolve(folder), ...argv], {
      cwd,
      env: startedIn(cwd, env),
      detached: true,
      stdio: ['ignore', stdout.fd, stderr.fd],
    });
    // Without a listener the error would end the worker. `child.pid` shows that there is no process.
    child.on('error', () => {});
    child.unref();
    return child;
  } finally {
    await stdout.close();
    await stderr.close();
  }
}

type Followed = Pick<DetachedCommand, 'folder' | 'signal' | 'onStderrChunk'>;

async function follow(command: Followed, child: ChildProcess | null, adopted: boolean): Promise<DetachedResult> {
  const { folder, signal } = command;
  const [stdoutFile, stderrFile] = [join(folder, 'stdout'), join(folder, 'stderr')];
  const passOn = command.onStderrChunk === undefined ? async () => {} : reader(stderrFile, command.onStderrChunk);
  if (child !== null && child.pid === undefined) {
    await giveUp(folder);
    return { kind: 'lost', reason: 'the command could not be started' };
  }
  for (;;) {
    // Checked in this order, so that a command that ends between the two checks counts as ended, not as lost.
    const running = await isRunning(folder);
    const exitCode = await readExitCode(folder);
    await passOn();
    if (exitCode !== null) return { kind: 'exited', exitCode, stdoutFile, stderrFile, adopted };
    if (running !== 'running') return { kind: 'lost', reason: running };
    await nextLook(child, signal);
  }
}

/** Waits until the child ends, or until it is time to look again. @throws the signal's reason */
async function nextLook(child: ChildProcess | null, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((look) => {
    const done = () => {
      clearTimeout(timer);
      child?.off('exit', done);
      signal?.removeEventListener('abort', done);
      look();
    };
    const timer = setTimeout(done, POLL_MS);
    child?.once('exit', done);
    signal?.addEventListener('abort', done);
  });
  signal?.throwIfAborted();
}

/** @returns `running` (also if it is about to), or why it is lost */
async function isRunning(folder: string): Promise<string> {
  const claim = await readClaim(folder);
  if (claim.kind === 'givenUp') return 'the command was claimed but never started';
  if (claim.kind === 'begun')
    return (await isAlive(claim.process)) ? 'running' : 'the command ended without leaving an exit code';
  const { mtimeMs: lastSignOfLifeMs } = await stat(folder);
  if (Date.now() - lastSignOfLifeMs < CLAIM_MS) return 'running';
  await giveUp(folder);
  return 'running';
}

/** Writes the pid file itself, so that a late shell does not start the command. The next look reads the file. */
async function giveUp(folder: string): Promise<void> {
  const empty = join(folder, 'pid.given-up');
  await writeFile(empty, '');
  await link(empty, join(folder, 'pid')).catch(() => {});
}

type Claim =
  | { readonly kind: 'notBegun' }
  | { readonly kind: 'givenUp' }
  | { readonly kind: 'begun'; readonly process: ProcessIdentity };

/** Reads the file once: it may appear at any moment, and then it is complete. */
async function readClaim(folder: string): Promise<Claim> {
  const text = await readOrNull(join(folder, 'pid'));
  if (text === null) return { kind: 'notBegun' };
  const [pid, startTime, ...bootId] = text.trim().split('\n');
  if (!pid || startTime === undefined) return { kind: 'givenUp' };
  const process = { pid: Number(pid), startTime: startTime.trim(), bootId: bootId.join('\n').trim() };
  return { kind: 'begun', process };
}

async function readExitCode(folder: string): Promise<number | null> {
  const text = await readOrNull(join(folder, 'exit'));
  return text === null ? null : Number(text);
}

/** Passes on what has been added to `file` since the last time. */
function reader(file: string, onChunk: (chunk: Buffer) => void): () => Promise<void> {
  let position = 0;
  return async () => {
    if (!(await exists(file))) return;
    const handle = await open(file, 'r');
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        onChunk(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
