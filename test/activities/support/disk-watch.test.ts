/** What becomes of an attempt that fails on a disk. The engine is one whose data root has room, or has none. */
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { activity } from '../../../src/activities/support/attempt.ts';
import { createDiskWatch } from '../../../src/activities/support/disk-watch.ts';
import { surroundings } from '../../../src/activities/support/surroundings.ts';
import { PacelineError } from '../../../src/model/failure.ts';
import { mockActivity } from '../../support/mock-activity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function watching(dataRoot = '/') {
  const told: PacelineError[] = [];
  const watch = createDiskWatch({
    dataDirectory: temporaryFolder(),
    endpoint: { local: true },
    engine: { info: async () => ({ dataRoot }) as never },
    onDataDisk: (error) => told.push(error),
  });
  return { ...watch, told };
}

const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

test("the data directory's disk ends the worker, and the attempt leaves its work running", async () => {
  const { explain, told } = watching();
  const env = mockActivity();
  const around = { noteStep: () => {}, explain };
  const running = surroundings.run(around, () =>
    env.run(
      activity({ phase: 'testing' }, async () => {
        throw full();
      }),
      null,
    ),
  );
  const ended = running.catch((error: unknown) => error);
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told[0]!.problem).toMatchObject({
    type: 'DiskFull',
    next: expect.stringContaining('continues where it stopped'),
  });
  env.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
  expect(await ended).toBeInstanceOf(CancelledFailure);
});

test.each([
  ['a defect', new Error('another')],
  ['a problem', new PacelineError({ type: 'BuildFailed', what: 'It broke.', next: 'Fix it.' })],
  [
    'a step that filled a disk of its own',
    new PacelineError({ type: 'BuildFailed', what: 'It broke.', next: 'Fix it.', detail: 'No space left on device' }),
  ],
  [
    'too little room before the run begins',
    new PacelineError({ type: 'DiskFull', what: 'only 0.1 GB', next: 'Free some.' }),
  ],
])("is not the worker's end: %s", async (_, error) => {
  const { explain, told } = watching();
  expect(await explain(error)).toBe(error);
  expect(told).toEqual([]);
});
