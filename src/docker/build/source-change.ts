/**
 * A harmless change to one source file of the run's copy. It is for the build that developers wait for most: the one
 * after an edit. The change is recorded before it is made, so that the next attempt can undo it if the worker dies.
 */
import { appendFile, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContextFile } from './build-context.ts';

/** What is needed to undo the change. */
interface Change {
  readonly file: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly accessedMs: number;
}

const NO_SOURCE = /(^|\/)(tests?|testing|docs?|examples?|scripts?|tools|build|dist|site-packages|\.[^/]+)\//;
const NO_MODULE = /(^|\/)(setup|conftest|noxfile|tasks|test_[^/]*|[^/]*_test|__init__|__main__|_?version|manage)\.py$/;

/**
 * The first Python file of the project's own code, sorted by path, so that every run takes the same one. Without such a
 * file, the first Python file of all. null if there is none.
 */
export function fileToChange(files: readonly ContextFile[]): string | null {
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.py'));
  const own = sources.filter((path) => !NO_SOURCE.test(path));
  return own.find((path) => !NO_MODULE.test(path)) ?? own[0] ?? sources[0] ?? null;
}

/**
 * Appends a comment. If an earlier attempt has done that, the file is left as it is, because a build may be reading it.
 * @param options.journal a file that records how to undo the change
 * @param options.mark makes the content new to every build
 */
export async function changeSource(options: {
  readonly context: string;
  readonly file: string;
  readonly journal: string;
  readonly mark: string;
}): Promise<void> {
  const file = join(options.context, options.file);
  const before = (await changeIn(options.journal)) ?? (await record(options.journal, file));
  const now = await stat(before.file);
  if (now.size === before.bytes) await appendFile(before.file, `\n# ${options.mark}\n`);
}

/** Restores the file's content and times; does nothing if it was not changed. */
export async function restoreSource(journal: string): Promise<void> {
  const change = await changeIn(journal);
  if (change === null) return;
  await truncate(change.file, change.bytes);
  await utimes(change.file, change.accessedMs / 1000, change.modifiedMs / 1000);
  await rm(journal, { force: true });
}

async function record(journal: string, file: string): Promise<Change> {
  const { size, mtimeMs, atimeMs } = await stat(file);
  const change: Change = { file, bytes: size, modifiedMs: mtimeMs, accessedMs: atimeMs };
  await writeWhole(journal, JSON.stringify(change));
  return change;
}

async function changeIn(journal: string): Promise<Change | null> {
  const text = await readFile(journal, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Change);
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
