/** From running tests to a stored record: waits for their end, collects what they left, commits it. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { diedWithEngine } from '../../collectors/outcome/engine-restart.ts';
import { judgeExit } from '../../collectors/outcome/exit.ts';
import { watchDisturbance } from '../../collectors/noise/disturbance-watch.ts';
import { leavesReport } from '../../collectors/pytest/by-words.ts';
import { cutOffWords } from '../../collectors/pytest/cut-off.ts';
import { collectTrial, observe } from '../../collectors/trial-collectors.ts';
import { diskTroubleIn } from '../../data/disk-trouble.ts';
import type { ContainerFacts } from '../../docker/engine/engine.ts';
import { tailText } from '../../docker/engine/log-words.ts';
import { type Measurement, measured } from '../../model/measurement.ts';
import type { TrialProfile } from '../../model/profile/trial-profile.ts';
import type { Lane, TrialRecord } from '../../model/run.ts';
import { trialTimeoutSeconds } from '../../plan/timeouts.ts';
import type { Attempt } from '../support/attempt.ts';
import type { ActivityDeps } from '../support/deps.ts';
import type { StageClock } from '../support/stage-clock.ts';
import type { Begun } from './begin.ts';
import { behindEntrypoint } from './entrypoint.ts';
import { collectTests } from './junit-report.ts';
import { lostRecord, recordOf } from './records.ts';
import { countTests } from './test-counts.ts';
import { contextOf, type Trial } from './trial.ts';

const LOG_FILE = 'output.log';
const TAIL_LINES = 30;
/** What the tests may take to end by themselves when their time is up. */
const STOP_SECONDS = 10;

/** What is to be stored of it. */
export interface Finished {
  readonly record: TrialRecord;
  readonly measurements: readonly Measurement[];
}

export async function finish(
  deps: ActivityDeps,
  trial: Trial,
  lane: Lane,
  begun: Extract<Begun, { kind: 'running' }>,
  attempt: Attempt,
  clock: StageClock,
): Promise<Finished> {
  attempt.beat({ phase: 'testing', note: trial.scenario.name });
  const watched = await clock.part('tests', null, () => watchTests(deps, trial, lane, attempt));
  attempt.beat({ phase: 'collecting' });
  return await clock.part('collect', null, () => collect(deps, trial, lane, begun, attempt, watched));
}

interface Watched {
  /** They were stopped because their time was up. */
  readonly timedOut: boolean;
  readonly disturbance: Awaited<ReturnType<typeof watchDisturbance>>;
}

async function watchTests(deps: ActivityDeps, trial: Trial, lane: Lane, attempt: Attempt): Promise<Watched> {
  const context = contextOf(deps, trial, lane, attempt.signal);
  const observation = await observe(context);
  const disturbance = await watchDisturbance({
    lane,
    cgroup: context.cgroup,
    alone: () => deps.lanes.held().size <= 1,
  });
  const output = writeOutput(deps, trial, attempt.signal);
  // Its failure is reported after the tests have ended. An unhandled rejection before that would end the worker.
  output.catch(() => {});
  let timedOut: boolean;
  try {
    timedOut = await untilEnded(deps, trial, attempt.signal);
  } finally {
    await disturbance.stop();
    if (disturbance.endedQuietly()) deps.quietGate.seenQuiet(lane.cpus);
    await observation.stop();
    // An attempt that takes over writes the same file.
    await Promise.allSettled([output]);
  }
  await output;
  return { timedOut, disturbance };
}

async function collect(
  deps: ActivityDeps,
  trial: Trial,
  lane: Lane,
  begun: Extract<Begun, { kind: 'running' }>,
  attempt: Attempt,
  { timedOut, disturbance }: Watched,
): Promise<Finished> {
  const container = await deps.engine.inspectContainer(trial.name);
  const lost = (reason: string): Finished => ({ record: lostRecord(deps, trial, lane, reason), measurements: [] });
  if (container === null) return lost('The test container was removed by another program.');
  const { reattached } = begun;
  const failed = container.state.exitCode !== 0;
  if (failed && diedWithEngine(container.state, await deps.engine.startedAt())) {
    return lost('The engine was restarted while the tests ran.');
  }
  if (failed && reattached && (await saysDiskFull(deps, trial))) {
    return lost('The disk could not be written to while the tests ran.');
  }
  const outputFile = join(trial.folder, LOG_FILE);
  const context = contextOf(deps, trial, lane, attempt.signal);
  const collected = await collectTrial({ ...context, container, outputFile, reattached }, (collector) =>
    attempt.beat({ phase: 'collecting', note: collector }),
  );
  const known = {
    timedOut,
    reattached,
    seen: collected.profile,
    // If the tests were taken over, part of their CPU time was before the sampling started.
    disturbed: reattached ? null : disturbance.judge(collected.measurements),
  };
  attempt.beat({ phase: 'collecting', note: 'the JUnit report' });
  const record = await recordEnd(deps, trial, lane, container, known);
  return { record, measurements: [...begun.measurements, ...durations(record), ...collected.measurements] };
}

/** Tests continue after their worker stopped because the disk is full, and pytest writes its files for Paceline to the same disk. */
async function saysDiskFull({ engine }: ActivityDeps, { name }: Trial): Promise<boolean> {
  return diskTroubleIn(tailText(await engine.logTail(name, TAIL_LINES))) !== null;
}

/** @returns whether it was stopped because its time was up, which counts from the container's own start */
async function untilEnded({ engine }: ActivityDeps, trial: Trial, signal: AbortSignal): Promise<boolean> {
  const container = await engine.inspectContainer(trial.name);
  const startedMs = Date.parse(container?.state.startedAt ?? '') || Date.now();
  const leftMs = startedMs + trialTimeoutSeconds(trial.workspace.plan, trial.scenario) * 1000 - Date.now();
  const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)));
  try {
    await engine.waitContainer(trial.name, AbortSignal.any([signal, deadline]));
    return false;
  } catch (error) {
    if (signal.aborted || !deadline.aborted) throw error;
    await engine.stopContainer(trial.name, STOP_SECONDS);
    return true;
  }
}

/** The output as it comes, from its beginning: also of tests that were taken over. */
async function writeOutput({ engine }: ActivityDeps, trial: Trial, signal: AbortSignal): Promise<void> {
  const file = await open(join(trial.folder, LOG_FILE), 'w');
  try {
    // Each piece is written before the next is taken: the tests may write faster than the disk.
    await engine.followLogs(trial.name, { signal, onChunk: (chunk) => file.writeFile(chunk) });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await file.close();
  }
}

async function recordEnd(
  deps: ActivityDeps,
  trial: Trial,
  lane: Lane,
  { state, argv, env }: ContainerFacts,
  {
    timedOut,
    reattached,
    seen,
    disturbed,
  }: Pick<TrialRecord, 'reattached' | 'disturbed'> & { readonly timedOut: boolean; readonly seen: TrialProfile },
): Promise<TrialRecord> {
  const tests = await collectTests(deps, trial, Boolean(seen.pytest));
  const { counts, reason: testsReason, profile } = countTests(seen, tests);
  const unseen = !profile.end;
  const logTail = tailText(await deps.engine.logTail(trial.name, TAIL_LINES));
  const judged = judgeExit({
    exitCode: state.exitCode,
    oomKilled: state.oomKilled,
    tests: counts,
    timedOut,
    engineError: state.error,
    outputTail: logTail,
    end: profile.end ?? null,
    reportMissing: unseen && tests.kind === 'none' && tests.missing === true && leavesReport({ argv, env }),
  });
  const { outcome, reason: why, hint } = await behindEntrypoint(deps, trial, judged, counts);
  if (profile.unseen !== undefined && (counts !== null || !unseen || leavesReport({ argv, env })))
    await deps.store.addNotes(trial.run, [`${trial.scenario.name}: ${profile.unseen}`]);
  // The reason of a suite that stopped by itself names its test already.
  const isTold = outcome === 'passed' || outcome === 'testsFailed' || (outcome === 'testsBroken' && profile.end?.stop);
  const wasRunning = isTold ? null : cutOffWords(profile.pytest);
  const reason = wasRunning === null ? why : `${why} ${wasRunning}`;
  return recordOf(deps, trial, lane, {
    outcome,
    reason,
    hint,
    seconds: secondsBetween(state.startedAt, state.finishedAt),
    exitCode: state.exitCode,
    tests: counts,
    testsReason,
    reattached,
    disturbed,
    profile,
    logTail: outcome === 'passed' ? null : logTail.trim(),
    logFile: join('trials', trial.folder.split('/').at(-1)!, LOG_FILE),
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
  });
}

function durations({ seconds }: TrialRecord): Measurement[] {
  return seconds === null ? [] : [measured('trial.duration', seconds, 'engine')];
}

/** Both by the engine's clock. */
function secondsBetween(startedAt: string | null, finishedAt: string | null): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
