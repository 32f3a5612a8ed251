/** The shop by `paceline run`, split by the times of its activities. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../../../src/data/directory.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { paceline, startPaceline } from '../../../test/support/paceline.ts';
import { type ActivityTime, activityTimes } from './activity-times.ts';
import type { Pass, PassInput } from './shop-pass.ts';

export async function byPaceline(input: PassInput & { readonly dataDirectory: string }): Promise<Pass> {
  const { project, environment: env, dataDirectory } = input;
  const up = startPaceline(['up', '--data-dir', dataDirectory], { env });
  try {
    await up.until(/Press Ctrl-C to stop/);
    const beganMs = performance.now();
    const argv = ['run', '--project', project, '--data-dir', dataDirectory, '--lanes', '1', '--json'];
    const { stdout, stderr } = await paceline(argv, { env });
    const totalSeconds = (performance.now() - beganMs) / 1000;
    if (stdout === '') throw new Error(stderr);
    const result = JSON.parse(stdout) as RunResult;
    const { activities, startedMs, endedMs } = await activityTimes(dataDirectory, result);
    const cold = await buildSeconds(join(runFolder(dataDirectory, result.runId), 'commands'));
    return takenApart(result, { activities, cold, totalSeconds, workflowSeconds: (endedMs - startedMs) / 1000 });
  } finally {
    up.child.kill('SIGTERM');
    await up.output;
  }
}

/** The client's time by the script's clock, from the files that src/docker/command/detached.ts writes. */
async function buildSeconds(commands: string): Promise<number> {
  const builds = (await readdir(commands)).filter((name) => name.startsWith('build-cold-'));
  const each = builds.map(async (name) => {
    const [began, ended] = await Promise.all([stat(join(commands, name, 'pid')), stat(join(commands, name, 'exit'))]);
    return (ended.mtimeMs - began.mtimeMs) / 1000;
  });
  return sum(await Promise.all(each));
}

/** The build by its command. Start-up and tests as Paceline measured them. */
function takenApart(
  { phases, scenarios, verdict, summary }: RunResult,
  {
    activities,
    cold,
    totalSeconds,
    workflowSeconds,
  }: {
    readonly activities: readonly ActivityTime[];
    readonly cold: number;
    readonly totalSeconds: number;
    readonly workflowSeconds: number;
  },
): Pass {
  const of = (...types: readonly string[]) => activities.filter(({ type }) => types.includes(type)).map(secondsOf);
  const [aroundCold = Number.NaN, ...builds] = of('buildImages');
  const startup = phases.startup.seconds;
  const tests = scenarios.flatMap(({ name, trials }) => [[name, trials.at(-1)?.seconds ?? Number.NaN] as const]);
  if (startup === null || tests.some(([, seconds]) => Number.isNaN(seconds))) throw new Error(`${verdict}: ${summary}`);
  const parts = { build: cold, 'start-up': startup, ...Object.fromEntries(tests) };
  const additions = {
    'preparing (preflight, a copy of the source, the plan)': sum(
      of('claimHost', 'openRun', 'reap', 'preflight', 'prepareSource', 'resolvePlan'),
    ),
    'cold build: a quiet machine waited for, its record read': aroundCold - cold,
    'warm build': sum(builds),
    'start-up: looking at its services, taking them down': sum(of('startServices')) - startup,
    'trials: services of their own, collecting, taking down': sum(of('runTrial')) - sum(tests.map(([, each]) => each)),
    'judging and publishing': sum(of('nextTrials', 'analyze', 'publish', 'cleanUpRun')),
  };
  const between = workflowSeconds - sum(activities.map(secondsOf));
  const command = totalSeconds - workflowSeconds;
  return {
    by: 'paceline',
    parts,
    additions: { ...additions, 'between activities': between, 'the command itself': command },
    totalSeconds,
  };
}

function secondsOf({ startedMs, endedMs }: ActivityTime): number {
  return (endedMs - startedMs) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
