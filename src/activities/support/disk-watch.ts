/** What becomes of work on a disk that cannot be written to: the data directory's, or the engine's own. */
import { dataDiskError, diskTroubleError, diskTroubleIn, fileDiskError } from '../../data/disk-trouble.ts';
import { freeBytes, NEEDED_BYTES } from '../../data/disk.ts';
import type { Endpoint } from '../../docker/command/endpoint.ts';
import type { Engine } from '../../docker/engine/engine.ts';
import { PacelineError } from '../../model/failure.ts';
import { LET_GO } from './surroundings.ts';

export interface DiskWatch {
  /**
   * The cause of an error, if it is a full disk. If it is the data directory's, the worker ends, and the run continues with the next
   * one; with the engine's the work has failed.
   * @returns LET_GO, or what to throw
   */
  readonly explain: (error: unknown) => Promise<unknown>;
}

export interface DiskWatchOptions {
  readonly dataDirectory: string;
  readonly endpoint: Pick<Endpoint, 'local'>;
  readonly engine: Pick<Engine, 'info'>;
  /** Told once the data directory cannot be written to. */
  readonly onDataDisk: (error: PacelineError) => void;
}

export function createDiskWatch(options: DiskWatchOptions): DiskWatch {
  return {
    explain: async (error) => {
      const ofData = isUpFront(error) ? null : await dataDiskError(options.dataDirectory, error).catch(() => null);
      if (ofData === null) return (await engineDiskError(options, error)) ?? (await fileDiskError(error)) ?? error;
      options.onDataDisk(ofData);
      return LET_GO;
    },
  };
}

/** If the check before a run finds too little disk space, the run ends, not the worker. */
function isUpFront(error: unknown): boolean {
  return error instanceof PacelineError && error.problem.type === 'DiskFull' && error.cause === undefined;
}

/** By what docker said; where its disk can be seen, only when there is little room on it. A step may fill a disk of its own. */
async function engineDiskError({ engine, endpoint }: DiskWatchOptions, error: unknown): Promise<PacelineError | null> {
  if (!(error instanceof PacelineError)) return null;
  const { what, detail = '' } = error.problem;
  const trouble = diskTroubleIn(`${what}\n${detail}`);
  if (trouble === null || error.problem.type === 'DiskFull') return null;
  const info = await engine.info().catch(() => null);
  if (info === null || !endpoint.local) return null;
  const free = await freeBytes(info.dataRoot).catch(() => null);
  if (free === null || (trouble === 'full' && free > NEEDED_BYTES)) return null;
  const next =
    'run the same command again. `docker system df` shows what Docker uses. Finished builds are in its cache.';
  return diskTroubleError(info.dataRoot, trouble, next, { cause: error });
}
