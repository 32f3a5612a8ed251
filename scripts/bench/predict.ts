/**
 * Holds the simulation of pytest-xdist against real runs of real suites: each with 0, 1, 2, 4 and 8 workers and each distribution,
 * predicted from the run without workers and from the one with two. The aim: a median error of at most 10 %, and 90 % within 25 %.
 *
 *     npm run bench:predict [-- --project shop --repeat 2 --keep runs.json --from runs.json]
 *
 * It builds the images of examples/shop and of the examples in --examples (default: /work/shared/examples) from the stand-ins of
 * set-up. PREDICT_CGROUP_PARENT puts the containers into a control group of that name: give it CPU shares where the machine is busy.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { localEngine } from '../../test/support/local-engine.ts';
import { type Prediction, predictions, wayWords } from './predict/errors.ts';
import { measure, type Project, type Ran, type Way } from './predict/measure.ts';
import { prepareProjects } from './predict/projects.ts';

const { values } = parseArgs({
  options: {
    project: { type: 'string', multiple: true },
    repeat: { type: 'string', default: '1' },
    examples: { type: 'string', default: '/work/shared/examples' },
    keep: { type: 'string' },
    from: { type: 'string' },
  },
});

const COUNTS = [1, 2, 4, 8];
const AIM = { median: 0.1, within: 0.25, share: 0.9 };
const cpus = Array.from({ length: Math.min(2, availableParallelism()) }, (_, cpu) => cpu);

type Measured = Readonly<Record<string, readonly Ran[]>>;

const measured =
  values.from === undefined ? await measureAll() : (JSON.parse(readFileSync(values.from, 'utf8')) as Measured);
const all = Object.entries(measured)
  .filter(([name]) => values.project === undefined || values.project.includes(name))
  .flatMap(([name, runs]) => predictions(name, runs, runs.filter(isBase), cpus.length));
for (const each of all) console.log(lineOf(each));
conclude(all);

async function measureAll(): Promise<Measured> {
  const local = await localEngine('predict');
  const runs: Record<string, readonly Ran[]> = {};
  try {
    const projects = await prepareProjects(local.docker, {
      wanted: values.project ?? null,
      examples: values.examples,
      label: `paceline.test=${local.owner}`,
      cpus,
    });
    for (const project of projects)
      await measureProject(local.docker, project, `paceline.test=${local.owner}`, (ran) => {
        runs[project.name] = ran;
        if (values.keep !== undefined) writeFileSync(values.keep, JSON.stringify(runs));
      });
  } finally {
    await local.cleanUp();
  }
  return runs;
}

/** The fastest of each way's runs: what disturbs a run on a busy machine makes it slower. */
async function measureProject(
  docker: Parameters<typeof measure>[0],
  project: Project,
  label: string,
  keep: (runs: readonly Ran[]) => void,
): Promise<void> {
  const ways: Way[] = [
    { workers: 0, distribution: 'load' },
    // With one worker all distributions are the same.
    ...COUNTS.flatMap((workers) =>
      project.distributions
        .filter((each) => workers > 1 || each === 'load')
        .map((distribution) => ({ workers, distribution })),
    ),
  ];
  const best = new Map<string, Ran>();
  // Not counted: the first run of an image is slower.
  await measure(docker, project, ways[0]!, { cpus, label });
  for (let round = 0; round < Number(values.repeat); round += 1)
    for (const way of ways) {
      const ran = await measure(docker, project, way, { cpus, label });
      console.error(
        `${project.name} ${wayWords(way)}: ${ran === null ? 'red, not counted' : `${ran.seconds.toFixed(2)} s`}`,
      );
      if (ran !== null && ran.seconds < (best.get(wayWords(way))?.seconds ?? Number.POSITIVE_INFINITY))
        best.set(wayWords(way), ran);
      const [first] = best.values();
      keep([...best.values()].filter(({ profile }) => profile.testSet.digest === first?.profile.testSet.digest));
    }
}

function isBase({ workers, distribution }: Ran): boolean {
  return workers === 0 || (workers === 2 && distribution === 'load');
}

function lineOf({ project, from, to, predicted, measured: seconds, error }: Prediction): string {
  const cells = [
    project.padEnd(12),
    `from ${from}`.padEnd(18),
    to.padEnd(16),
    `${predicted.toFixed(2)} s`.padStart(9),
    `${seconds.toFixed(2)} s`.padStart(9),
  ];
  return `${cells.join(' ')} ${`${(100 * error).toFixed(1)} %`.padStart(8)}`;
}

function conclude(found: readonly Prediction[]): void {
  const errors = samplesOf(found.map(({ error }) => error));
  if (errors === null) throw new Error('Nothing was predicted.');
  const share = found.filter(({ error }) => error <= AIM.within).length / found.length;
  console.log(`\n${found.length} predictions on ${cpus.length} CPUs`);
  console.log(`median error ${(100 * median(errors)).toFixed(1)} % (aim ${100 * AIM.median} %)`);
  console.log(`within ${100 * AIM.within} %: ${(100 * share).toFixed(1)} % (aim ${100 * AIM.share} %)`);
  process.exitCode = median(errors) <= AIM.median && share >= AIM.share ? 0 : 1;
}
