/** Short docker commands. Long ones, which a later attempt may have to continue, are detached. */
import { execa } from 'execa';
import { PacelineError } from '../../model/failure.ts';
import type { Endpoint } from './endpoint.ts';
import { OWN_SESSION } from './own-session.ts';
import { startedIn } from './working-folder.ts';

export interface DockerOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunDockerOptions {
  readonly cwd?: string;
  /** The whole environment but `PWD`; by default the endpoint's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Given on stdin. Without it, stdin is empty. */
  readonly input?: string;
}

/** Limit for each stream. If compose prints more for a project, reading it would fill the memory. */
const MOST_CHARACTERS = 32_000_000;

/**
 * @returns the output and the exit code, also of a failure
 * @throws PacelineError ComposeFailed if the output has no end; the signal's reason; an error if the command cannot be
 * started
 */
export async function runDocker(
  endpoint: Endpoint,
  args: readonly string[],
  { cwd, env = endpoint.env, signal, timeoutMs, input }: RunDockerOptions = {},
): Promise<DockerOutput> {
  const { exitCode, stdout, stderr, failed, cause, isMaxBuffer } = await execa(endpoint.cli, args, {
    env: cwd === undefined ? env : startedIn(cwd, env),
    extendEnv: false,
    reject: false,
    maxBuffer: MOST_CHARACTERS,
    ...OWN_SESSION,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    // So a command that reads stdin finds its end and does not wait.
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  signal?.throwIfAborted();
  if (isMaxBuffer) {
    throw new PacelineError({
      type: 'ComposeFailed',
      what: `\`docker ${args.slice(0, 2).join(' ')}\` printed more than ${MOST_CHARACTERS / 1e6} MB.`,
      next: 'Make the compose file, or the files that it includes, smaller: Paceline reads all of the output.',
    });
  }
  if (exitCode === undefined && failed && cause !== undefined) throw cause;
  return { exitCode: exitCode ?? 125, stdout, stderr };
}
