/**
 * The folder of a static site. A manifest in it names every file that Paceline wrote: nothing else is ever replaced or removed. It
 * is written before the files, so that a process that is killed leaves nothing unknown.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';

const MANIFEST = 'paceline-site.json';
const MANIFEST_VERSION = 1;
/** What a checkout of a pages branch may hold before its first site. */
const HARMLESS: ReadonlySet<string> = new Set(['.git', 'CNAME', '.nojekyll']);

export interface Manifest {
  readonly manifestVersion: typeof MANIFEST_VERSION;
  /** By file: a digest of what it was made from. Empty: not known to be whole. */
  readonly files: Readonly<Record<string, string>>;
}

/** @throws PacelineError WrongUsage if the folder holds something that is not a site of Paceline's */
export async function readManifest(folder: string): Promise<Manifest> {
  const entries: readonly string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw wrongUsage(
      error.code === 'ENOTDIR' ? `${folder} is not a directory.` : `${folder} cannot be read (${error.code}).`,
      'Specify an empty or new directory with --output.',
    );
  });
  if (!entries.includes(MANIFEST)) {
    const foreign = entries.find((entry) => !HARMLESS.has(entry));
    if (foreign === undefined) return { manifestVersion: MANIFEST_VERSION, files: {} };
    throw wrongUsage(
      `${folder} holds files that are not a site of Paceline's, such as ${JSON.stringify(foreign)}.`,
      'Specify an empty or new directory with --output.',
    );
  }
  return parsed(await readFile(join(folder, MANIFEST), 'utf8'), folder);
}

function parsed(text: string, folder: string): Manifest {
  let value: Partial<Manifest> | null = null;
  try {
    value = JSON.parse(text) as Partial<Manifest>;
  } catch {}
  const files = value?.files;
  const isRead =
    value?.manifestVersion === MANIFEST_VERSION &&
    typeof files === 'object' &&
    Object.entries(files).every(([file, stamp]) => isInside(file) && typeof stamp === 'string');
  if (isRead) return value as Manifest;
  throw wrongUsage(
    `${MANIFEST} in ${folder} cannot be read by this version.`,
    'Delete the directory, or specify another one with --output.',
  );
}

/** A manifest is a file like any other: what it names must not lead out of the folder. */
function isInside(file: string): boolean {
  return (
    file !== '' && file.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\\0]/.test(file)
  );
}

export async function saveManifest(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await writeWhole(folder, MANIFEST, `${JSON.stringify({ manifestVersion: MANIFEST_VERSION, files }, null, 0)}\n`);
}

/** Whole or not at all. */
export async function writeWhole(folder: string, file: string, text: string): Promise<void> {
  const target = join(folder, file);
  await mkdir(dirname(target), { recursive: true });
  const draft = `${target}.draft`;
  await writeFile(draft, text);
  await rename(draft, target);
}

/** Removes a file, its draft, and the folders that it leaves empty. */
export async function removeFile(folder: string, file: string): Promise<void> {
  await rm(join(folder, file), { force: true });
  await rm(join(folder, `${file}.draft`), { force: true });
  for (let parent = dirname(file); parent !== '.'; parent = dirname(parent)) {
    const isGone = await rmdir(join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

export function exists(folder: string, file: string): boolean {
  return existsSync(join(folder, file));
}
