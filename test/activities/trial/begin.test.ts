import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../src/activities/support/attempt.ts';
import type { ActivityDeps } from '../../../src/activities/support/deps.ts';
import { stageClock } from '../../../src/activities/support/stage-clock.ts';
import { LET_GO } from '../../../src/activities/support/surroundings.ts';
import { begin } from '../../../src/activities/trial/begin.ts';
import type { Trial } from '../../../src/activities/trial/trial.ts';
import { PacelineError, type Problem } from '../../../src/model/failure.ts';

const LANE = { cpus: [0], memoryBytes: null };

/** A try that fails before anything is made. */
async function failing(error: unknown, aborted = false, explained?: unknown) {
  const deps = {
    store: { intend: async () => 'new' },
    host: { id: 'h' },
    disk: { explain: async (own: unknown) => explained ?? own },
  } as unknown as ActivityDeps;
  const trial = {
    spec: { scenarioId: 'one', trial: 1, kind: 'measured' },
    key: { run: { runId: 'r', workflowId: 'w' }, scenarioId: 'one', trial: 1, try: 1 },
    scenario: { name: 'One', command: null },
    workspace: { project: { services: [] }, plan: {} },
  } as unknown as Trial;
  const attempt = {
    signal: aborted ? AbortSignal.abort() : new AbortController().signal,
    beat: () => {
      throw error;
    },
  } as unknown as Attempt;
  return await begin(deps, trial, LANE, attempt, stageClock());
}

const problem = (type: Problem['type']) => new PacelineError({ type, what: 'It broke.', next: 'Fix it.' });

describe('a try that fails before its tests run', () => {
  test('because a disk is full is not an outcome of the trial: the attempt leaves the trial running, or fails', async () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await expect(failing(error, false, LET_GO)).rejects.toBe(error);
  });

  test('is lost where another may do better', async () => {
    expect(await failing(problem('EngineUnavailable'))).toEqual({ kind: 'lost', reason: 'It broke.' });
  });

  test('is the outcome of the trial where another would not', async () => {
    expect(await failing(problem('ServiceUnhealthy'))).toMatchObject({
      kind: 'neverRan',
      record: { outcome: 'infrastructure', reason: 'It broke.', problem: { type: 'ServiceUnhealthy' } },
    });
  });

  test('of a defect says the defect, and blames no worker that went away', async () => {
    expect(await failing(new TypeError('x is not a function'))).toMatchObject({
      kind: 'neverRan',
      record: {
        outcome: 'infrastructure',
        reason: 'Paceline itself failed: x is not a function.',
        problem: { type: 'Internal' },
      },
    });
  });

  test('because it must stop passes the reason on', async () => {
    await expect(failing(new Error('stopped'), true)).rejects.toThrow('stopped');
  });
});
