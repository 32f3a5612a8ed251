/** Files that a container or a project may have written: they have any size, and may not be regular files. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { StreamedFile } from '../engine/streams.ts';

const CHUNK_BYTES = 65_536;

/**
 * Opens a regular file. A link may lead anywhere on this machine, and a pipe has no end: both count as no file.
 * @returns null if there is no such file, or none that may be read
 */
export async function openForeign(path: string): Promise<StreamedFile | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  const found = await handle.stat();
  if (!found.isFile()) {
    await handle.close();
    return null;
  }
  return {
    bytes: found.size,
    chunks: handle.createReadStream({ highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>,
    close: () => handle.close(),
  };
}

/** Far more than a Dockerfile, compose file or list of patterns that people write. */
const LONGEST_TEXT_BYTES = 4_000_000;

/** A short text of the project's, links followed. @returns null if there is none, or one that is not read whole */
export async function shortText(path: string): Promise<string | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  try {
    const found = await handle.stat();
    return found.isFile() && found.size <= LONGEST_TEXT_BYTES ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}
