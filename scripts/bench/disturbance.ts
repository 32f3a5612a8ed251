/**
 * Measures how many disturbances are detected, and how many quiet trials are labelled as disturbed. Trials of some seconds run
 * on the engine, half of them next to a planted disturbance, in a seeded random order. The code for real trials judges them.
 * Keep the machine otherwise idle: other work counts as a false alarm. Records can be collected in several sessions.
 *
 *     npm run bench:disturbance [-- --trials 40 --seed 1 --into FILE --verbose]
 */
import { appendFile, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { disturbanceOf, type Evidence, outsideRatio } from '../../src/collectors/noise/disturbance.ts';
import { watchDisturbance } from '../../src/collectors/noise/disturbance-watch.ts';
import { type Look, look, unquiet } from '../../src/collectors/noise/quiet.ts';
import { collectTrial, observe } from '../../src/collectors/trial-collectors.ts';
import { createRandom, shuffled } from '../../src/plan/random.ts';
import { type Bench, IMAGE, openBench } from './support/bench-trial.ts';
import { shareWords } from './support/share.ts';

const BUSY = ['python3', '-c', 'while True: pass'];
const DISK = ['sh', '-c', 'while :; do dd if=/dev/zero of=/planted bs=1M count=64 conv=fsync 2>/dev/null; done'];
/** Reads more than its memory limit, so that the kernel constantly frees memory. */
const MEMORY = [
  'sh',
  '-c',
  'dd if=/dev/zero of=/planted bs=1M count=192 2>/dev/null; while :; do cat /planted > /dev/null; done',
];

interface Case {
  readonly name: string;
  readonly lane: readonly number[];
  /** null: a quiet trial. */
  readonly plant: { readonly flags: readonly string[]; readonly argv: readonly string[] } | null;
}

/** As many planted trials as quiet ones. */
const CASES: readonly Case[] = [
  { name: 'busy next to 1 CPU', lane: [0], plant: { flags: ['--cpuset-cpus', '0'], argv: BUSY } },
  { name: 'quiet, 1 CPU', lane: [0], plant: null },
  { name: 'busy next to 2 CPUs', lane: [0, 1], plant: { flags: [], argv: BUSY } },
  { name: 'quiet, 2 CPUs', lane: [0, 1], plant: null },
  { name: 'disk', lane: [0], plant: { flags: [], argv: DISK } },
  { name: 'quiet, 1 CPU', lane: [0], plant: null },
  { name: 'memory', lane: [0, 1], plant: { flags: ['--memory', '96m', '--memory-swap', '96m'], argv: MEMORY } },
  { name: 'quiet, 2 CPUs', lane: [0, 1], plant: null },
];

interface Trial {
  readonly name: string;
  readonly planted: boolean;
  readonly evidence: Evidence | null;
  readonly label: string | null;
  /** What the quiet gate measured before. */
  readonly look: Look;
  /** Wall time divided by the time on a quiet machine, by the trial's own clocks: the real slowdown, detected or not. */
  readonly slowdown: number;
}

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '80' },
    seed: { type: 'string', default: '1' },
    into: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
/** One process per CPU of the lane, each with 3 s of CPU time to use. */
const WORK = `import os,time,sys
began=time.monotonic()
child=any(os.fork()==0 for _ in range(int(sys.argv[1])-1))
end=time.process_time()+3
while time.process_time()<end: pass
if child: os._exit(0)
if sys.argv[1]!='1': os.wait()
print((time.monotonic()-began)/3)`;
/**
 * A trial without a planted disturbance may still be slow because others use the machine. If it took much longer, it counts
 * as neither. This uses its own clocks, not the detection that is tested.
 */
const MOST_SLOWDOWN = 1.05;
/** Time for the planted process to start working. */
const LEAD_MS = 1_500;

const order = shuffled(
  Array.from({ length: Number(values.trials) }, (_, index) => index % CASES.length),
  createRandom(Number(values.seed)),
);
const earlier = values.into === undefined ? [] : parse(await readFile(values.into, 'utf8').catch(() => ''));
const trials: Trial[] = [...earlier];
const bench = await openBench();
try {
  for (const index of order) {
    const trial = await run(bench, CASES[index]!);
    trials.push(trial);
    if (values.into !== undefined) await appendFile(values.into, `${JSON.stringify(trial)}\n`);
    if (values.verbose) console.log(words(trial));
  }
} finally {
  await bench.close();
}
report();

async function run({ contextOf, start, plant, remove, engine, docker }: Bench, given: Case): Promise<Trial> {
  const context = await contextOf(IMAGE, given.lane);
  const end = given.plant === null ? null : await plant(given.plant.flags, given.plant.argv);
  try {
    await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
    const seen = await look(given.lane, true, context.signal);
    await start(context, ['python3', '-c', WORK, String(given.lane.length)], {});
    // From here on like src/activities/trial/finish.ts.
    const observation = await observe(context);
    const watch = await watchDisturbance({ lane: context.lane, cgroup: context.cgroup, alone: () => true });
    await engine.waitContainer(context.name, context.signal);
    await watch.stop();
    await observation.stop();
    const container = await engine.inspectContainer(context.name);
    const { measurements } = await collectTrial({
      ...context,
      container: container!,
      outputFile: '/dev/null',
      reattached: false,
    });
    const label = watch.judge(measurements)?.reason ?? null;
    const slowdown = Number(await docker('logs', context.name));
    return {
      name: given.name,
      planted: given.plant !== null,
      evidence: watch.evidence(measurements),
      label,
      look: seen,
      slowdown,
    };
  } finally {
    await end?.();
    await remove(context);
  }
}

function report(): void {
  const names = [...new Set(trials.map(({ name }) => name))].sort();
  for (const name of names) {
    const own = trials.filter((trial) => trial.name === name);
    const labelled = own.filter(isLabelled).length;
    const gated = own.filter(isGated).length;
    console.log(
      `${name}: labelled ${labelled} of ${own.length}, the gate would have waited ${gated} times; ${ranges(own)}; the gate saw ${looks(own)}`,
    );
  }
  const planted = trials.filter((trial) => trial.planted);
  const quiet = trials.filter((trial) => !trial.planted && trial.slowdown <= MOST_SLOWDOWN);
  const others = trials.filter((trial) => !trial.planted && trial.slowdown > MOST_SLOWDOWN);
  if (others.length > 0)
    console.log(
      `left out: ${others.length} trials without anything planted that took over ${MOST_SLOWDOWN} times as long all the same; ${others.filter(isLabelled).length} of them are labelled`,
    );
  const hits = (of: readonly Trial[], is: (trial: Trial) => boolean) => shareWords(of.filter(is).length, of.length);
  console.log(`quiet gate: noticed ${hits(planted, isGated)}; waits on a quiet machine ${hits(quiet, isGated)}`);
  console.log(
    `disturbance: noticed ${hits(planted, isLabelled)}, aim at least 95 %; quiet trials called disturbed ${hits(quiet, isLabelled)}, aim at most 5 %`,
  );
}

/** Uses the present thresholds, whenever a trial was recorded. */
function isGated({ look: seen }: Trial): boolean {
  return unquiet(seen) !== null;
}

function isLabelled({ evidence }: Trial): boolean {
  return evidence !== null && disturbanceOf(evidence) !== null;
}

/** Data for choosing thresholds: minimum, median and maximum of each sign, as a share. */
function ranges(own: readonly Trial[]): string {
  const signs: Record<string, (evidence: Evidence) => number | null> = {
    outside: outsideRatio,
    steal: ({ passed }) => passed.steal / passed.total,
    disk: ({ outsideStallSeconds, wallSeconds }) => ratio(outsideStallSeconds.io, wallSeconds),
    memory: ({ outsideStallSeconds, wallSeconds }) => ratio(outsideStallSeconds.memory, wallSeconds),
    waited: ({ waitedSeconds, wallSeconds }) => ratio(waitedSeconds, wallSeconds),
  };
  return Object.entries(signs)
    .map(([sign, of]) =>
      range(
        sign,
        own.flatMap(({ evidence }) => (evidence === null ? [] : (of(evidence) ?? []))),
      ),
    )
    .join(', ');
}

function looks(own: readonly Trial[]): string {
  return (['idle', 'pressure', 'io', 'memory', 'spin'] as const)
    .map((sign) =>
      range(
        sign,
        own.flatMap(({ look: seen }) => seen[sign] ?? []),
      ),
    )
    .join(', ');
}

/** Minimum, median and maximum. */
function range(sign: string, shares: readonly number[]): string {
  const found = [...shares].sort((a, b) => a - b);
  const at = (share: number) => (100 * (found[Math.floor(share * (found.length - 1))] ?? Number.NaN)).toFixed(1);
  return `${sign} ${at(0)}/${at(0.5)}/${at(1)} %`;
}

function ratio(seconds: number | null, wallSeconds: number): number | null {
  return seconds === null ? null : seconds / wallSeconds;
}

function words(trial: Trial): string {
  return `${trial.name}: ${trial.label ?? 'nothing noticed'} | gate: ${unquiet(trial.look) ?? 'quiet'} | ${trial.slowdown.toFixed(3)} times as long | ${ranges([trial])}`;
}

function parse(text: string): Trial[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Trial]));
}
