/** The prepared source: a folder copied as it lies, ignored files and .git included. */
import { type Dirent, existsSync } from 'node:fs';
import { chmod, lchown, mkdir, readdir, realpath, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { PacelineError } from '../model/failure.ts';
import { type CommandOutcome, runCommand } from './command.ts';
import { isInside } from './directory.ts';
import { AGAIN_OR_ELSEWHERE, diskTroubleError, diskTroubleIn } from './disk-trouble.ts';
import { asDraft } from './draft.ts';

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Absolute paths that are left out, with all that lies in them. */
  readonly exclude?: readonly string[];
}

/** Well under the limit on the length of a command line, even with long names. */
const NAMES_PER_COMMAND = 200;

/**
 * Copies a folder with owners, modes, times and links as they are; links are not followed, sockets, pipes and devices are
 * left out, and blocks are shared where the file system can. What is at `to` is always complete: the copy takes that name
 * only in the end, and a `to` that is already there is an earlier one, left as it is.
 * @throws PacelineError SourceUnavailable when a file cannot be read (it is named); DiskFull; `signal.reason` on abort
 */
export async function copyTree(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  if (existsSync(to)) return;
  const source = await sourceFolder(from);
  const named = (options.exclude ?? []).map((path) =>
    isInside(from, path) ? join(source, relative(from, path)) : path,
  );
  const exclude = [...named, ...(await specialFiles(source, options.signal))];
  if (isInside(source, dirname(to)) && !exclude.some((path) => isInside(path, to))) {
    throw new Error(`${to} lies inside ${source}: the copy would be copied`);
  }
  await asDraft(to, (draft) => copyFolder(source, draft, exclude, options.signal));
}

/** Whole where nothing in it is left out; else entry by entry, down to what is. */
async function copyFolder(from: string, to: string, exclude: readonly string[], signal?: AbortSignal): Promise<void> {
  if (!exclude.some((path) => isInside(from, path))) return copy([from], to, signal);
  await mkdir(to);
  const whole: string[] = [];
  for (const { name } of await entriesOf(from)) {
    const path = join(from, name);
    if (exclude.includes(path)) continue;
    // Node has replaced what is no UTF-8, so cp would look for another name and find nothing.
    if (name.includes('\uFFFD')) throw unreadable(`the name ${path} is not UTF-8`);
    if (exclude.some((left) => isInside(path, left))) await copyFolder(path, join(to, name), exclude, signal);
    else whole.push(path);
  }
  for (let start = 0; start < whole.length; start += NAMES_PER_COMMAND) {
    await copy(whole.slice(start, start + NAMES_PER_COMMAND), `${to}/`, signal);
  }
  await copyAttributes(from, to);
}

/** @param to a new name for the one path, or an existing folder (with a slash) for all of them */
async function copy(paths: readonly string[], to: string, signal?: AbortSignal): Promise<void> {
  const cp = (...flags: string[]) => runCommand(['cp', '-a', ...flags, '--', ...paths, to], { signal });
  let ended = await cp('--reflink=auto');
  // The flag is GNU's and BusyBox's.
  if (ended.kind === 'exited' && /unrecognized|illegal|invalid option/.test(ended.stderr)) ended = await cp();
  const complaints = complaintsOf(ended);
  if (complaints.length > 0) throw await problemOf(complaints, to);
}

/** What cp did not manage. A file that went away meanwhile is none: a moment later it would not have been seen at all. */
function complaintsOf(ended: CommandOutcome): readonly string[] {
  if (ended.kind === 'missing') return ['cp: not found'];
  if (ended.kind === 'killed') return [`cp: ended by ${ended.signal}`];
  if (ended.exitCode === 0) return [];
  const lines = ended.stderr.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return [`cp: exit code ${ended.exitCode}`];
  return lines.filter((line) => !line.endsWith('No such file or directory'));
}

async function problemOf(complaints: readonly string[], to: string): Promise<PacelineError> {
  const detail = complaints.slice(0, 5).join('\n');
  const trouble = diskTroubleIn(complaints.join('\n'));
  if (trouble !== null) return diskTroubleError(dirname(to), trouble, AGAIN_OR_ELSEWHERE);
  return unreadable(complaints[0]!.replace(/^cp: /, ''), detail);
}

function unreadable(what: string, detail?: string): PacelineError {
  return new PacelineError({
    type: 'SourceUnavailable',
    what: `The source cannot be copied: ${what}.`,
    next: 'Make it readable for the user who runs Paceline, or measure a commit instead of the folder (--ref HEAD).',
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Resolved, for cp would copy a link as a link. */
async function sourceFolder(from: string): Promise<string> {
  try {
    const source = await realpath(from);
    if ((await stat(source)).isDirectory()) return source;
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  throw unreadable(`${from} is not a folder`);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable((error as Error).message);
  }
}

/** Sockets, pipes and devices. What `find` cannot look into, cp will complain about. */
async function specialFiles(folder: string, signal?: AbortSignal): Promise<string[]> {
  const types = ['-type', 's', '-o', '-type', 'p', '-o', '-type', 'b', '-o', '-type', 'c'];
  const found = await runCommand(['find', folder, '(', ...types, ')', '-print0'], { signal });
  return found.kind === 'exited' ? found.stdout.split('\0').filter((path) => path !== '') : [];
}

/** Those of the folder itself; like cp, it leaves the owner where only root could set another. */
async function copyAttributes(from: string, to: string): Promise<void> {
  const { uid, gid, mode, atime, mtime } = await stat(from);
  await lchown(to, uid, gid).catch(() => {});
  await chmod(to, mode & 0o7777);
  await utimes(to, atime, mtime);
}
