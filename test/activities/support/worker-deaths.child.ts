/** A worker whose trials end its process, unless it has to behave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { activity } from '../../../src/activities/support/attempt.ts';
import { guarded } from '../../../src/activities/support/guarded.ts';
import { createWorkerDeaths } from '../../../src/activities/support/worker-deaths.ts';
import { fakeHost } from '../../support/fake-activities.ts';
import { claimFor, hostWorkers, withWorkers } from '../../support/temporal.ts';

const [address = '', namespace = '', folder = '', behaviour = ''] = process.argv.slice(2);
const claim = claimFor('mortal');
const runTrial = activity({ phase: 'waiting' }, async (_: unknown, { beat }): Promise<never> => {
  beat({ phase: 'collecting', note: 'the JUnit report' });
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
});
const { activities } = fakeHost(claim, behaviour === 'dies' ? { runTrial } : {});
const nativeConnection = await NativeConnection.connect({ address });
const disk = { explain: async (error: unknown) => error };
const bundle = { code: readFileSync(join(folder, 'workflows.js'), 'utf8') };
const workers = await hostWorkers(
  { nativeConnection, namespace },
  bundle,
  claim,
  guarded({ deaths: createWorkerDeaths(folder), disk }, activities),
);
await withWorkers(workers, () => new Promise(() => {}));
