/** Runs a project's tests once in a container, with the recorder within pytest. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PytestProfile } from '../../../src/model/profile/pytest-profile.ts';
import type { Distribution } from '../../../src/analysis/xdist/schedulers/scheduler.ts';
import { profileOf } from './records.ts';

export interface Project {
  readonly name: string;
  readonly image: string;
  readonly command: string;
  /** Flags of `docker run`. */
  readonly flags: readonly string[];
  /** Containers that compute for the tests. */
  readonly services: readonly string[];
  /** Without them a scenario is red. */
  readonly distributions: readonly Distribution[];
}

export interface Way {
  readonly workers: number;
  readonly distribution: Distribution;
}

export interface Ran extends Way {
  readonly seconds: number;
  readonly profile: PytestProfile;
  readonly servicesCpuSeconds: number;
}

export type Docker = (...args: readonly string[]) => Promise<string>;

const RECORDER = dirname(fileURLToPath(import.meta.url));

/** Where the machine is busy, containers in a control group of this many CPU shares still get their CPUs. */
const SHARES = process.env['PREDICT_CGROUP_PARENT'];

export function placeFlags(cpus: readonly number[]): string[] {
  return ['--cpuset-cpus', cpus.join(','), ...(SHARES === undefined ? [] : ['--cgroup-parent', SHARES])];
}

/** @returns null where the tests were red, or were others */
export async function measure(
  docker: Docker,
  { image, command, flags, services }: Project,
  { workers, distribution }: Way,
  { cpus, label }: { readonly cpus: readonly number[]; readonly label: string },
): Promise<Ran | null> {
  const out = mkdtempSync(join(tmpdir(), 'paceline-predict-'));
  chmodSync(out, 0o777);
  const words = workers === 0 ? '-n 0' : `-n ${workers} --dist ${distribution}`;
  const before = cpuSecondsOf(services);
  const mounts = ['-v', `${RECORDER}:/predict:ro`, '-v', `${out}:/predict-out`];
  const environment = [
    '-e',
    'PYTHONPATH=/predict',
    '-e',
    'PYTEST_PLUGINS=predict_recorder',
    '-e',
    'PREDICT_OUT=/predict-out',
  ];
  const id = await docker(
    'run',
    '-d',
    '--label',
    label,
    ...placeFlags(cpus),
    ...flags,
    ...mounts,
    ...environment,
    image,
    'sh',
    '-c',
    `exec ${command} ${words}`,
  );
  try {
    const code = await docker('wait', id);
    const [startedAt, finishedAt] = (await docker('inspect', '-f', '{{.State.StartedAt}} {{.State.FinishedAt}}', id))
      .split(' ')
      .map(secondsOf);
    if (process.env['PREDICT_VERBOSE'] !== undefined || code !== '0')
      console.error((await docker('logs', '--tail', '4', id)).slice(-400));
    if (code !== '0') return null;
    const profile = profileOf(out, { startedAt: startedAt!, finishedAt: finishedAt! });
    const servicesCpuSeconds = cpuSecondsOf(services) - before;
    return profile === null
      ? null
      : { workers, distribution, seconds: finishedAt! - startedAt!, profile, servicesCpuSeconds };
  } finally {
    await docker('rm', '-f', id);
    rmSync(out, { recursive: true, force: true });
  }
}

/** The engine writes nanoseconds; Date reads milliseconds. */
function secondsOf(text: string): number {
  const fraction = Number(`0.${/\.(\d+)Z/.exec(text)?.[1] ?? '0'}`);
  return Math.floor(Date.parse(text.replace(/\.\d+Z/, 'Z')) / 1000) + fraction;
}

/** By the control groups of the containers, in whichever version the host has. */
function cpuSecondsOf(services: readonly string[]): number {
  const parent = SHARES ?? '/docker';
  return services.reduce((sum, id) => {
    try {
      return sum + Number(readFileSync(`/sys/fs/cgroup/cpuacct${parent}/${id}/cpuacct.usage`, 'utf8')) / 1e9;
    } catch {
      const text = readFileSync(`/sys/fs/cgroup/system.slice/docker-${id}.scope/cpu.stat`, 'utf8');
      return sum + Number(/usage_usec (\d+)/.exec(text)?.[1] ?? 0) / 1e6;
    }
  }, 0);
}
