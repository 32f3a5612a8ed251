/**
 * Measures how close the fan-out comes to the shortest possible makespan: the workflow's own order and scheduling on a null
 * engine in virtual time, for 1 to 16 lanes and 4 to 200 trials; with two lanes on the real engine; and a run of many trials on
 * a dev server with activities that do nothing, for Temporal's cost per trial and the size of the history.
 *
 *     npm run bench:makespan [-- TRIALS]
 */
import { randomUUID } from 'node:crypto';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import type { Plan } from '../../src/model/plan.ts';
import { trialOrder } from '../../src/plan/order.ts';
import { createRandom } from '../../src/plan/random.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { fanOut } from '../../src/workflows/fan-out.ts';
import { fakeHost } from '../../test/support/fake-activities.ts';
import { claimFor, devServer, hostWorkers, withWorkers, workflowBundle } from '../../test/support/temporal.ts';
import { lowerBound } from './support/lower-bound.ts';
import { onRealEngine } from './support/two-lanes.ts';

const LANES = [1, 2, 4, 8, 16];
/** Scenarios × repeats. With one repeat all trials are different. */
const SIZES = [
  [4, 1],
  [20, 1],
  [50, 1],
  [100, 2],
  [4, 5],
  [10, 5],
  [20, 10],
] as const;
const MATRICES = 50;
const AIM = 1.1;
/** https://docs.temporal.io/workflow-execution/limits: Temporal terminates a workflow with a longer history. */
const LIMITS = { events: 51_200, bytes: 50 * 2 ** 20 };
/** One sigma of a scenario's time against its last time, and against its own mean. */
const [AGAINST_LAST, AGAINST_MEAN] = [0.1, 0.03];

console.log(`makespan over the lower bound, trials of 10 to 300 s: median and worst of ${MATRICES} matrices`);
const known = await simulated('every scenario ran before', true);
const first = await simulated('a first run, which knows no times', false);
await live(Number(process.argv[2] ?? 1_000));
await onRealEngine();
console.log(`makespan over lower bound in a first run: ${words(first)}`);
console.log(`makespan over lower bound: ${words(known)}, aim ${AIM}`);

interface Simulated {
  readonly ratios: readonly number[];
  readonly within: number;
  readonly sizes: number;
}

function words({ ratios, within, sizes }: Simulated): string {
  const all = samplesOf([...ratios])!;
  const { low, high } = medianInterval(all)!;
  return `median ${median(all).toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, n ${all.length} matrices), ${within} of ${sizes} sizes have a median within ${AIM}`;
}

async function simulated(title: string, isKnown: boolean): Promise<Simulated> {
  console.log(`${title}\nlanes${SIZES.map(([count, repeat]) => `${count} × ${repeat}`.padStart(14)).join('')}`);
  const ratios: number[] = [];
  let within = 0;
  for (const lanes of LANES) {
    const cells: string[] = [];
    for (const [count, repeat] of SIZES) {
      const matrices = Array.from({ length: MATRICES }, (_, matrix) =>
        ratioOf({ count, repeat, lanes, matrix, isKnown }),
      );
      const each = await Promise.all(matrices);
      ratios.push(...each);
      if (median(samplesOf(each)!) <= AIM) within += 1;
      cells.push(`${median(samplesOf(each)!).toFixed(3)} ${Math.max(...each).toFixed(3)}`.padStart(14));
    }
    console.log(`${String(lanes).padStart(5)}${cells.join('')}`);
  }
  return { ratios, within, sizes: LANES.length * SIZES.length };
}

interface Matrix {
  readonly count: number;
  readonly repeat: number;
  readonly lanes: number;
  readonly matrix: number;
  readonly isKnown: boolean;
}

async function ratioOf({ count, repeat, lanes, matrix, isKnown }: Matrix): Promise<number> {
  const plan = planOf(count, repeat);
  const random = createRandom(1, matrix);
  // Log-uniform: suites differ by factors.
  const means = new Map(plan.scenarios.map(({ id }) => [id, 10 * 30 ** random()]));
  const last = [...means].map(([id, mean]) => [id, mean * (1 + AGAINST_LAST * normal(random))] as const);
  const order = trialOrder(plan, { lanes, expectedSeconds: isKnown ? Object.fromEntries(last) : {} });
  const seconds = order.map(({ scenarioId }) => means.get(scenarioId)! * (1 + AGAINST_MEAN * normal(random)));
  const clock = virtualClock();
  const makespan = await clock.runUntil(fanOut(seconds, lanes, clock.sleep, () => undefined));
  return makespan / lowerBound(seconds, lanes);
}

function planOf(count: number, repeat: number): Plan {
  return resolvePlan({ trials: { repeat }, scenarios: scenarios(count) }, { folderName: 'bench' });
}

/** Normal distribution by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Virtual time. It jumps to the next sleeper when no other work is left. */
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
        if (next === undefined) throw new Error('no trial sleeps and none ended');
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
    const plan = planOf(10, Math.min(100, Math.ceil(count / 10)));
    const trials = trialOrder(plan).slice(0, count);
    const { activities } = fakeHost(claim, {
      resolvePlan: async () => ({ plan, service: 'test', services: [], builds: false, lanes: 2, trials, maxTries: 3 }),
    });
    const workers = await hostWorkers(env, bundle, claim, activities);
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
