/**
 * Runs a service's own healthcheck more often than the engine does, until it passes. The pauses depend on the cost of a
 * run: the runs of one service take at most a fifth of one CPU, and those of all services together at most a fifth of
 * the host's CPUs.
 */
import type { HealthcheckTimes } from '../../model/run.ts';
import { type CheckRun, type Evidence, expectedOpening } from './readiness-evidence.ts';

/** The outcome of one run; `refused` if the engine did not run the command. */
export type RunEnd = { readonly kind: 'passed' | 'failed' } | { readonly kind: 'refused'; readonly reason: string };

export interface HealthcheckRuns {
  readonly run: () => Promise<RunEnd>;
  /** CPU time of the container so far; null if it cannot be read. */
  readonly cpuSeconds: () => Promise<number | null>;
  /** A run that takes longer has failed, with any exit code, as in the engine. */
  readonly timeoutSeconds: number;
  readonly intervalSeconds: number;
  readonly elapsedSeconds: () => number;
  readonly evidence: () => Evidence;
  /** The result is known, or no longer needed. */
  readonly isDone: () => boolean;
  readonly onRun: (run: CheckRun) => void;
  readonly onRefused: (reason: string) => void;
  /** Resolves when the time has passed, or as soon as a new sign is seen. */
  readonly pause: (seconds: number) => Promise<void>;
  /**
   * The factor by which runs must be rarer than for one service alone: services that are asked now for each CPU, at
   * least 1.
   */
  readonly sharing: () => number;
  readonly signal: AbortSignal;
}

/** Of one CPU. */
const SHARE = 0.2;
/** CPU time of the engine for an `exec`, without the container's own. Measured, see docs/benchmarks.md. */
const ENGINE_CPU_SECONDS = 0.045;
const SHORTEST_SECONDS = 0.15;
/** While a sign from its port or log may still come, the command is run only as a fallback. */
const UNTIL_SIGN_SECONDS = 1;
/** A container that is restarted or paused cannot run a command meanwhile. */
const REFUSED_SECONDS = 1;

/** One run at a time, until one passes that counts. Never rejects unless `run` or `pause` do. */
export async function runUntilPassed(request: HealthcheckRuns): Promise<void> {
  const { run, timeoutSeconds, elapsedSeconds, evidence, isDone, signal } = request;
  if (waitsForSign(evidence())) await request.pause(UNTIL_SIGN_SECONDS);
  while (!signal.aborted && !isDone()) {
    const cpuBefore = await request.cpuSeconds();
    const startedSeconds = elapsedSeconds();
    const end = await run();
    const endedSeconds = elapsedSeconds();
    if (signal.aborted) return;
    const cpuAfter = await request.cpuSeconds();
    const took = endedSeconds - startedSeconds;
    const costSeconds = costOf(took, cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore);
    if (end.kind === 'refused') request.onRefused(end.reason);
    else request.onRun({ startedSeconds, endedSeconds, passed: end.kind === 'passed' && took <= timeoutSeconds });
    if (isDone()) return;
    await request.pause(end.kind === 'refused' ? REFUSED_SECONDS : pauseSeconds(request, startedSeconds, costSeconds));
  }
}

/**
 * At most the container's CPU time meanwhile, with the service's own work. A run that waits for others takes long and
 * costs little. If the CPU time is not known, a run counts as one busy CPU.
 */
function costOf(tookSeconds: number, cpuSeconds: number | null): number {
  return cpuSeconds === null ? tookSeconds : Math.min(tookSeconds, ENGINE_CPU_SECONDS + cpuSeconds);
}

/**
 * Almost no pause after a run during which a new sign came. Otherwise in proportion to the cost of a run, at most the
 * engine's own interval.
 */
function pauseSeconds(
  { evidence, intervalSeconds, sharing }: HealthcheckRuns,
  startedSeconds: number,
  costSeconds: number,
): number {
  const seen = evidence();
  if (seen.openings.some(({ seconds }) => seconds > startedSeconds)) return SHORTEST_SECONDS;
  // It already passes. Only the sign is missing, and it ends the pause.
  if (waitsForSign(seen) && seen.runs.some(({ passed }) => passed)) return intervalSeconds;
  const inProportion = costSeconds * (sharing() / SHARE - 1);
  const shortest = waitsForSign(seen) ? UNTIL_SIGN_SECONDS : SHORTEST_SECONDS;
  return Math.max(shortest, Math.min(inProportion, intervalSeconds));
}

function waitsForSign(evidence: Evidence): boolean {
  return evidence.expectsSign && expectedOpening(evidence) === undefined;
}

/** How often the engine runs a healthcheck while its service starts: within a start period, however short the interval is, by the start_interval. */
export function startCheckSeconds({
  intervalSeconds,
  startPeriodSeconds,
  startIntervalSeconds,
}: HealthcheckTimes): number {
  return startPeriodSeconds > 0 ? startIntervalSeconds : intervalSeconds;
}
