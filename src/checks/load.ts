import { setTimeout as sleep } from 'node:timers/promises';
import type { HostLoad } from '../collectors/host/fingerprint.ts';
import { type MakeCheck, ok, warning } from './check.ts';

/**
 * A busy machine makes wall times longer. Above these shares the result is marked. Pressure is an average over ten seconds
 * and includes the past, so it counts only if little CPU time is free now.
 */
const BUSY = { pressureRatio: 0.1, idleRatio: 0.5, plentyIdleRatio: 0.8 };

/** Checks whether other programs use this machine. */
export const load: MakeCheck = (machine) => {
  const { loadAverage1m: average } = machine.load;
  const busy = busyness(machine.load);
  if (busy !== null) {
    const next = 'Wait until the machine is quiet, or stop other programs: times measured now would be too long.';
    return warning('Load', `busy: ${busy}`, next);
  }
  return ok('Load', `quiet${average.kind === 'measured' ? ` (load average ${average.value.toFixed(1)})` : ''}`);
};

/** Starting Paceline keeps a small machine busy for some seconds, so a busy machine is looked at again. */
const SETTLE_SECONDS = 6;
const BETWEEN_SECONDS = 2;

/**
 * The load once the machine is quiet, or at the end of the time for that.
 * @param options.quietSeconds 0 looks once. More than a start of Paceline needs is not waited for.
 * @param options.pause another clock, for tests
 */
export async function settledLoad(
  look: () => Promise<HostLoad>,
  { quietSeconds = SETTLE_SECONDS, signal, pause = sleep }: SettleOptions,
): Promise<HostLoad> {
  let load = await look();
  let left = Math.min(quietSeconds, SETTLE_SECONDS);
  while (left > 0 && busyness(load) !== null) {
    const seconds = Math.min(left, BETWEEN_SECONDS);
    await pause(1_000 * seconds, undefined, signal === undefined ? {} : { signal });
    left -= seconds;
    load = await look();
  }
  return load;
}

interface SettleOptions {
  readonly quietSeconds?: number;
  readonly signal?: AbortSignal;
  readonly pause?: typeof sleep;
}

/** What keeps the machine busy, as text. null if it is quiet. */
export function busyness({ cpuPressureRatio: pressure, idleRatio: idle }: HostLoad): string | null {
  if (idle.kind === 'measured') {
    if (idle.value < BUSY.idleRatio) return `only ${percent(idle.value)} of the CPU time is free`;
    if (idle.value > BUSY.plentyIdleRatio) return null;
  }
  if (pressure.kind === 'measured' && pressure.value > BUSY.pressureRatio) {
    return `tasks waited for a CPU ${percent(pressure.value)} of the last ten seconds`;
  }
  return null;
}

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`;
}
