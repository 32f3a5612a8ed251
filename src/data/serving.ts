/**
 * `server.json`: where the holder of the lock serves, for all others to find. It says what was so when it was written;
 * whether that still stands, the lock and the server itself tell.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const SERVING = z.object({
  schemaVersion: z.literal(1),
  /** host:port of Temporal's frontend. */
  address: z.string().min(1),
  uiUrl: z.string().nullable(),
  namespace: z.string().min(1),
  taskQueue: z.string().min(1),
  serverPid: z.int().positive(),
  /** With the pid, names one process: a pid alone is soon another's. Opaque. */
  serverStartTime: z.string().min(1),
  holderPid: z.int().positive(),
  /** ISO 8601. */
  startedAt: z.string(),
});

export type Serving = Readonly<z.infer<typeof SERVING>>;

/** Replaces what is there in one step, so that a reader sees the old or the new. Only for the holder of the lock. */
export function writeServing(dataDirectory: string, serving: Serving): void {
  const file = fileIn(dataDirectory);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(SERVING.parse(serving), null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** @returns null when nobody has written one, or what is there is not for this version */
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

/** Nobody serves any more. Only for the holder of the lock. Left behind, as on a disk that is read-only, it names a process that is gone. */
export async function removeServing(dataDirectory: string): Promise<void> {
  try {
    rmSync(fileIn(dataDirectory), { force: true });
  } catch {
    // Whoever reads it asks whether that process lives.
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
