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
