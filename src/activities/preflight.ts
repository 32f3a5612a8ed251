import { hostLoad } from '../collectors/host.ts';
import { freeBytes } from '../data/disk.ts';
import { PacelineError } from '../model/failure.ts';
import { activity } from './attempt.ts';
import type { ActivityDeps, Make } from './deps.ts';

/** Less than this on either disk, and the next layer or log file may be the one that does not fit. */
const MINIMUM_FREE_BYTES = 1e9;
/** A busy machine makes wall times longer than they are: past this share of waiting, the result says so. */
const BUSY = { pressureRatio: 0.1, idleRatio: 0.5 };

/** What makes a benchmark impossible is thrown; what makes its figures doubtful is a warning in the result. */
export const preflight: Make<'preflight'> = (deps) =>
  activity({ phase: 'preparing' }, async () => {
    await requireDisk(deps);
    return await loadWarnings(deps);
  });

async function requireDisk({ engine, endpoint, dataDirectory }: ActivityDeps): Promise<void> {
  const { dataRoot } = await engine.info();
  for (const folder of endpoint.local ? [dataDirectory, dataRoot] : [dataDirectory]) {
    const free = await freeBytes(folder).catch(() => Number.POSITIVE_INFINITY);
    if (free >= MINIMUM_FREE_BYTES) continue;
    throw new PacelineError({
      type: 'DiskFull',
      what: `The disk of ${folder} has only ${Math.floor(free / 1e6)} MB left.`,
      next: 'Free some space (`docker system df` shows what Docker uses), then start the run again.',
    });
  }
}

async function loadWarnings({ dataDirectory }: ActivityDeps): Promise<string[]> {
  const { cpuPressureRatio: pressure, idleRatio: idle } = await hostLoad({ dataDirectory });
  const percent = (ratio: number) => `${Math.round(100 * ratio)} %`;
  const busy = pressure.kind === 'measured' && pressure.value > BUSY.pressureRatio;
  const used = idle.kind === 'measured' && idle.value < BUSY.idleRatio;
  return [
    ...(busy
      ? [`The machine was busy before the run: tasks waited for a CPU ${percent(pressure.value)} of the time.`]
      : []),
    ...(used ? [`Only ${percent(idle.value)} of the machine's CPU time was free before the run.`] : []),
  ];
}
