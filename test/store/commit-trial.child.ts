/** A second process for trials.test.ts: races another for the same trials, or dies in the middle of a commit. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { measured, type Measurement } from '../../src/model/measurement.ts';
import { openStore } from '../../src/store/store.ts';
import { keyOf, measurementsOf, NEW_RUN, recordOf } from './samples.ts';

const [mode, dataDirectory = '', url = '', seconds, trials] = process.argv.slice(2);
const store = await openStore({ dataDirectory, url });
await store.openRun(NEW_RUN);
await (mode === 'race' ? race(Number(seconds), Number(trials)) : dieInCommit());
await store.close();

/** Prints, for each trial, whose seconds are stored. */
async function race(ownSeconds: number, count: number): Promise<void> {
  console.log('ready');
  await once(createInterface({ input: process.stdin }), 'line');
  const stored: (number | null)[] = [];
  for (let trial = 1; trial <= count; trial += 1) {
    const record = recordOf({ trial, seconds: ownSeconds });
    stored.push((await store.commitTrial(keyOf({ trial }), record, measurementsOf(ownSeconds))).seconds);
  }
  console.log(JSON.stringify(stored));
}

/** The second measurement is first looked at when the trial's row has been written. */
async function dieInCommit(): Promise<void> {
  const deadly: Measurement = {
    ...measured('trial.cpu.time', 1, 'stats'),
    get source(): string {
      writeSync(1, 'row written\n');
      process.kill(process.pid, 'SIGKILL');
      return 'never';
    },
  };
  await store.intend(keyOf());
  await store.commitTrial(keyOf(), recordOf(), [measured('trial.duration', 1, 'engine'), deadly]);
}
