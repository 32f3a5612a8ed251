/** Digests of a context's files, each made again only where the file may have changed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface FileDigests {
  /**
   * What BuildKit compares of a file: its content and its mode, not its times.
   * @returns 12 hexadecimal digits; null for what is gone, or is neither a file, a link nor a folder
   */
  readonly of: (path: string) => Promise<string | null>;
}

interface Known {
  readonly stamp: string;
  readonly digest: string;
}

/** Of the files of a few large contexts. */
const MOST_KNOWN = 50_000;

export function createFileDigests(): FileDigests {
  const known = new Map<string, Known>();
  return {
    of: async (path) => {
      const found = await lstat(path).catch(() => null);
      if (found === null) return null;
      const stamp = [found.ino, found.size, found.mtimeMs, found.ctimeMs, found.mode].join(' ');
      const before = known.get(path);
      if (before?.stamp === stamp) return before.digest;
      const content = await contentOf(path, found).catch(() => null);
      if (content === null) return null;
      const digest = shortDigest(`${(found.mode & 0o7777).toString(8)} ${content}`);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(path, { stamp, digest });
      return digest;
    },
  };
}

/** The first 12 hexadecimal digits of a SHA-256. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function contentOf(path: string, found: Awaited<ReturnType<typeof lstat>>): Promise<string | null> {
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!found.isFile()) return null;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `file ${hash.digest('hex')}`;
}
