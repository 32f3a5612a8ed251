import type { TrialSummary } from '../model/activities.ts';
import type { Measurement } from '../model/measurement.ts';
import type { TrialRecord } from '../model/run.ts';
import { activity, type Attempt } from './support/attempt.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { whenNetworksFree } from './support/free-networks.ts';
import { stageClock } from './support/stage-clock.ts';
import { reapIfClosed } from './reap.ts';
import { takeDownProject } from './support/take-down.ts';
import { begin } from './trial/begin.ts';
import { finish } from './trial/finish.ts';
import { lostRecord } from './trial/records.ts';
import { whenQuiet } from './support/when-quiet.ts';
import { openTrial, type Trial } from './trial/trial.ts';

/**
 * One try of one trial, alone in a lane: its own services up, the tests, what they left collected and stored, everything
 * down. The tests continue in the engine without a worker; a later attempt takes them over and costs them nothing.
 */
export const runTrial: Make<'runTrial'> = (deps) =>
  activity({ phase: 'waiting' }, async (input, attempt) => {
    const trial = await openTrial(deps, input, attempt.signal);
    return deps.attempts.run(trial.name, attempt.signal, async () => {
      const record = (await deps.store.trial(trial.key)) ?? (await inLane(deps, trial, attempt));
      await takeDownProject(deps, trial.name, trial.commandFolders);
      await deps.cgroups.remove({ runId: trial.run.runId, name: trial.name });
      deps.lanes.free(trial.name);
      return summaryOf(record, trial);
    });
  });

/** @returns the stored record: from now on the trial may be removed */
async function inLane(deps: ActivityDeps, trial: Trial, attempt: Attempt): Promise<TrialRecord> {
  const { signal } = attempt;
  const clock = stageClock();
  const acquire = () => deps.lanes.acquire({ ...trial.shape, key: trial.name, run: trial.run.runId, signal });
  const lease = await clock.part('waitForLane', null, acquire);
  const commit = (record: TrialRecord, measurements: readonly Measurement[]) =>
    deps.store.commitTrial(trial.key, { ...record, times: clock.times() }, measurements);
  try {
    if ((await deps.engine.inspectContainer(trial.name)) === null) {
      // Before anything of the trial starts, so that nothing is lost if the worker stops here.
      const { model } = trial.workspace.project;
      await whenNetworksFree(deps, { run: trial.run, project: trial.name, model, clock }, attempt);
      const quiet = () => whenQuiet(deps, { run: trial.run, lane: lease.lane, what: trial.scenario.name }, attempt);
      await clock.part('waitForQuiet', null, quiet);
    }
    const begun = await begin(deps, trial, lease.lane, attempt, clock);
    switch (begun.kind) {
      case 'lost':
        return await commit(lostRecord(deps, trial, lease.lane, begun.reason), []);
      case 'neverRan':
        return await commit(begun.record, begun.measurements);
      case 'running': {
        const { record, measurements } = await finish(deps, trial, lease.lane, begun, attempt, clock);
        return await commit(record, measurements);
      }
    }
  } catch (error) {
    // Any other end than a cancel only means that this attempt has lost its claim: the containers keep their lane.
    if (attempt.cancelRequested()) {
      await takeDownProject(deps, trial.name, trial.commandFolders);
      await deps.cgroups.remove({ runId: trial.run.runId, name: trial.name });
      lease.release();
    }
    await reapIfClosed(deps, trial.run, attempt);
    throw error;
  }
}

function summaryOf({ outcome, seconds, exitCode, tests, reason }: TrialRecord, trial: Trial): TrialSummary {
  const again = outcome === 'lost' && trial.key.try < trial.workspace.maxTries;
  return { outcome, seconds, exitCode, tests, reason, again };
}
