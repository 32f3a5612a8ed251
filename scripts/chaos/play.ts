/** Plays one kill point in a world: a run, the fault, and the outcome. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SHARED_QUEUE } from '../../src/model/activities.ts';
import type { RunResult } from '../../src/model/result.ts';
import { strike } from './faults.ts';
import { type Essence, essenceOf, judge } from './judge.ts';
import { isClosed, pending, type Played, statusOf, untilMoment } from './moments.ts';
import type { Point } from './points.ts';
import type { World } from './world.ts';

export interface Undisturbed {
  readonly essence: Essence;
  readonly seconds: number;
}

export interface PlayedPoint {
  readonly point: Point;
  readonly runId: string;
  /** false: the run ended before the moment, or there was nothing to hit. */
  readonly hit: boolean;
  readonly wrong: readonly string[];
  readonly again: readonly string[];
  /** Longer than the undisturbed run. */
  readonly extraSeconds: number;
  /** Time from the fault until work continued. null if it did not have to. */
  readonly resumeSeconds: number | null;
}

const DEADLINE_MS = 240_000;
/** Nothing may be left when a run ends. The engine needs a moment to report it. */
const LEAK_MS = 3_000;
/** No worker waits for the end of a terminated run. */
const TERMINATED_MS = 20_000;

export async function playUndisturbed(world: World): Promise<Undisturbed> {
  const startedMs = performance.now();
  const played = await startRun(world, 'undisturbed', 60);
  const result = (await played.handle.result()) as RunResult;
  const seconds = (performance.now() - startedMs) / 1000;
  const leaks = await untilNothingLeft(played, LEAK_MS);
  if (result.verdict !== 'pass' || leaks.length > 0)
    throw new Error(
      `the undisturbed run: ${result.verdict}, ${JSON.stringify(result.errors)}, left: ${leaks.join(', ')}`,
    );
  return { essence: essenceOf(result), seconds };
}

/** An error of the world fails the point, with the reason. */
export async function playPoint(world: World, point: Point, undisturbed: Undisturbed): Promise<PlayedPoint> {
  try {
    return await play(world, point, undisturbed);
  } catch (error) {
    const wrong = [error instanceof Error ? error.message : String(error)];
    return { point, runId: '', hit: true, wrong, again: [], extraSeconds: 0, resumeSeconds: null };
  }
}

async function play(world: World, point: Point, undisturbed: Undisturbed): Promise<PlayedPoint> {
  // A failed point may have left both down. The next point must not fail for that.
  await world.startServer();
  await world.startWorker();
  const played = await startRun(world, `point-${point.number}`, undisturbed.seconds);
  const { run } = played;
  const reached = await untilMoment(played, point.moment);
  if (reached) await sleep(point.delayMs);
  const blow = reached ? await twoBlows(played, point) : { hit: false, resumeSeconds: null };
  const ended = await untilClosed(played);
  const extraSeconds = (performance.now() - played.startedMs) / 1000 - undisturbed.seconds;
  const status = await statusOf(played);
  const judged = judge(played, point, status, blow.hit, undisturbed.essence);
  const leaks = await leaksOf(played, status);
  return {
    point,
    runId: run.runId,
    hit: blow.hit,
    wrong: [...ended, ...judged.wrong, ...leaks],
    again: judged.again,
    extraSeconds,
    resumeSeconds: await blow.resumeSeconds,
  };
}

async function startRun(world: World, name: string, undisturbedSeconds: number): Promise<Played> {
  world.watch.forget();
  world.forgetExecutions();
  const handle = await world.client.workflow.start('benchmark', {
    taskQueue: SHARED_QUEUE,
    workflowId: `benchmark/chaos/${name}-${Date.now()}`,
    args: [{ source: { path: world.project } }],
  });
  const run = { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  return { world, handle, run, startedMs: performance.now(), undisturbedSeconds };
}

async function twoBlows(played: Played, { fault, awayMs, second }: Point) {
  const struckMs = performance.now();
  const first = strike(fault, played, awayMs);
  if (second !== null) {
    // What the first fault killed is running again before the second fault.
    await first;
    await sleep(second.afterMs);
    if (!(await isClosed(played))) await strike(second.fault, played, awayMs);
  }
  const hit = await first;
  return { hit, resumeSeconds: hit ? untilAtWork(played, struckMs) : Promise.resolve(null) };
}

/** Waits until an activity reports that it is running, or the run has ended. */
async function untilAtWork(played: Played, struckMs: number): Promise<number | null> {
  const backMs = Date.now();
  while (performance.now() - struckMs < DEADLINE_MS) {
    const atWork = (await pending(played)).some((each) => each.startedMs > backMs || each.heartbeatMs > backMs);
    if (atWork || (await isClosed(played))) return (performance.now() - struckMs) / 1000;
    await sleep(200);
  }
  return null;
}

async function untilClosed(played: Played): Promise<readonly string[]> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isClosed(played))) {
    if (performance.now() > deadline) {
      const open = (await pending(played)).map(
        ({ activity, attempt, failure }) => `${activity} (${attempt}: ${failure})`,
      );
      await played.handle.terminate('chaos: it does not end').catch(() => {});
      return [`still open after ${DEADLINE_MS / 1000} s, at ${open.join(', ') || 'nothing'}`];
    }
    await sleep(100);
  }
  return [];
}

/** The leftovers of a terminated run are removed by its worker, or by the worker of the next run. */
async function leaksOf(played: Played, status: string): Promise<readonly string[]> {
  const { world } = played;
  if (status !== 'TERMINATED') return inWords(await untilNothingLeft(played, LEAK_MS));
  if ((await untilNothingLeft(played, TERMINATED_MS)).length === 0) return [];
  await world.endWorker('SIGTERM');
  await world.startWorker();
  return inWords(await untilNothingLeft(played, TERMINATED_MS));
}

function inWords(leaks: readonly string[]): readonly string[] {
  return leaks.map((leak) => `left: ${leak}`);
}

async function untilNothingLeft({ world, run }: Played, patienceMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const leaks = await world.watch.leaks(run, world.runFolder(run.runId));
    if (leaks.length === 0 || performance.now() > deadline) return leaks;
    await sleep(250);
  }
}
