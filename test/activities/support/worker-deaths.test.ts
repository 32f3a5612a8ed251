/** Workers that die in the middle of work. A process that is gone is one whose work never ended, and whose successor has a new name. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activity } from '../../../src/activities/support/attempt.ts';
import { guarded } from '../../../src/activities/support/guarded.ts';
import { createWorkerDeaths } from '../../../src/activities/support/worker-deaths.ts';
import type { BenchmarkActivities, Heartbeat } from '../../../src/model/activities.ts';
import { PacelineError } from '../../../src/model/failure.ts';
import { mockActivity } from '../../support/mock-activity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WORK = { key: 'run.7', doing: 'measured trial 1 of `all`', step: { phase: 'preparing' } } as const;

/** A worker that begins the work and is gone at the last of these steps. */
function dies(folder: string, ...steps: Heartbeat[]): Promise<unknown> {
  const begun = Promise.withResolvers<unknown>();
  const work = createWorkerDeaths(folder).during(WORK, async (noteStep) => {
    for (const step of steps) noteStep(step);
    begun.resolve('begun');
    await new Promise(() => {});
  });
  return Promise.race([begun.promise, work]);
}

const ends = (folder: string) => createWorkerDeaths(folder).during(WORK, async () => 'done');
const marks = (folder: string) => readdirSync(join(folder, 'attempts'));
const READING: Heartbeat = { phase: 'collecting', note: 'the JUnit report' };

test('two deaths at the same step cost nothing, and work that ends leaves no mark', async () => {
  const folder = temporaryFolder();
  for (let death = 1; death <= 2; death += 1) expect(await dies(folder, READING)).toBe('begun');
  expect(await ends(folder)).toBe('done');
  expect(marks(folder)).toEqual([]);
});

test('after three at the same step the work is not begun again, and the step is named', async () => {
  const folder = temporaryFolder();
  for (let death = 1; death <= 3; death += 1) await dies(folder, { phase: 'testing' }, READING);
  for (let again = 1; again <= 2; again += 1) {
    const error = (await ends(folder).catch((thrown: unknown) => thrown)) as PacelineError;
    expect(error).toBeInstanceOf(PacelineError);
    expect(error.problem).toMatchObject({
      type: 'WorkerDied',
      what: 'The worker died 3 times while it measured trial 1 of `all` (the last time at: collecting, the JUnit report), and is not retried again.',
    });
  }
});

test('a step that was got past begins the count again, until there were ten deaths in all', async () => {
  const folder = temporaryFolder();
  for (let death = 1; death <= 10; death += 1) {
    expect(await dies(folder, death % 2 === 0 ? READING : { phase: 'starting' })).toBe('begun');
  }
  await expect(ends(folder)).rejects.toThrow('died 10 times');
});

test('while tests run a worker may die five times: they go on without it', async () => {
  const folder = temporaryFolder();
  for (let death = 1; death <= 5; death += 1) expect(await dies(folder, { phase: 'testing' })).toBe('begun');
  await expect(ends(folder)).rejects.toThrow('died 5 times');
});

test('a worker that lets go in order has not died, and one that fails has not either', async () => {
  const folder = temporaryFolder();
  await dies(folder, READING);
  await dies(folder, READING);
  for (let time = 1; time <= 5; time += 1) {
    const failing = createWorkerDeaths(folder).during(WORK, async () => {
      throw new Error('let go');
    });
    await expect(failing).rejects.toThrow('let go');
  }
  expect(await ends(folder)).toBe('done');
});

test('a concurrent attempt in the same worker does not count as a death', async () => {
  const folder = temporaryFolder();
  const deaths = createWorkerDeaths(folder);
  for (let time = 1; time <= 5; time += 1) {
    void deaths.during(WORK, () => new Promise(() => {}));
  }
  expect(await deaths.during(WORK, async () => 'done')).toBe('done');
});

test('marks that cannot be read or written keep nothing from its work', async () => {
  expect(await createWorkerDeaths('/dev/null/none').during(WORK, async () => 'done')).toBe('done');
});

test('every activity is guarded: it ends in the form that Temporal passes on', async () => {
  const folder = temporaryFolder();
  const worker = (work: () => Promise<never>) => {
    const names = ['analyze', 'publish', 'cleanUpRun', 'reap'] as const;
    const all = Object.fromEntries(names.map((name) => [name, activity({ phase: 'collecting' }, work)]));
    const disk = { explain: async (error: unknown) => error };
    return guarded({ deaths: createWorkerDeaths(folder), disk }, all as unknown as BenchmarkActivities);
  };
  const input = { run: { workflowId: 'w', runId: 'r' } };
  const cleanUp = (activities: BenchmarkActivities) =>
    mockActivity({ activityId: '9' }).run(activities.cleanUpRun, input as never);
  for (let death = 1; death <= 3; death += 1) {
    const begun = Promise.withResolvers<void>();
    void cleanUp(
      worker(() => {
        begun.resolve();
        return new Promise(() => {});
      }),
    );
    await begun.promise;
  }
  const ended = cleanUp(worker(() => Promise.reject(new Error('was begun'))));
  await expect(ended).rejects.toMatchObject({
    type: 'WorkerDied',
    nonRetryable: true,
    details: [{ type: 'WorkerDied', what: expect.stringContaining('`cleanUpRun`') }],
  });
});
