/** The real command as a child process, on the Node that runs the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/cli/io.ts';
import { runProgram } from '../../src/cli/program.ts';
import { OWN_PLACES } from './ports.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly output: Promise<Output>;
  /** What it has printed so far. */
  readonly seen: () => { readonly stdout: string; readonly stderr: string };
  /** Resolves once the output (both streams) matches. */
  readonly until: (pattern: RegExp) => Promise<void>;
}

/**
 * A clean environment: neither this machine's Temporal nor CI's variables decide what the command does, and neither ports nor
 * data of others are used where a test names none.
 */
export function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TEMPORAL_|GITHUB_|PACELINE_|NO_COLOR|FORCE_COLOR|CI$)/.test(name),
  );
  // What is tested is not a time, so nothing waits for a quiet machine.
  return {
    ...Object.fromEntries(kept),
    TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
    PACELINE_QUIET_SECONDS: '0',
    ...OWN_PLACES,
    ...extra,
  };
}

/** @param options.ownGroup it leads a process group, to which a test may send what a terminal sends on Ctrl-C */
export function startPaceline(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; ownGroup?: boolean } = {},
): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...argv], {
    env: environment(options.env ?? {}),
    cwd: options.cwd,
    detached: options.ownGroup ?? false,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const waiting: (() => void)[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const look of waiting) look();
    });
  }
  const output = new Promise<Output>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...text }));
  });
  return {
    child,
    output,
    seen: () => ({ ...text }),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text.stdout + text.stderr)) resolve();
        };
        waiting.push(look);
        look();
        void output.then(() => reject(new Error(`ended without ${pattern}: ${text.stdout}${text.stderr}`)), reject);
      }),
  };
}

/** The same command in this process: for the many that end before anything is started. */
export async function pacelineHere(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd: string; input?: string },
): Promise<Output> {
  const text = { stdout: '', stderr: '' };
  const plain = { isTerminal: false, color: false, width: () => 100, height: () => Number.POSITIVE_INFINITY };
  const io: Io = {
    env: environment(options.env ?? {}),
    cwd: options.cwd,
    input: async () => options.input ?? '',
    out: (more) => (text.stdout += more),
    err: (more) => (text.stderr += more),
    stdout: plain,
    stderr: plain,
  };
  const code = await runProgram(argv, io, (signal) => {
    throw new Error(`left by ${signal}`);
  });
  return { code, ...text };
}

export function paceline(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Output> {
  return startPaceline(argv, options).output;
}
