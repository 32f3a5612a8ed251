/** Disks that cannot be written to any more: the one place that finds out, and says which disk and what to do. */
import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join, resolve } from 'node:path';
import { PacelineError } from '../model/failure.ts';
import { isInside } from './directory.ts';
import { freeBytes, NEEDED_BYTES } from './disk.ts';

export type DiskTrouble = 'full' | 'quota' | 'readOnly';

/** https://man7.org/linux/man-pages/man3/errno.3.html */
const CODES: Readonly<Record<string, DiskTrouble>> = { ENOSPC: 'full', EDQUOT: 'quota', EROFS: 'readOnly' };
/** https://www.sqlite.org/rescode.html#full */
const SQLITE_FULL = 13;

/** By the code of an error or of one of its causes; null for any other. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, errcode } = cause as { readonly code?: unknown; readonly errcode?: unknown };
    if (typeof code === 'string' && code in CODES) return CODES[code]!;
    if (typeof errcode === 'number' && (errcode & 0xff) === SQLITE_FULL) return 'full';
  }
  return null;
}

const WORDS: readonly (readonly [RegExp, DiskTrouble])[] = [
  [/no space left on device|database or disk is full/i, 'full'],
  [/disk quota exceeded/i, 'quota'],
  [/read-only file system/i, 'readOnly'],
];

/** In what a program of others said; null where it says nothing of disks. */
export function diskTroubleIn(text: string): DiskTrouble | null {
  return WORDS.find(([words]) => words.test(text))?.[1] ?? null;
}

/** More than one block, so that what is left of a last one does not count. */
const PROBE = Buffer.alloc(262_144);

/** Finds out by writing into the folder. @returns null where that can be done, or fails for another reason */
export async function diskTroubleAt(folder: string): Promise<DiskTrouble | null> {
  const file = join(folder, `.room-${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(PROBE);
      // Some file systems find out only then.
      await handle.sync();
    } finally {
      await handle.close();
    }
    return null;
  } catch (error) {
    return diskTroubleOf(error);
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** What people are told. @param next what to do once the disk can be written to again, and what that is good for */
export async function diskTroubleError(
  folder: string,
  trouble: DiskTrouble,
  next: string,
  options?: ErrorOptions,
): Promise<PacelineError> {
  const [free, mount] = await Promise.all([freeBytes(folder).catch(() => null), mountPoint(folder)]);
  const disk = `the disk at ${mount}, where ${folder} is`;
  const left =
    free === null ? '' : `: ${(free / 1e6).toFixed(1)} MB are free, and a run needs about ${NEEDED_BYTES / 1e9} GB`;
  const [what, first] = {
    full: [`There is no space left on ${disk}${left}.`, 'Free some space there'],
    quota: [`The disk quota of this user is used up on ${disk}.`, 'Free some space there, or have the quota raised'],
    readOnly: [`The system made ${disk}, read-only.`, 'Make it writable again (`dmesg` tells why it is not)'],
  }[trouble] as [string, string];
  return new PacelineError({ type: 'DiskFull', what, next: `${first}, then ${next}` }, options);
}

/** Of a source that could not be copied: nothing was measured yet. */
export const AGAIN_OR_ELSEWHERE = 'run it again, or name another data directory with --data-dir.';

export const GOES_ON = 'run the same command again: the run goes on where it stopped.';

/**
 * Whether an error came of the data directory's disk, whatever it says itself: a command that could not write its output
 * looks as if it had been killed.
 * @returns null where the disk is all right
 */
export async function dataDiskError(dataDirectory: string, error: unknown): Promise<PacelineError | null> {
  const { path } = (error ?? {}) as { readonly path?: unknown };
  const isElsewhere = typeof path === 'string' && !isInside(dataDirectory, path);
  const trouble = (await diskTroubleAt(dataDirectory)) ?? (isElsewhere ? null : diskTroubleOf(error));
  return trouble === null ? null : diskTroubleError(dataDirectory, trouble, GOES_ON, { cause: error });
}

/** The same of an error that names its file itself; null for any other error. */
export async function fileDiskError(error: unknown): Promise<PacelineError | null> {
  const trouble = diskTroubleOf(error);
  const { path } = error as { readonly path?: unknown };
  if (trouble === null || typeof path !== 'string') return null;
  return diskTroubleError(dirname(path), trouble, 'run the same command again.', { cause: error });
}

const LOOK_MS = 5_000;
/** Above this there is nothing to find out by writing. */
const LITTLE_BYTES = 4_000_000;

/**
 * Waits until the data directory's disk is full. A server that cannot write to its database ends late and without saying why.
 * @throws PacelineError DiskFull; nothing once `stopped`
 */
export async function untilDataDiskFull(dataDirectory: string, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const free = await freeBytes(dataDirectory).catch(() => Number.POSITIVE_INFINITY);
    const trouble = free < LITTLE_BYTES ? await diskTroubleAt(dataDirectory) : null;
    if (trouble !== null && !stopped.aborted) throw await diskTroubleError(dataDirectory, trouble, GOES_ON);
    await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => {});
  }
}

/** The uppermost folder of the file system in which the path is, or would be. */
export async function mountPoint(path: string): Promise<string> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  if (parent === absolute) return absolute;
  const [own, above] = await Promise.all([stat(absolute), stat(parent)].map((found) => found.catch(() => null)));
  return own != null && above != null && own.dev !== above.dev ? absolute : mountPoint(parent);
}
