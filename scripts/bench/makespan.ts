/**
 * How close the fan-out comes to the shortest possible makespan: the workflow's own scheduling on a null engine in
 * virtual time, for 1 to 16 lanes and 4 to 200 trials; then a run of many trials on a dev server with activities that do
 * nothing, for what Temporal costs a trial and how large the history gets.
 *
 *     npm run bench:makespan [-- TRIALS]
 */
import { randomUUID } from 'node:crypto';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { trialOrder } from '../../src/plan/order.ts';
import { createRandom } from '../../src/plan/random.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { fanOut } from '../../src/workflows/fan-out.ts';
import { fakeHost } from '../../test/support/fake-activities.ts';
import { claimFor, devServer, hostWorkers, withWorkers, workflowBundle } from '../../test/support/temporal.ts';

const LANES = [1, 2, 4, 8, 16];
const TRIALS = [4, 20, 50, 200];
const MATRICES = 50;
const AIM = 1.1;
/** https://docs.temporal.io/workflow-execution/limits: a history ends the workflow beyond these. */
const LIMITS = { events: 51_200, bytes: 50 * 2 ** 20 };

const { ratios, within, cells } = await simulated();
await live(Number(process.argv[2] ?? 1_000));
const all = samplesOf(ratios)!;
const { low, high } = medianInterval(all)!;
console.log(
  `makespan over lower bound: median ${median(all).toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, n ${all.length} matrices); ${within} of ${cells} sizes have a median within ${AIM}`,
);

/** The ratios of all matrices, and how many of the sizes have a median within the aim. */
async function simulated(): Promise<{ readonly ratios: number[]; readonly within: number; readonly cells: number }> {
  console.log('makespan over max(sum / lanes, longest), trials of 10 to 300 s: median and worst of 50 matrices');
  console.log(`lanes${TRIALS.map((count) => `${count} trials`.padStart(16)).join('')}`);
  const every: number[] = [];
  let within = 0;
  for (const lanes of LANES) {
    const cells: string[] = [];
    for (const trials of TRIALS) {
      const each = await Promise.all(
        Array.from({ length: MATRICES }, (_, matrix) => ratioOf(durations(trials, matrix), lanes)),
      );
      every.push(...each);
      if (median(samplesOf(each)!) <= AIM) within += 1;
      cells.push(`${median(samplesOf(each)!).toFixed(3)} ${Math.max(...each).toFixed(3)}`.padStart(16));
    }
    console.log(`${String(lanes).padStart(5)}${cells.join('')}`);
  }
  return { ratios: every, within, cells: LANES.length * TRIALS.length };
}

/** Log-uniform: suites differ by factors. */
function durations(count: number, matrix: number): number[] {
  const random = createRandom(1, matrix);
  return Array.from({ length: count }, () => 10 * 30 ** random());
}

async function ratioOf(seconds: readonly number[], lanes: number): Promise<number> {
  const clock = virtualClock();
  const done = fanOut(seconds, lanes, clock.sleep, () => undefined);
  const makespan = await clock.runUntil(done);
  const sum = seconds.reduce((total, each) => total + each, 0);
  return makespan / Math.max(sum / lanes, ...seconds);
}

/** Time that jumps to the next sleeper as soon as nobody has anything else to do. */
function virtualClock() {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    sleep: (seconds: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: now + seconds, wake });
      }),
    runUntil: async (done: Promise<void>): Promise<number> => {
      let ended = false;
      void done.then(() => (ended = true));
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (ended) return now;
        sleepers.sort((a, b) => a.at - b.at);
        const [next, ...rest] = sleepers;
        if (next === undefined) throw new Error('nobody sleeps and nothing ended');
        sleepers = rest;
        now = next.at;
        next.wake();
      }
    },
  };
}

async function live(count: number): Promise<void> {
  const [env, bundle] = await Promise.all([devServer(), workflowBundle()]);
  try {
    const claim = claimFor(`bench-${randomUUID()}`);
    const plan = resolvePlan(
      { trials: { repeat: Math.min(100, Math.ceil(count / 10)) }, scenarios: scenarios(10) },
      { folderName: 'bench' },
    );
    const trials = trialOrder(plan).slice(0, count);
    const { activities } = fakeHost(claim, {
      resolvePlan: async () => ({ plan, service: 'test', services: [], builds: false, lanes: 2, trials, maxTries: 3 }),
    });
    const workers = await hostWorkers(env.nativeConnection, bundle, claim, activities);
    await withWorkers(workers, async () => {
      const startedMs = performance.now();
      const handle = await env.client.workflow.start('benchmark', {
        workflowId: `bench/makespan/${randomUUID()}`,
        taskQueue: 'paceline',
        args: [{ source: { path: '/bench' } }],
      });
      await handle.result();
      const perTrialMs = (performance.now() - startedMs) / trials.length;
      const { historyLength, historySize } = await handle.describe();
      const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
      const bytes = historySize ?? Number.NaN;
      console.log(
        `${trials.length} null trials in 2 lanes: ${perTrialMs.toFixed(1)} ms a trial; history ${historyLength} events ` +
          `(${share(historyLength, LIMITS.events)} of the limit), ${(bytes / 1e6).toFixed(1)} MB (${share(bytes, LIMITS.bytes)})`,
      );
    });
  } finally {
    await env.teardown();
  }
}

function scenarios(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `scenario ${index + 1}`,
    command: 'true',
    ...(index === 0 ? { primary: true } : {}),
  }));
}
