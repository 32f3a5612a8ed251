import { type MakeCheck, ok, warning } from './check.ts';

/** A busy machine makes wall times longer than they are: past these shares the result says so. */
const BUSY = { pressureRatio: 0.1, idleRatio: 0.5 };

/** Whether something else is at work here. */
export const load: MakeCheck = ({ load: { cpuPressureRatio: pressure, idleRatio: idle, loadAverage1m: average } }) => {
  const next = 'Wait until the machine is quiet, or end what else is running; times measured now would be too long.';
  if (pressure.kind === 'measured' && pressure.value > BUSY.pressureRatio) {
    return warning('Load', `busy: tasks waited for a CPU ${percent(pressure.value)} of the last ten seconds`, next);
  }
  if (idle.kind === 'measured' && idle.value < BUSY.idleRatio) {
    return warning('Load', `busy: only ${percent(idle.value)} of the CPU time is free`, next);
  }
  const shown = average.kind === 'measured' ? ` (load average ${average.value.toFixed(1)})` : '';
  return ok('Load', `quiet${shown}`);
};

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`;
}
