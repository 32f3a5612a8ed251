/** The prepared source: an exact copy of a directory, ignored files and .git included. */
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
  /** Absolute paths to leave out, with everything in them. */
  readonly exclude?: readonly string[];
}

/**
 * Copies a directory with owners, modes, times and links. Links are not followed. Sockets, pipes and devices are left out.
 * Blocks are shared if the file system supports it. `to` is always complete: the copy gets that name at the end. If `to` exists
 * already, it is an earlier copy and stays unchanged.
 * @throws PacelineError SourceUnavailable if a file cannot be read (with its name); DiskFull; `signal.reason` on abort
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
 * Adds a file or directory to an existing copy. Missing parent directories are created like those of `from`. What exists in
 * the copy stays unchanged. Otherwise like `copyTree`.
 * @param top the copy and its source
 * @param path absolute, without links in its parents
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
 * Names need not be UTF-8. From here on a path is a string with one character per byte (`latin1`), and commands read such
 * paths from their input.
 */
const bytesOf = (path: string): string => Buffer.from(path).toString('latin1');
const pathOf = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
/** Escapes for `printf %b`. */
const escaped = (bytes: string): string =>
  bytes.replace(/[^\w./-]/g, (byte) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);

interface LeftOut {
  readonly paths: ReadonlySet<string>;
  /** Directories that contain something to leave out. */
  readonly above: ReadonlySet<string>;
}

/** The exclusions, and everything that is neither a file nor a directory. */
async function leftOutOf(folder: string, exclude: readonly string[], signal?: AbortSignal): Promise<LeftOut> {
  const paths = new Set([...exclude.map(bytesOf), ...(await specialFiles(folder, signal))]);
  const above = new Set<string>();
  for (const path of paths) {
    for (let way = dirname(path); way !== dirname(way) && !above.has(way); way = dirname(way)) above.add(way);
  }
  return { paths, above };
}

/** Entries to copy as a whole. A directory is listed alone if something in it is left out or already exists in the copy. */
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

/** Changes to the directory first, so that names may be as long as in the source. */
const COPY =
  'folder=$(printf "%bx" "$0"); cd -- "${folder%x}" && exec xargs -0 sh -c \'exec cp -a "$0" -- "$@" .\' "$1"';

async function copy(paths: readonly string[], folder: string, signal?: AbortSignal): Promise<void> {
  const input = pathOf(paths.map((path) => `${path}\0`).join(''));
  const cp = (flag: string) => runCommand(['sh', '-c', COPY, escaped(folder), flag], { input, signal });
  let ended = await cp('--reflink=auto');
  // The option exists in GNU and BusyBox.
  if (ended.kind === 'exited' && /unrecognized|illegal|invalid option/.test(ended.stderr)) ended = await cp('-f');
  const complaints = complaintsOf(ended);
  if (complaints.length > 0) throw await problemOf(complaints, folder);
}

/** The errors of cp. A file that disappeared during the copy is not an error: a moment later it would not have been listed. */
function complaintsOf(ended: CommandOutcome): readonly string[] {
  if (ended.kind === 'missing') return ['xargs: not found'];
  if (ended.kind === 'killed') return [`cp: killed by ${ended.signal}`];
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
    next: 'Make it readable for the user who runs Paceline, or measure a commit instead (--ref HEAD).',
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Resolved: cp would copy a link as a link. */
async function sourceFolder(from: string): Promise<string> {
  try {
    const source = await realpath(from);
    if ((await stat(source)).isDirectory()) return source;
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  throw unreadable(`${from} is not a directory`);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(pathOf(folder), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    throw unreadable((error as Error).message);
  }
}

/** Sockets, pipes and devices. If `find` cannot read a directory, cp reports it. */
async function specialFiles(folder: string, signal?: AbortSignal): Promise<string[]> {
  const types = ['-type', 's', '-o', '-type', 'p', '-o', '-type', 'b', '-o', '-type', 'c'];
  const found = await runCommand(['find', folder, '(', ...types, ')', '-print0'], { signal, encoding: 'latin1' });
  return found.kind === 'exited' ? found.stdout.split('\0').filter((path) => path !== '') : [];
}

/** Copies the attributes of the directory itself. Like cp, it keeps the owner if only root could change it. */
async function copyAttributes(from: string | Buffer, to: string | Buffer): Promise<void> {
  const { uid, gid, mode, atime, mtime } = await stat(from);
  await lchown(to, uid, gid).catch(() => {});
  await chmod(to, mode & 0o7777);
  await utimes(to, atime, mtime);
}
