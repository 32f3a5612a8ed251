/**
 * How many disturbances are noticed, and how many quiet trials are called disturbed: trials of some seconds on the engine,
 * half of them with something planted beside them, in a seeded random order, judged by what judges real trials. Hold the
 * machine for it: what others do meanwhile counts as a false alarm. Records can be gathered over several goes.
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
/** Reads more than its limit holds, so that the kernel frees memory all the time. */
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

/** As many planted as quiet ones. */
const CASES: readonly Case[] = [
  { name: 'busy beside 1 CPU', lane: [0], plant: { flags: ['--cpuset-cpus', '0'], argv: BUSY } },
  { name: 'quiet, 1 CPU', lane: [0], plant: null },
  { name: 'busy beside 2 CPUs', lane: [0, 1], plant: { flags: [], argv: BUSY } },
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
  /** What the quiet gate saw before. */
  readonly look: Look;
  /** Wall time over what it takes on a quiet machine, by the trial's own clocks: what it really suffered, whoever noticed. */
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
/** As many processes as the lane has CPUs, each with 3 s of CPU time to use up. */
const WORK = `import os,time,sys
began=time.monotonic()
child=any(os.fork()==0 for _ in range(int(sys.argv[1])-1))
end=time.process_time()+3
while time.process_time()<end: pass
if child: os._exit(0)
if sys.argv[1]!='1': os.wait()
print((time.monotonic()-began)/3)`;
/**
 * A machine that others use is not quiet because nothing was planted: a trial that took so much longer is taken for neither.
 * This is by its own clocks and not by what is tested here.
 */
const MOST_SLOWDOWN = 1.05;
/** For the planted to be at work. */
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
    // From here on as src/activities/trial/finish.ts does it.
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

/** Both by the thresholds as they are now, whenever a trial was recorded. */
function isGated({ look: seen }: Trial): boolean {
  return unquiet(seen) !== null;
}

function isLabelled({ evidence }: Trial): boolean {
  return evidence !== null && disturbanceOf(evidence) !== null;
}

/** What thresholds are drawn between: least, median and most of each sign, as a share. */
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

/** Least, median and most. */
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
