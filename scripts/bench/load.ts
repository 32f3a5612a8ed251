/**
 * Starts many runs on one worker with activities that do nothing: fifty at once, then two hundred for the worker's memory.
 *
 *     npm run bench:load [-- RUNS]
 */
import { randomUUID } from 'node:crypto';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { fakeHost } from '../../test/support/fake-activities.ts';
import { claimFor, devServer, hostWorkers, withWorkers, workflowBundle } from '../../test/support/temporal.ts';

const QUEUED = 50;
const BATCH = 20;
const RUNS = Number(process.argv[2] ?? 200);
/** The first batches fill caches that stay filled. */
const SETTLED = 3;

const [env, bundle] = await Promise.all([devServer(), workflowBundle()]);
try {
  const claim = claimFor(`bench-${randomUUID()}`);
  const { activities } = fakeHost(claim);
  const workers = await hostWorkers(env, bundle, claim, activities);
  await withWorkers(workers, async () => {
    await queued();
    await memory();
  });
} finally {
  await env.teardown();
}

async function atOnce(count: number): Promise<number> {
  const startedMs = performance.now();
  const handles = await Promise.all(
    Array.from({ length: count }, () =>
      env.client.workflow.start('benchmark', {
        workflowId: `bench/load/${randomUUID()}`,
        taskQueue: 'paceline',
        args: [{ source: { path: '/bench' } }],
      }),
    ),
  );
  await Promise.all(handles.map((handle) => handle.result()));
  return (performance.now() - startedMs) / 1000;
}

async function queued(): Promise<void> {
  const seconds = await atOnce(QUEUED);
  console.log(
    `${QUEUED} runs queued at once: all ended after ${seconds.toFixed(1)} s, ${(seconds / QUEUED).toFixed(2)} s a run`,
  );
}

/** What the process still holds after each batch and a garbage collection. */
async function memory(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc, as `npm run bench:load` does');
  const held: { readonly heapBytes: number; readonly residentBytes: number }[] = [];
  for (let runs = BATCH; runs <= RUNS; runs += BATCH) {
    await atOnce(BATCH);
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 500));
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    held.push({ heapBytes: heapUsed, residentBytes: rss });
    console.log(`after ${String(runs).padStart(4)} runs: heap ${mega(heapUsed)}, resident ${mega(rss)}`);
  }
  const settled = held.slice(SETTLED);
  const growth = settled
    .slice(1)
    .map(({ heapBytes }, index) => (heapBytes - settled.at(index)!.heapBytes) / BATCH / 1000);
  const samples = samplesOf(growth)!;
  const interval = medianInterval(samples);
  const within = interval === null ? '' : ` (95 % interval ${interval.low.toFixed(1)} to ${interval.high.toFixed(1)})`;
  console.log(
    `heap of the worker grows by ${median(samples).toFixed(1)} kB a run${within}, n ${growth.length} batches of ${BATCH}`,
  );
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
