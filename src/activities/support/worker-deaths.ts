/**
 * How often a worker's process died in the middle of the same work. Temporal counts attempts, and a worker that is restarted
 * costs one each time. But work that kills its own worker must not be retried forever. So each piece of work leaves a mark
 * while it runs: a mark of a process that no longer exists counts as a death at the step that the mark names. An attempt that
 * stops in order removes its mark.
 *
 * Marks are small files in the data directory, of which one process at a time has the lock: a mark that is not this
 * worker's own is a dead one's.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '../../model/activities.ts';
import { PacelineError } from '../../model/failure.ts';

/** In a row at the same step. A person may kill a worker twice at the same point; more often is rather the work's own doing. */
const MOST_DEATHS = 3;
/** While it waits, or the tests run, little is read: others who share the process are more likely to be the reason. */
const MOST_PASSIVE_DEATHS = 5;
const PASSIVE: ReadonlySet<Heartbeat['phase']> = new Set(['waiting', 'testing']);
/** At any steps. */
const MOST_DEATHS_IN_ALL = 10;
/** After this time the mark of an abandoned run is useless. */
const KEPT_MS = 7 * 24 * 3_600_000;

export interface Work {
  /** Names this one piece of work for good. */
  readonly key: string;
  /** What follows "while it" in a message: `measured trial 1 of all`. */
  readonly doing: string;
  readonly step: Heartbeat;
  /** @default 3 at the same step */
  readonly most?: number;
}

export interface WorkerDeaths {
  /**
   * @param go gets a function to call with the next step
   * @throws PacelineError WorkerDied, without beginning the work, where workers died at it too often; what the work throws
   */
  during<T>(work: Work, go: (noteStep: (step: Heartbeat) => void) => Promise<T>): Promise<T>;
}

interface Mark {
  /** Steps at which earlier workers died, the latest last. */
  readonly deaths: readonly Heartbeat[];
  /** null: let go in order. */
  readonly open: { readonly worker: string; readonly step: Heartbeat } | null;
}

export function createWorkerDeaths(dataDirectory: string): WorkerDeaths {
  const folder = join(dataDirectory, 'attempts');
  const worker = randomUUID();
  removeOld(folder);
  return {
    during: async ({ key, doing, step, most }, go) => {
      const file = join(folder, `${key.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`);
      const deaths = deathsIn(file, worker);
      if (isTooOften(deaths, most)) {
        write(file, { deaths, open: null });
        throw workerDied(doing, deaths);
      }
      let noted: Heartbeat | null = null;
      const noteStep = (next: Heartbeat) => {
        if (noted !== null && isSame(noted, next)) return;
        noted = next;
        write(file, { deaths, open: { worker, step: next } });
      };
      noteStep(step);
      try {
        const result = await go(noteStep);
        remove(file);
        return result;
      } catch (error) {
        // It may be tried again, and what it died of before counts on.
        if (deaths.length > 0) write(file, { deaths, open: null });
        else remove(file);
        throw error;
      }
    },
  };
}

function isSame(a: Heartbeat, b: Heartbeat): boolean {
  return a.phase === b.phase && a.note === b.note;
}

function deathsIn(file: string, worker: string): readonly Heartbeat[] {
  const mark = read(file);
  if (mark === null) return [];
  const { deaths, open } = mark;
  return open === null || open.worker === worker ? deaths : [...deaths, open.step];
}

function isTooOften(deaths: readonly Heartbeat[], most: number | undefined): boolean {
  const last = deaths.at(-1);
  if (last === undefined) return false;
  const others = deaths.findLastIndex(({ phase }) => phase !== last.phase);
  const inARow = deaths.length - 1 - others;
  const limit = most ?? (PASSIVE.has(last.phase) ? MOST_PASSIVE_DEATHS : MOST_DEATHS);
  return inARow >= limit || deaths.length >= MOST_DEATHS_IN_ALL;
}

function workerDied(doing: string, deaths: readonly Heartbeat[]): PacelineError {
  const { phase, note } = deaths.at(-1)!;
  const at = note === undefined ? phase : `${phase}, ${note}`;
  return new PacelineError({
    type: 'WorkerDied',
    what: `The worker died ${deaths.length} times while it ${doing} (the last time at: ${at}), and is not retried again.`,
    next: 'Check what ended it (its own output; `dmesg` if memory ran out). The project may write too much output at this step. If it was killed by hand, run the command again.',
  });
}

/** Marks are a help: a disk that is full must not be why work does not begin. */
function write(file: string, mark: Mark): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(mark));
    renameSync(`${file}.new`, file);
  } catch {
    // Then this death, should it be one, is not counted.
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is left behind, and what it names does not come again.
  }
}

function read(file: string): Mark | null {
  try {
    const { deaths, open } = JSON.parse(readFileSync(file, 'utf8')) as Mark;
    return Array.isArray(deaths) ? { deaths, open: open ?? null } : null;
  } catch {
    return null;
  }
}

function removeOld(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { force: true });
    }
  } catch {
    // There are none yet.
  }
}
