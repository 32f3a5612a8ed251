/** What dockerode throws, in the terms of src/docker/engine/engine.ts. */
import { PacelineError } from '../../model/failure.ts';
import { unavailable } from '../command/endpoint.ts';
import { EngineRefusal } from './engine.ts';

/** Enough for an answer under load. Of the short requests, removing a container with many files is the slowest. */
const ANSWER_MS = 120_000;

/** Socket errors that mean that no server answers, or that it closed the connection too early. */
const NOBODY_THERE = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** @returns what to throw instead of `error`. If `signal` is aborted, it is the signal's own reason. */
export function translated(error: unknown, host: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof PacelineError || error instanceof EngineRefusal || !(error instanceof Error)) return error;
  const { statusCode, code, json } = error as Error & {
    readonly statusCode?: number;
    readonly code?: string;
    readonly json?: { readonly message?: string } | null;
  };
  if (statusCode !== undefined) {
    return new EngineRefusal(`The Docker engine said: ${json?.message ?? error.message.trim()}`, statusCode, {
      cause: error,
    });
  }
  if (code !== undefined && NOBODY_THERE.has(code)) return unavailable(host, [error.message], { cause: error });
  return error;
}

/**
 * An answer in the terms of src/docker/engine/engine.ts.
 * @param what the request asked for, as messages name it
 * @throws PacelineError EngineUnfit if the answer has another shape: the program only resembles Docker's engine
 */
export function understood<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new PacelineError(
      {
        type: 'EngineUnfit',
        what: `The engine's answer about ${what} is not a valid answer of a Docker engine (${(error as Error).message}).`,
        next: 'Check which engine DOCKER_HOST or `docker context ls` points to; `paceline doctor` shows what is needed.',
      },
      { cause: error },
    );
  }
}

/**
 * The answer to a short request. @throws PacelineError EngineUnavailable, also if there is no answer in time;
 * EngineRefusal
 */
export async function answered<T>(request: Promise<T>, host: string, withinMs = ANSWER_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(host, [`no answer within ${withinMs / 1_000} s`])), withinMs);
  });
  try {
    return await Promise.race([request, late]);
  } catch (error) {
    throw translated(error, host);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns null if the engine refused with one of `statusCodes`, e.g. 404: there is no such object */
export async function gone<T>(request: Promise<T>, ...statusCodes: readonly number[]): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof EngineRefusal && statusCodes.includes(error.statusCode)) return null;
    throw error;
  }
}
