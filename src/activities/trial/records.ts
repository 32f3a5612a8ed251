/** The record of a try, filled in from what is known of it. */
import { beginningOf, boundedProblem, endOf } from '../../model/bounds.ts';
import type { Problem } from '../../model/failure.ts';
import type { Lane, TrialRecord } from '../../model/run.ts';
import type { ActivityDeps } from '../support/deps.ts';
import type { Trial } from './trial.ts';

type Known = Partial<TrialRecord> & Pick<TrialRecord, 'outcome' | 'reason'>;

export function recordOf(
  { host }: ActivityDeps,
  { key, spec, scenario }: Trial,
  lane: Lane,
  { reason, testsReason, logTail, problem, ...known }: Known,
): TrialRecord {
  return {
    ...spec,
    try: key.try,
    scenarioName: scenario.name,
    command: scenario.command,
    seconds: null,
    exitCode: null,
    tests: null,
    hostId: host.id,
    lane,
    reattached: false,
    disturbed: null,
    hint: null,
    profile: null,
    logFile: null,
    startedAt: null,
    finishedAt: null,
    ...known,
    reason: reason && beginningOf(reason),
    testsReason: known.tests ? null : beginningOf(testsReason ?? 'the tests did not run'),
    logTail: logTail ? endOf(logTail) : null,
    problem: problem ? boundedProblem(problem) : null,
  };
}

/** It was started, but its outcome is unknown: it is stored, never a sample, and retried. */
export function lostRecord(deps: ActivityDeps, trial: Trial, lane: Lane, reason: string): TrialRecord {
  return recordOf(deps, trial, lane, { outcome: 'lost', reason });
}

/** The tests never came to run, for a reason that is not theirs. */
export function infrastructureRecord(deps: ActivityDeps, trial: Trial, lane: Lane, problem: Problem): TrialRecord {
  return recordOf(deps, trial, lane, {
    outcome: problem.type === 'CommandNotFound' ? 'commandNotFound' : 'infrastructure',
    exitCode: problem.type === 'CommandNotFound' ? 127 : null,
    reason: problem.what,
    problem,
    logTail: problem.detail ?? null,
  });
}
