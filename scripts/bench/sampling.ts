/**
 * Measures what all collectors cost a CPU-bound trial: its CPU time with collectors over its CPU time without, in interleaved
 * pairs. CPU time is the kernel's figure for the finished process (getrusage). The pytest probe is one of the collectors.
 *
 *     npm run bench:sampling [-- --pairs 12 --image IMAGE --command 'python -m pytest -q']
 *
 * The default is a pytest suite of tests that take 50 ms each, in an image made here from the stand-in. `--image` uses another one.
 */
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { medianInterval } from '../../src/analysis/statistics/median-interval.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { additionsOf, collectTrial, observe, prepareTrial } from '../../src/collectors/trial-collectors.ts';
import { createRandom } from '../../src/plan/random.ts';
import { localEndpoint } from '../../test/support/local-engine.ts';
import { type Bench, IMAGE, openBench } from './support/bench-trial.ts';

const SUITE_IMAGE = 'paceline-bench-sampling';
const SUITE = `import pytest
@pytest.mark.parametrize('n', range(60))
def test_work(n):
    total = 0
    for i in range(1_000_000):
        total += i * n
    assert total >= 0`;
/** Runs the command and prints the CPU time of it and its child processes. */
const METER = `import resource,subprocess,sys
code=subprocess.call(sys.argv[1:])
used=resource.getrusage(resource.RUSAGE_CHILDREN)
print('\\nCPU',used.ru_utime+used.ru_stime,code)`;
const AIM = 1.01;
/** A pause before each trial: the engine may still clean up after the previous one. */
const SETTLE_MS = 700;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '12' },
    image: { type: 'string' },
    command: { type: 'string', default: 'python -m pytest -q -p no:cacheprovider' },
    seed: { type: 'string', default: '1' },
  },
});

const image = values.image ?? (await buildSuite());
const random = createRandom(Number(values.seed));
const bench = await openBench();
try {
  // Not counted: the first trial of an image is slower.
  await cpuSeconds(bench, false);
  const pairs: { readonly with: number; readonly without: number }[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair += 1) {
    const firstWith = random() < 0.5;
    const first = await cpuSeconds(bench, firstWith);
    const second = await cpuSeconds(bench, !firstWith);
    pairs.push(firstWith ? { with: first, without: second } : { with: second, without: first });
    console.log(`with ${pairs.at(-1)!.with.toFixed(3)} s, without ${pairs.at(-1)!.without.toFixed(3)} s`);
  }
  const ratios = samplesOf(pairs.map((pair) => pair.with / pair.without))!;
  const interval = medianInterval(ratios);
  const range =
    interval === null
      ? 'too few for an interval'
      : `${Math.round(100 * interval.coverage)} % interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
  console.log(
    `sampling: CPU time with all collectors over none ${median(ratios).toFixed(3)} (${range}, n = ${pairs.length} pairs), aim at most ${AIM}`,
  );
} finally {
  await bench.close();
}

async function cpuSeconds({ contextOf, start, remove, engine, docker }: Bench, watched: boolean): Promise<number> {
  const context = await contextOf(image, [0, 1]);
  const { env } = (await engine.inspectImage(image))!;
  const own = Object.fromEntries(
    env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  try {
    const { environment } = watched ? await additionsOf(context, own) : { environment: {} };
    if (watched) await prepareTrial(context);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await start(context, ['python3', '-c', METER, ...values.command.split(' ')], environment);
    const observation = watched ? await observe(context) : null;
    await engine.waitContainer(context.name, context.signal);
    await observation?.stop();
    if (watched) {
      const container = (await engine.inspectContainer(context.name))!;
      await collectTrial({ ...context, container, outputFile: '/dev/null', reattached: false });
    }
    const said = /^CPU ([\d.]+) (\d+)$/m.exec(await docker('logs', context.name));
    if (said === null || said[2] !== '0')
      throw new Error(`the suite did not pass: ${await docker('logs', context.name)}`);
    return Number(said[1]);
  } finally {
    await remove(context);
  }
}

async function buildSuite(): Promise<string> {
  const { cli, env } = await localEndpoint();
  const lines = [
    `FROM ${IMAGE}`,
    'RUN python -m pip install -q pytest',
    'WORKDIR /app',
    `COPY <<'EOT' test_work.py`,
    SUITE,
    'EOT',
  ];
  await execa(cli, ['build', '-q', '-t', SUITE_IMAGE, '-'], { env, extendEnv: false, input: `${lines.join('\n')}\n` });
  return SUITE_IMAGE;
}
