/** Opens the store for commands that read it. */
import { existsSync } from 'node:fs';
import { resolveDataDirectory } from '../../data/directory.ts';
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
  /** The store's location in words. */
  readonly place: string;
}

/**
 * Calls `work` with the store, then closes the store.
 * @param nothing called if there is no store yet: reading does not create one
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

/** The same for commands that need a store. @throws PacelineError WrongUsage */
export function inStore<T>(flags: StoreFlags, io: Io, work: (opened: Opened) => Promise<T>): Promise<T> {
  return withStore(flags, io, work, (place) => {
    throw wrongUsage(`No run is recorded in ${place}.`, START_ONE);
  });
}

/** Calls `work` with the store, which is created if there is none yet, then closes the store. */
export async function inWritableStore<T>(flags: StoreFlags, io: Io, work: (store: Store) => Promise<T>): Promise<T> {
  const dataDirectory = resolveDataDirectory({ flag: dataDirectoryOf(flags.dataDir, io), env: io.env });
  const store = await openStore({ dataDirectory, url: flags.store ?? io.env['PACELINE_STORE'] });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export const START_ONE = 'Start one with `paceline run`, or specify another place with --data-dir or --store.';

/** The run whose id begins with `id`, or the latest run. @throws PacelineError WrongUsage */
export async function storedRun({ store, place }: Opened, id: string | undefined): Promise<RunSummary> {
  const runs = withoutSides(await store.listRuns(id === undefined ? { limit: 1 } : { id, limit: 50 }));
  const exact = runs.find(({ run }) => run.runId === id);
  const [found, second] = exact === undefined ? runs : [exact];
  if (found === undefined && id === undefined) throw wrongUsage(`No run is recorded in ${place}.`, START_ONE);
  if (found === undefined) {
    throw wrongUsage(`No run in ${place} begins with \`${id}\`.`, '`paceline history` lists the runs.');
  }
  if (second !== undefined) {
    const ids = runs.slice(0, 3).map(({ run }) => run.runId);
    throw wrongUsage(`Several runs begin with \`${id}\`.`, `Specify more characters: ${ids.join(', ')}.`);
  }
  return found;
}

/** Both sides of a comparison are runs too, but no list shows them. They do not make a prefix ambiguous. */
function withoutSides(runs: readonly RunSummary[]): readonly RunSummary[] {
  const benchmarks = runs.filter(({ kind }) => kind !== 'comparison');
  return benchmarks.length === 0 ? runs : benchmarks;
}

/** JSON with two spaces and a final line break. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
