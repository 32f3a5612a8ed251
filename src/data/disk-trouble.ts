/** Detects disks that can no longer be written, and explains which disk it is and what to do. */
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

/** From the code of an error or of one of its causes. null for other errors. */
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

/** From the output of another program. null if it does not mention disks. */
export function diskTroubleIn(text: string): DiskTrouble | null {
  return WORDS.find(([words]) => words.test(text))?.[1] ?? null;
}

/** More than one block: the free part of a file's last block does not count. */
const PROBE = Buffer.alloc(262_144);

/** Tests the disk by writing into the directory. @returns null if that works, or fails for another reason */
export async function diskTroubleAt(folder: string): Promise<DiskTrouble | null> {
  const file = join(folder, `.room-${globalThis.crypto.randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(PROBE);
      // Some file systems report a full disk only at this point.
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

/** The error for users. @param next what to do after the disk can be written again, and what happens then */
export async function diskTroubleError(
  folder: string,
  trouble: DiskTrouble,
  next: string,
  options?: ErrorOptions,
): Promise<PacelineError> {
  const [free, mount] = await Promise.all([freeBytes(folder).catch(() => null), mountPoint(folder)]);
  const disk = `the disk at ${mount}, where ${folder} is`;
  const left =
    free === null ? '' : `: ${(free / 1e6).toFixed(1)} MB are free, but a run needs about ${NEEDED_BYTES / 1e9} GB`;
  const [what, first] = {
    full: [`There is no space left on ${disk}${left}.`, 'Free some space there'],
    quota: [`The disk quota of this user is exceeded on ${disk}.`, 'Free some space there, or have the quota raised'],
    readOnly: [`The system made ${disk}, read-only.`, 'Make it writable again (`dmesg` shows the reason)'],
  }[trouble] as [string, string];
  return new PacelineError({ type: 'DiskFull', what, next: `${first}, then ${next}` }, options);
}

/** For a source that could not be copied: nothing was measured yet. */
export const AGAIN_OR_ELSEWHERE = 'run it again, or use another data directory with --data-dir.';

export const GOES_ON = 'run the same command again: the run continues where it stopped.';

/**
 * Whether an error was caused by the data directory's disk, whatever its own message is. For example, a command that could
 * not write its output looks as if it had been killed.
 * @returns null if the disk is fine
 */
export async function dataDiskError(dataDirectory: string, error: unknown): Promise<PacelineError | null> {
  const { path } = (error ?? {}) as { readonly path?: unknown };
  const isElsewhere = typeof path === 'string' && !isInside(dataDirectory, path);
  const trouble = (await diskTroubleAt(dataDirectory)) ?? (isElsewhere ? null : diskTroubleOf(error));
  return trouble === null ? null : diskTroubleError(dataDirectory, trouble, GOES_ON, { cause: error });
}

/** The same for an error that names its file. null for other errors. */
export async function fileDiskError(error: unknown): Promise<PacelineError | null> {
  const trouble = diskTroubleOf(error);
  const { path } = error as { readonly path?: unknown };
  if (trouble === null || typeof path !== 'string') return null;
  return diskTroubleError(dirname(path), trouble, 'run the same command again.', { cause: error });
}

const LOOK_MS = 5_000;
/** With more free bytes than this, a test by writing is not needed. */
const LITTLE_BYTES = 4_000_000;

/**
 * Waits until the data directory's disk is full. A server that cannot write to its database ends late and without a reason.
 * @throws PacelineError DiskFull. Returns after `stopped`.
 */
export async function untilDataDiskFull(dataDirectory: string, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const free = await freeBytes(dataDirectory).catch(() => Number.POSITIVE_INFINITY);
    const trouble = free < LITTLE_BYTES ? await diskTroubleAt(dataDirectory) : null;
    if (trouble !== null && !stopped.aborted) throw await diskTroubleError(dataDirectory, trouble, GOES_ON);
    await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => {});
  }
}

/** The top directory of the file system that contains the path, or will contain it. */
export async function mountPoint(path: string): Promise<string> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  if (parent === absolute) return absolute;
  const [own, above] = await Promise.all([stat(absolute), stat(parent)].map((found) => found.catch(() => null)));
  return own != null && above != null && own.dev !== above.dev ? absolute : mountPoint(parent);
}
