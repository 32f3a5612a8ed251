/** Causes the faults. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { LABELS } from '../../src/docker/engine/labels.ts';
import { isClosed, type Pending, pending, type Played } from './moments.ts';
import type { Fault } from './points.ts';
import { restartEngine } from './restart-engine.ts';

/** Longer than the heartbeat timeout of src/workflows/policies.ts. */
const STALLED_MS = 16_000;

type Blow = (played: Played, awayMs: number) => Promise<boolean>;

/** Each resolves when what was killed runs again. @returns whether there was anything to hit */
const BLOWS: Readonly<Record<Fault, Blow>> = {
  workerKilled: replaceWorker('SIGKILL'),
  workerStopped: replaceWorker('SIGTERM'),
  workerStalled: async ({ world }, awayMs) => {
    await world.stallWorker(STALLED_MS + awayMs);
    return true;
  },
  serverKilled: async ({ world }, awayMs) => {
    await world.killServer();
    await sleep(awayMs);
    await world.startServer();
    return true;
  },
  clientKilled: (played) => hitCommand(played, (shell) => descendants(shell)),
  commandKilled: (played) => hitCommand(played, (shell) => [shell, ...descendants(shell)]),
  testsKilled: async ({ world, run }) => {
    const { engine } = world;
    const labels = { [LABELS.run]: run.runId, [LABELS.trial]: true, 'com.docker.compose.oneoff': 'True' } as const;
    const [tests] = (await engine.listContainers(labels)).filter(({ state }) => state === 'running');
    if (tests === undefined) return false;
    const { exitCode } = await execa(world.endpoint.cli, ['kill', tests.id], {
      env: world.endpoint.env,
      reject: false,
    });
    return exitCode === 0;
  },
  activityPaused: async (played, awayMs) => {
    const paused = await onPending(played, ({ id }) =>
      service(played).pauseActivity({ ...named(played), id, reason: 'chaos' }),
    );
    if (paused === null) return false;
    await sleep(awayMs);
    await service(played)
      .unpauseActivity({ ...named(played), id: paused.id })
      .catch(() => {});
    return true;
  },
  activityReset: async (played) =>
    (await onPending(played, ({ id }) => service(played).resetActivity({ ...named(played), id }))) !== null,
  cancelled: async ({ handle }) => await asked(() => handle.cancel()),
  terminated: async ({ handle }) => await asked(() => handle.terminate('chaos')),
  engineRestarted: async ({ world }) => {
    await restartEngine(world.endpoint);
    return true;
  },
};

export function strike(fault: Fault, played: Played, awayMs: number): Promise<boolean> {
  return BLOWS[fault](played, awayMs);
}

function replaceWorker(signal: 'SIGKILL' | 'SIGTERM'): Blow {
  return async ({ world }, awayMs) => {
    await world.endWorker(signal);
    await sleep(awayMs);
    await world.startWorker();
    return true;
  };
}

async function asked(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch {
    return false;
  }
}

const service = ({ world }: Played) => world.client.workflowService;
const named = ({ run }: Played) => ({ namespace: 'default', identity: 'chaos', execution: run });

/** The first running activity that the server lets us change. null if the run ends before. */
async function onPending(played: Played, act: (activity: Pending) => Promise<unknown>): Promise<Pending | null> {
  for (;;) {
    for (const activity of await pending(played)) if (await asked(() => act(activity))) return activity;
    if (await isClosed(played)) return null;
    await sleep(50);
  }
}

/** Kills a running command of the run. Hits nothing if there is none. */
async function hitCommand({ world, run }: Played, victims: (shell: number) => readonly number[]): Promise<boolean> {
  const folder = join(world.runFolder(run.runId), 'commands');
  const atWork = (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join(folder, name))
    .filter((command) => existsSync(join(command, 'pid')) && !existsSync(join(command, 'exit')));
  const pids = atWork.flatMap((command) => {
    const shell = Number(readFileSync(join(command, 'pid'), 'utf8').split('\n')[0]);
    return shell > 1 ? victims(shell) : [];
  });
  const hit = pids.map((pid) => kill(pid));
  return hit.includes(true);
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

function descendants(parent: number): readonly number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
  return children.flatMap((pid) => [pid, ...descendants(pid)]);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
