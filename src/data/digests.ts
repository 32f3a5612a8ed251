/** Digests of the files in a run's directory, to detect later changes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileDigest {
  /** Relative to the directory. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Copies of the project. They are removed at the end of the run and are not evidence. */
const COPIES = new Set(['source', 'node_modules']);
/** A limit, because a project may leave any number of files. A run has far fewer files of evidence. */
const MOST_FILES = 2_000;

/** Digests of all files, ordered by path. A file that disappears during the read is left out. */
export async function digestsOf(folder: string): Promise<readonly FileDigest[]> {
  const digests: FileDigest[] = [];
  for (const path of (await filesIn(folder)).slice(0, MOST_FILES)) {
    const digest = await digestOf(path).catch(() => null);
    if (digest !== null) digests.push({ file: relative(folder, path), ...digest });
  }
  return digests;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && !COPIES.has(entry.name)) for (const file of await filesIn(path)) files.push(file);
  }
  return files;
}

async function digestOf(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
