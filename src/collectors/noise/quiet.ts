/** Whether the CPUs for the next measurement are quiet at this moment. */
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { figure } from '../../format/figure.ts';
import { cpuTimesBetween, readCpuTimes } from './cpu-times.ts';
import { MOST_OUTSIDE_IO_RATIO, MOST_OUTSIDE_MEMORY_RATIO, MOST_STEAL_RATIO } from './disturbance.ts';
import { readHostStalls, type Stalls } from './stalls.ts';

/** Long enough for 100 ticks of each CPU; it is paid before each build, start-up and trial. */
const WINDOW_MS = 1_000;
/** Share of the window in which some task waited for a CPU: 0.8 % at most on a quiet machine, by `npm run bench:disturbance`. */
const MOST_PRESSURE = 0.1;
/** At least 98 % on a quiet machine; half with one busy process on two CPUs. */
const LEAST_IDLE = 0.75;
/** Work that has a CPU to itself takes as much wall time as CPU time; 20 % more at the 90th percentile means other work. */
const MOST_SPIN = 1.2;
const SPINS = 20;
const SPIN_CPU_MS = 5;

/** What was seen; null if this machine does not tell. Ratios from 0 to 1. */
export interface Look {
  readonly pressure: number | null;
  /** Shares of the window in which some task waited for the disk, and for memory to be freed. */
  readonly io: number | null;
  readonly memory: number | null;
  readonly idle: number | null;
  readonly steal: number | null;
  /** 90th percentile of wall time over CPU time; null if it was not tried. */
  readonly spin: number | null;
}

/**
 * @param cpus to be measured on
 * @param alone nothing else of Paceline is running on the host. Pressure and spin are figures of the whole host, and our
 *   other lanes are not noise: these figures are used only if this is true.
 */
export async function look(cpus: readonly number[], alone: boolean, signal: AbortSignal): Promise<Look> {
  const startedMs = performance.now();
  const [before, stalled] = await Promise.all([readCpuTimes(cpus), readHostStalls()]);
  await delay(WINDOW_MS, undefined, { signal });
  const [after, stalledThen] = await Promise.all([readCpuTimes(cpus), readHostStalls()]);
  const windowUs = (performance.now() - startedMs) * 1_000;
  const passed = before === null || after === null ? null : cpuTimesBetween(before, after);
  const hasTimes = passed !== null && passed.total > 0;
  const stall = (kind: keyof Stalls) => {
    const [from, to] = [stalled[kind], stalledThen[kind]];
    return alone && from !== null && to !== null ? (to - from) / windowUs : null;
  };
  return {
    pressure: stall('cpu'),
    io: stall('io'),
    memory: stall('memory'),
    idle: hasTimes ? passed.idle / passed.total : null,
    steal: hasTimes ? passed.steal / passed.total : null,
    spin: alone ? await spinTest() : null,
  };
}

/** @returns what is not quiet, with its figure; null if all is */
export function unquiet({ pressure, io, memory, idle, steal, spin }: Look): string | null {
  if (steal !== null && steal > MOST_STEAL_RATIO)
    return `other virtual machines on the same hardware took ${figure(steal, 'ratio')} of its CPU time`;
  if (idle !== null && idle < LEAST_IDLE) return `other programs used ${figure(1 - idle, 'ratio')} of its CPUs`;
  if (pressure !== null && pressure > MOST_PRESSURE)
    return `tasks waited for a CPU ${figure(pressure, 'ratio')} of the time`;
  if (io !== null && io > MOST_OUTSIDE_IO_RATIO) return `tasks waited for the disk ${figure(io, 'ratio')} of the time`;
  if (memory !== null && memory > MOST_OUTSIDE_MEMORY_RATIO)
    return `tasks waited for memory ${figure(memory, 'ratio')} of the time`;
  if (spin !== null && spin > MOST_SPIN)
    return `a short computation took ${spin.toFixed(1)} times as long as on a quiet machine`;
  return null;
}

/** In small portions, so that heartbeats and other lanes' work continue in between. */
async function spinTest(): Promise<number> {
  const ratios: number[] = [];
  for (let spin = 0; spin < SPINS; spin += 1) {
    await nextTurn();
    const wallMs = performance.now();
    const cpu = process.cpuUsage();
    let spentUs = 0;
    while (spentUs < SPIN_CPU_MS * 1_000) {
      const { user, system } = process.cpuUsage(cpu);
      spentUs = user + system;
    }
    ratios.push(((performance.now() - wallMs) * 1_000) / spentUs);
  }
  return ratios.sort((a, b) => a - b)[Math.floor(SPINS * 0.9) - 1]!;
}
