/** Starts the pages in a process of their own, next to a worker. */
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PacelineError } from '../../model/failure.ts';
import type { FromPages, PagesSettings, ToPages } from './settings.ts';

const PROGRAM = fileURLToPath(new URL(`./process.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url));
/** To answer what was asked last. */
const STOP_MS = 2_000;
/** A process that ends by itself may do so again at once. */
const RESTART_MS = 1_000;
const MOST_RESTARTS = 5;

export interface RunningPages {
  /** As a person opens them. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param say told when the pages stopped by themselves: what is measured does not depend on them
 * @throws PacelineError WrongUsage if the port is in use or the host is not one of this machine; those of openStore
 */
export async function startPages(
  settings: PagesSettings,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<RunningPages> {
  let { child, url } = await startProcess(settings, env);
  const port = Number(new URL(url).port);
  const stopped = new AbortController();
  let restarts = 0;
  const restartWhenItEnds = () =>
    child.once('exit', () => {
      if (stopped.signal.aborted) return;
      restarts += 1;
      if (restarts > MOST_RESTARTS) return say('The pages stopped again and are not restarted. Runs go on.');
      say('The pages stopped and are restarted. Runs go on.');
      setTimeout(() => void restart(), RESTART_MS).unref();
    });
  const restart = async () => {
    if (stopped.signal.aborted) return;
    try {
      ({ child, url } = await startProcess({ ...settings, port }, env));
      if (stopped.signal.aborted) child.kill('SIGKILL');
      else restartWhenItEnds();
    } catch (error) {
      say(`The pages could not be restarted: ${error instanceof PacelineError ? error.problem.what : String(error)}`);
    }
  };
  restartWhenItEnds();
  return {
    url,
    close: async () => {
      stopped.abort();
      await stopProcess(child);
    },
  };
}

async function startProcess(
  settings: PagesSettings,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const cache = getCompileCacheDir();
  const child = fork(PROGRAM, [], {
    env: { ...env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answer = await new Promise<FromPages>((resolve, reject) => {
    child.once('message', (message) => resolve(message as FromPages));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process of the pages ended with exit code ${code}`)));
    child.send({ kind: 'start', settings } satisfies ToPages);
  });
  if (answer.kind === 'failed') throw new PacelineError(answer.problem);
  return { child, url: answer.url };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  if (child.connected) child.send({ kind: 'stop' } satisfies ToPages);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
