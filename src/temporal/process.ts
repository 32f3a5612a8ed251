/** Identifies a process by pid and start time. A pid alone can be reused. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque. Constant while the process lives. */
  readonly startTime: string;
}

/** @returns null if no such process runs */
export function processStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses can contain spaces, so fields are counted after it. Field 3 is the state, field 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return process.platform === 'linux' ? null : startTimeByPs(pid);
  }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return processStartTime(pid) === startTime;
}

/** Ends the process group of this process: TERM first, KILL after `graceMs`. Does nothing if the pid was reused. */
export async function endGroup(leader: ProcessIdentity, graceMs: number): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (isAlive(leader) && performance.now() < deadline) await sleep(50);
  signalGroup(leader, 'SIGKILL');
  while (isAlive(leader) && performance.now() < deadline + 5_000) await sleep(50);
}

/** Sends the signal, but only if the pid was not reused. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(leader)) return;
  try {
    process.kill(-leader.pid, signal);
  } catch {
    // It ended between the check and the signal.
  }
}

/** `st` of a listening socket in /proc/net/tcp: https://docs.kernel.org/networking/proc_net_tcp.html */
const LISTEN = '0A';

/** @returns whether this process listens on the TCP port over IPv4; true on systems without /proc */
export function listensOn(pid: number, port: number): boolean {
  if (process.platform !== 'linux') return true;
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const listening = linesOf('/proc/net/tcp').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTEN && local?.endsWith(`:${hexPort}`) ? [`socket:[${inode}]`] : [];
  });
  return openFiles(pid).some((target) => listening.includes(target));
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** Empty if the process has ended or a socket was closed during the read. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((name) => linkTarget(`${folder}/${name}`));
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function startTimeByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
