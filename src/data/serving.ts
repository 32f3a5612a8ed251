/**
 * `server.json`: the address of the lock's holder, for other processes. It was true when it was written. Only the lock and
 * the server itself show whether it still is.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const SERVING = z.object({
  schemaVersion: z.literal(1),
  /** host:port of Temporal's frontend. */
  address: z.string().min(1),
  uiUrl: z.string().nullable(),
  /** Where the pages are. null, or absent, if they are not served. */
  pagesUrl: z.string().nullish(),
  namespace: z.string().min(1),
  taskQueue: z.string().min(1),
  serverPid: z.int().positive(),
  /** With the pid, identifies a process: a pid alone can be reused. Opaque. */
  serverStartTime: z.string().min(1),
  holderPid: z.int().positive(),
  /** ISO 8601. */
  startedAt: z.string(),
});

export type Serving = Readonly<z.infer<typeof SERVING>>;

/** Replaces the file in one step, so that a reader gets the old or the new one. Only for the holder of the lock. */
export function writeServing(dataDirectory: string, serving: Serving): void {
  const file = fileIn(dataDirectory);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(SERVING.parse(serving), null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** @returns null if there is no file, or if it was written by an incompatible version */
export async function readServing(dataDirectory: string): Promise<Serving | null> {
  let text: string;
  try {
    text = readFileSync(fileIn(dataDirectory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return SERVING.safeParse(parsed(text)).data ?? null;
}

/** Removes the file when serving ends. Only for the holder of the lock. If it stays, as on a read-only disk, it names a dead process. */
export async function removeServing(dataDirectory: string): Promise<void> {
  try {
    rmSync(fileIn(dataDirectory), { force: true });
  } catch {
    // Readers check whether that process is alive.
  }
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'server.json');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
