/** The prepared source: a folder copied as it is, ignored files and .git included. */
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
  /** Absolute paths that are left out, with all that is in them. */
  readonly exclude?: readonly string[];
}

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
  if (isInside(source, dirname(to)) && !named.some((path) => isInside(path, to))) {
    throw new Error(`${to} is in ${source}: the copy would be copied`);
  }
  const leftOut = await leftOutOf(source, named, options.signal);
  await asDraft(to, (draft) => copyFolder(bytesOf(source), bytesOf(draft), leftOut, options.signal));
}

/**
 * Adds a file or folder to a copy that is there, at a place whose folders are made like those of `from`. What is already
 * there stays. Otherwise as `copyTree`.
 * @param top the copy and what it is a copy of
 * @param path absolute, in `top.from`, without links on the way
 */
export async function addToCopy(
  top: { readonly from: string; readonly to: string },
  path: string,
  options: CopyOptions = {},
): Promise<void> {
  await addFolders(top, relative(top.from, dirname(path)));
  const to = join(top.to, relative(top.from, path));
  const leftOut = await leftOutOf(path, options.exclude ?? [], options.signal);
  if ((await stat(path)).isDirectory()) return copyFolder(bytesOf(path), bytesOf(to), leftOut, options.signal);
  if (!existsSync(to) && !leftOut.paths.has(bytesOf(path)))
    await copy([bytesOf(path)], bytesOf(dirname(to)), options.signal);
}

async function addFolders(top: { readonly from: string; readonly to: string }, way: string): Promise<void> {
  if (existsSync(join(top.to, way))) return;
  await addFolders(top, dirname(way));
  await mkdir(join(top.to, way), { recursive: true });
  await copyAttributes(join(top.from, way), join(top.to, way));
}

/**
 * Names need not be UTF-8, so from here on a path is a string with one character for each byte (`latin1`), and commands get
 * such paths on their input.
 */
const bytesOf = (path: string): string => Buffer.from(path).toString('latin1');
const pathOf = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
/** For `printf %b`. */
const escaped = (bytes: string): string =>
  bytes.replace(/[^\w./-]/g, (byte) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);

interface LeftOut {
  readonly paths: ReadonlySet<string>;
  /** Folders with something in them that is left out. */
  readonly above: ReadonlySet<string>;
}

/** What is asked for, and what is neither a file nor a folder. */
async function leftOutOf(folder: string, exclude: readonly string[], signal?: AbortSignal): Promise<LeftOut> {
  const paths = new Set([...exclude.map(bytesOf), ...(await specialFiles(folder, signal))]);
  const above = new Set<string>();
  for (const path of paths) {
    for (let way = dirname(path); way !== dirname(way) && !above.has(way); way = dirname(way)) above.add(way);
  }
  return { paths, above };
}

/** Entries as they are; a folder by itself where something in it is left out, or some of it is there already. */
async function copyFolder(from: string, to: string, leftOut: LeftOut, signal?: AbortSignal): Promise<void> {
  const isNew = !existsSync(pathOf(to));
  if (isNew) await mkdir(pathOf(to));
  const whole: string[] = [];
  for (const entry of await entriesOf(from)) {
    const [path, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (leftOut.paths.has(path)) continue;
    const isThere = existsSync(pathOf(target));
    if (entry.isDirectory() && (leftOut.above.has(path) || isThere)) await copyFolder(path, target, leftOut, signal);
    else if (!isThere) whole.push(path);
  }
  if (whole.length > 0) await copy(whole, to, signal);
  if (isNew) await copyAttributes(pathOf(from), pathOf(to));
}

/** Goes to the folder first, so that names may be as long there as they are in the source. */
const COPY =
  'folder=$(printf "%bx" "$0"); cd -- "${folder%x}" && exec xargs -0 sh -c \'exec cp -a "$0" -- "$@" .\' "$1"';

async function copy(paths: readonly string[], folder: string, signal?: AbortSignal): Promise<void> {
  const input = pathOf(paths.map((path) => `${path}\0`).join(''));
  const cp = (flag: string) => runCommand(['sh', '-c', COPY, escaped(folder), flag], { input, signal });
  let ended = await cp('--reflink=auto');
  // The flag is GNU's and BusyBox's.
  if (ended.kind === 'exited' && /unrecognized|illegal|invalid option/.test(ended.stderr)) ended = await cp('-f');
  const complaints = complaintsOf(ended);
  if (complaints.length > 0) throw await problemOf(complaints, folder);
}

/** What cp did not manage. A file that went away meanwhile is none: a moment later it would not have been seen at all. */
function complaintsOf(ended: CommandOutcome): readonly string[] {
  if (ended.kind === 'missing') return ['xargs: not found'];
  if (ended.kind === 'killed') return [`cp: ended by ${ended.signal}`];
  if (ended.exitCode === 0) return [];
  const lines = ended.stderr.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return [`cp: exit code ${ended.exitCode}`];
  return lines.filter((line) => !line.endsWith('No such file or directory'));
}

async function problemOf(complaints: readonly string[], folder: string): Promise<PacelineError> {
  const detail = complaints.slice(0, 5).join('\n');
  const trouble = diskTroubleIn(complaints.join('\n'));
  if (trouble !== null) return diskTroubleError(folder, trouble, AGAIN_OR_ELSEWHERE);
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
    return await readdir(pathOf(folder), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    throw unreadable((error as Error).message);
  }
}

/** Sockets, pipes and devices. What `find` cannot look into, cp will complain about. */
async function specialFiles(folder: string, signal?: AbortSignal): Promise<string[]> {
  const types = ['-type', 's', '-o', '-type', 'p', '-o', '-type', 'b', '-o', '-type', 'c'];
  const found = await runCommand(['find', folder, '(', ...types, ')', '-print0'], { signal, encoding: 'latin1' });
  return found.kind === 'exited' ? found.stdout.split('\0').filter((path) => path !== '') : [];
}

/** Those of the folder itself; like cp, it leaves the owner where only root could set another. */
async function copyAttributes(from: string | Buffer, to: string | Buffer): Promise<void> {
  const { uid, gid, mode, atime, mtime } = await stat(from);
  await lchown(to, uid, gid).catch(() => {});
  await chmod(to, mode & 0o7777);
  await utimes(to, atime, mtime);
}
