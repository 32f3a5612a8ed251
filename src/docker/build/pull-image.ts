/** Pulls by the CLI and not over the API, because only the CLI knows the user's registry credentials. */
import { execa } from 'execa';
import { PacelineError } from '../../model/failure.ts';
import type { Endpoint } from '../command/endpoint.ts';
import { OWN_SESSION } from '../command/own-session.ts';

/** @throws PacelineError ImageUnavailable; the signal's reason */
export async function pullImage(endpoint: Endpoint, reference: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const result = await execa(endpoint.cli, ['pull', '--quiet', reference], {
    env: endpoint.env,
    extendEnv: false,
    reject: false,
    ...OWN_SESSION,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (!result.failed) return;
  throw new PacelineError({
    type: 'ImageUnavailable',
    what: `The image ${reference} is not on this host and cannot be pulled.`,
    next: `Check its name and the network, and run \`docker pull ${reference}\` to see the error. Some registries need \`docker login\` first.`,
    detail: result.stderr.trim().slice(-2_000),
  });
}
