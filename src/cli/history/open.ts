/** The store as commands that look back use it. */
import { existsSync } from 'node:fs';
import { wrongUsage } from '../../model/failure.ts';
import { openStore, type RunSummary, type Store } from '../../store/store.ts';
import { storeLocation, withoutPassword } from '../../store/location.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';

export interface StoreFlags {
  readonly dataDir?: string;
  readonly store?: string;
}

export interface Opened {
  readonly store: Store;
  readonly dataDirectory: string;
  /** For people. */
  readonly place: string;
}

/**
 * Runs `work` on the store, and closes it.
 * @param nothing what to do where there is no store yet: it is not made for looking at it
 */
export async function withStore<T>(
  flags: StoreFlags,
  io: Io,
  work: (opened: Opened) => Promise<T>,
  nothing: (place: string) => T | Promise<T>,
): Promise<T> {
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  const url = flags.store ?? io.env['PACELINE_STORE'];
  const location = storeLocation({ dataDirectory, url });
  if (location.kind === 'sqlite' && !existsSync(location.file)) return nothing(dataDirectory);
  const store = await openStore({ dataDirectory, url });
  try {
    const place = location.kind === 'sqlite' ? dataDirectory : withoutPassword(location.url);
    return await work({ store, dataDirectory, place });
  } finally {
    await store.close();
  }
}

/** The same for what cannot go on without one. @throws PacelineError WrongUsage */
export function inStore<T>(flags: StoreFlags, io: Io, work: (opened: Opened) => Promise<T>): Promise<T> {
  return withStore(flags, io, work, (place) => {
    throw wrongUsage(`No run is recorded in ${place}.`, START_ONE);
  });
}

export const START_ONE = 'Start one with `paceline run`, or name another place with --data-dir or --store.';

/** The run whose id begins so, or the latest. @throws PacelineError WrongUsage */
export async function storedRun({ store, place }: Opened, id: string | undefined): Promise<RunSummary> {
  const runs = withoutSides(await store.listRuns(id === undefined ? { limit: 1 } : { id, limit: 50 }));
  const exact = runs.find(({ run }) => run.runId === id);
  const [found, second] = exact === undefined ? runs : [exact];
  if (found === undefined && id === undefined) throw wrongUsage(`No run is recorded in ${place}.`, START_ONE);
  if (found === undefined) {
    throw wrongUsage(`No run in ${place} begins with \`${id}\`.`, '`paceline history` lists those that are there.');
  }
  if (second !== undefined) {
    const ids = runs.slice(0, 3).map(({ run }) => run.runId);
    throw wrongUsage(`Several runs begin with \`${id}\`.`, `Give more of it: ${ids.join(', ')}.`);
  }
  return found;
}

/** Sides of comparisons are in no list, so the beginning of an id that is clear there is clear here. */
function withoutSides(runs: readonly RunSummary[]): readonly RunSummary[] {
  const benchmarks = runs.filter(({ kind }) => kind === 'benchmark');
  return benchmarks.length === 0 ? runs : benchmarks;
}

/** JSON for programs: two spaces, a closing line break. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
