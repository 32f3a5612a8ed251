/** The fan-out on the real engine: trials of known length in two lanes of one CPU, started by the command. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../../src/model/result.ts';
import { paceline, startPaceline } from '../../../test/support/paceline.ts';
import { activityTimes } from './activity-times.ts';
import { lowerBound } from './lower-bound.ts';

const SLEEPS = [1, 2, 3, 4, 5, 6, 8];
const LANES = 2;
const IMAGE = 'paceline/stand-in-python:3.11';

/** Twice: the first run knows no times, the second one knows those of the first. */
export async function onRealEngine(): Promise<void> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'paceline-bench-')));
  const [project, data] = [join(root, 'project'), join(root, 'data')];
  await mkdir(project);
  const test = { build: { context: '.', dockerfile: 'Dockerfile.test' } };
  await writeFile(join(project, 'docker-compose.test.yml'), JSON.stringify({ services: { test } }));
  await writeFile(join(project, 'Dockerfile.test'), `FROM ${IMAGE}\n`);
  const scenarios = SLEEPS.map((seconds) => ({ name: `sleep ${seconds}`, command: `sleep ${seconds}` }));
  await writeFile(
    join(project, 'paceline.yml'),
    JSON.stringify({ build: { modes: ['cold'] }, lanes: { cpus: 1, max: LANES }, scenarios }),
  );
  const up = startPaceline(['up', '--data-dir', data]);
  try {
    await up.until(/Press Ctrl-C to stop/);
    for (const title of ['first run', 'times known']) {
      const { stdout, stderr } = await paceline(['run', '--project', project, '--data-dir', data, '--json']);
      if (stdout === '') throw new Error(stderr);
      console.log(`${title}: ${await wordsOf(data, JSON.parse(stdout) as RunResult)}`);
    }
  } finally {
    up.child.kill('SIGTERM');
    await up.output;
    await rm(root, { recursive: true, force: true });
  }
}

async function wordsOf(data: string, result: RunResult): Promise<string> {
  const { activities } = await activityTimes(data, result);
  const trials = activities.filter(({ type }) => type === 'runTrial');
  const seconds = trials.map(({ startedMs, endedMs }) => (endedMs - startedMs) / 1000);
  const startedMs = Math.min(...trials.map((trial) => trial.startedMs));
  const makespan = (Math.max(...trials.map(({ endedMs }) => endedMs)) - startedMs) / 1000;
  const around = (sum(seconds) - sum(SLEEPS)) / trials.length;
  return (
    `${trials.length} trials of 1 to 8 s in ${LANES} lanes of the real engine: makespan ${makespan.toFixed(1)} s, ` +
    `${(makespan / lowerBound(seconds, LANES)).toFixed(3)} of the lower bound; each trial takes ${around.toFixed(1)} s in addition to its tests`
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
