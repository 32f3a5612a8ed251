/** Checks CPUs, memory and disk. */
import { freeBytes, NEEDED_BYTES } from '../data/disk.ts';
import { type Check, type MakeCheck, missing, ok, warning } from './check.ts';

/** With less, PostgreSQL and a test suite together are likely to be killed. */
const LITTLE_MEMORY_BYTES = 1e9;
const LITTLE_FREE_BYTES = 5e9;

export const cpus: MakeCheck = ({ info }) =>
  info.cpus > 1
    ? ok('CPUs', `${info.cpus}`)
    : warning('CPUs', 'only one: parallel scenarios cannot be faster here', 'Use a machine with more CPUs.');

export const memory: MakeCheck = ({ load, info }) => {
  const { memoryAvailableBytes: available } = load;
  if (available.kind !== 'measured') return ok('Memory', `${gigabytes(info.memoryBytes)} in all (${available.reason})`);
  const what = `${gigabytes(available.value)} of ${gigabytes(info.memoryBytes)} available`;
  return available.value < LITTLE_MEMORY_BYTES
    ? warning('Memory', what, 'Stop other programs: tests may be killed when memory runs out.')
    : ok('Memory', what);
};

/** Checks the disk of the data directory and the disk of the engine. */
export const disk: MakeCheck = async ({ dataDirectory, endpoint, info }) => {
  const folders = endpoint.local ? [dataDirectory, info.dataRoot] : [dataDirectory];
  const free = await Promise.all(
    // This user may not be able to read the engine's directory. Its disk is then not checked; a full one fails the build.
    folders.map(async (folder) => ({ folder, bytes: await freeBytes(folder).catch(() => Number.POSITIVE_INFINITY) })),
  );
  const { folder, bytes } = free.reduce((least, each) => (each.bytes < least.bytes ? each : least));
  return judgeDisk(folder, bytes);
};

export function judgeDisk(folder: string, bytes: number): Check {
  const next =
    'Free some disk space (`docker system df` shows what Docker uses), or use another data directory with --data-dir.';
  const what = `${gigabytes(bytes)} free for ${folder}`;
  if (bytes < NEEDED_BYTES)
    return missing('Disk', 'DiskFull', `only ${what}, but a run needs ${gigabytes(NEEDED_BYTES)}`, next);
  return bytes < LITTLE_FREE_BYTES ? warning('Disk', what, next) : ok('Disk', what);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
