/** Restarts the machine's engine, as a package update does. It ends all containers of the machine, so it must be requested. */
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Endpoint } from '../../src/docker/command/endpoint.ts';

const PID_FILE = '/var/run/docker.pid';
const LOG = '/var/log/paceline-dockerd.log';
/** An engine gives its containers 15 s to stop. After another minute we give up. */
const PATIENCE_MS = 75_000;

/** By systemd if it is used. Otherwise the process is stopped and started again with the same command line. */
export async function restartEngine(endpoint: Endpoint): Promise<void> {
  if (readFileSync('/proc/1/comm', 'utf8').trim() === 'systemd') await execa('systemctl', ['restart', 'docker']);
  else await restartByHand();
  await until(async () => {
    const { exitCode } = await execa(endpoint.cli, ['version'], { env: endpoint.env, extendEnv: false, reject: false });
    return exitCode === 0;
  }, 'the engine does not answer after its restart');
}

async function restartByHand(): Promise<void> {
  const pid = Number(readFileSync(PID_FILE, 'utf8'));
  const [command, ...flags] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  if (command === undefined || !command.endsWith('dockerd')) throw new Error(`${PID_FILE} names no dockerd`);
  process.kill(pid, 'SIGTERM');
  await until(async () => !isAlive(pid), 'the engine does not end');
  const log = openSync(LOG, 'a');
  spawn(command, flags, { detached: true, stdio: ['ignore', log, log], cwd: '/' }).unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) if (await condition()) return;
  throw new Error(otherwise);
}
