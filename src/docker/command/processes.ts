/**
 * Identifies a process. A pid is reused, so it is stored with the start time and the boot id. The three together name
 * one process for good.
 */
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot from /proc. Without /proc: the output of `ps -o lstart`. */
  readonly startTime: string;
  readonly bootId: string;
}

/**
 * POSIX shell functions `start_time` and `boot_id`. They print the shell's own values, in the form that `isAlive`
 * compares.
 * The name in /proc/PID/stat is in brackets and may contain spaces, so the line is cut after the last bracket.
 */
export const IDENTITY_IN_SHELL = `
start_time() {
  if read -r stat < "/proc/$$/stat"; then
    set -- \${stat##*) }
    printf '%s' "\${20}"
  else
    LC_ALL=C ps -o lstart= -p $$ | tr -s ' '
  fi
} 2>/dev/null
boot_id() {
  if read -r id < /proc/sys/kernel/random/boot_id; then printf '%s' "$id"; else sysctl -n kern.boottime; fi
} 2>/dev/null
`;

/** Whether exactly this process is still running. A zombie is not. */
export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  if ((await bootId()) !== process.bootId) return false;
  return (await startTimeOf(process.pid)) === process.startTime;
}

async function bootId(): Promise<string> {
  const id = await readOrNull('/proc/sys/kernel/random/boot_id');
  if (id !== null) return id.trim();
  return (await execa('sysctl', ['-n', 'kern.boottime'], { reject: false })).stdout.trim();
}

/** @returns null when there is no such process, or only its zombie */
async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat !== null) {
    // Numbered from the state, which is field 3 of proc_pid_stat(5); the start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  }
  if (process.platform === 'linux') return null;
  const listed = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], { reject: false, env: { LC_ALL: 'C' } });
  return listed.stdout.trim() === '' ? null : listed.stdout.replace(/ +/g, ' ').trim();
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
