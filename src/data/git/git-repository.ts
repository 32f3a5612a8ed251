/**
 * Reads a user's repository without its configuration. The configuration may name programs (`core.fsmonitor`, filters, hooks,
 * `core.sshCommand`, `include.path` …), and git cannot ignore it. So git gets a git directory made by Paceline, a view: its
 * objects, refs and index are links to those of the repository, and its configuration contains only what is needed to read
 * them. See docs/decisions/0012-git-reads-through-a-view.md.
 */
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { askGit } from './git-command.ts';
import { removeTree } from '../remove-tree.ts';

/** The parts of a repository. All paths are absolute and without links. */
export interface RepositoryPlace {
  /** The directory of its files. null for a bare repository. */
  readonly top: string | null;
  readonly gitDirectory: string;
  /** Differs from `gitDirectory` in an additional work tree (`git worktree`). */
  readonly commonDirectory: string;
}

/** Facts about a repository that do not depend on its configuration being trusted. */
export interface RepositoryConfig {
  /** In the order of the file. Keys as git prints them. */
  readonly valuesOf: (key: string) => readonly string[];
  readonly keys: readonly string[];
}

export interface RepositoryView {
  /** A git directory made by Paceline. Git can also clone from it. */
  readonly gitDirectory: string;
  readonly config: RepositoryConfig;
  /** Runs git in the repository's top directory. @returns its output without the last line break; null if it failed */
  readonly ask: (args: readonly string[], signal?: AbortSignal) => Promise<string | null>;
}

/** @returns the repository of a directory, found as git finds it; null if there is none, or no such directory */
export async function findRepository(directory: string): Promise<RepositoryPlace | null> {
  const start = await realpath(directory).catch(() => null);
  if (start === null) return null;
  // Like git, stop at the border of the file system.
  const { dev } = await stat(start);
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await stat(folder)).dev !== dev) return null;
    const gitDirectory = await gitDirectoryOf(join(folder, '.git'));
    if (gitDirectory !== null) return { top: folder, ...gitDirectory };
    if (folder === dirname(folder)) return null;
  }
}

/** @returns the repository at a path that is used as a URL, bare or not; null if it is not a repository */
export async function repositoryAt(path: string): Promise<RepositoryPlace | null> {
  for (const candidate of [join(path, '.git'), path, `${path}.git`, join(`${path}.git`, '.git')]) {
    const found = await gitDirectoryOf(candidate);
    if (found === null) continue;
    const top = basename(candidate) === '.git' ? await realpath(dirname(candidate)) : null;
    return { top, ...found };
  }
  return null;
}

/** Calls `work` with a view of the repository. The view is removed afterwards. */
export async function viewed<T>(place: RepositoryPlace, work: (view: RepositoryView) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'paceline-git-'));
  try {
    const config = await configOf(place);
    const gitDirectory = await makeView(place, config, folder);
    const cwd = place.top ?? folder;
    const repository = { gitDirectory, workTree: cwd };
    return await work({ gitDirectory, config, ask: (args, signal) => askGit(args, { cwd, repository, signal }) });
  } finally {
    await removeTree(folder);
  }
}

/** @param path a git directory, or a file that names one */
async function gitDirectoryOf(path: string): Promise<Omit<RepositoryPlace, 'top'> | null> {
  const text = await textOf(path);
  const named = text === null ? path : /^gitdir: (.+?)\n*$/s.exec(text)?.[1];
  if (named === undefined) return null;
  const gitDirectory = await realpath(resolve(dirname(path), named)).catch(() => null);
  if (gitDirectory === null) return null;
  const common = (await textOf(join(gitDirectory, 'commondir')))?.trim();
  const commonDirectory = await realpath(resolve(gitDirectory, common ?? '.')).catch(() => null);
  if (commonDirectory === null || (await headOf(gitDirectory)) === null) return null;
  const parts = await Promise.all(['objects', 'refs'].map((name) => isFolder(join(commonDirectory, name))));
  return parts.every(Boolean) ? { gitDirectory, commonDirectory } : null;
}

/** Linked unchanged. They are not programs, and git does not write to them when it only reads. */
const SHARED = ['objects', 'refs', 'packed-refs', 'reftable', 'logs', 'shallow', 'info'];
const OF_WORK_TREE = ['index', 'refs', 'reftable', 'logs', 'info'];
const ROOT_REFS = /^([A-Z]+_HEAD|sharedindex\..+)$/;

async function makeView(place: RepositoryPlace, config: RepositoryConfig, folder: string): Promise<string> {
  const common = join(folder, 'repository.git');
  await mkdir(common);
  const additional = place.gitDirectory !== place.commonDirectory;
  await link(place.commonDirectory, common, additional ? SHARED : [...SHARED, 'index']);
  await copyHead(place.commonDirectory, common);
  await writeFile(join(common, 'config'), configText(config));
  if (!additional) {
    await link(place.gitDirectory, common, await rootRefs(place.gitDirectory));
    return common;
  }
  const own = join(folder, 'worktree.git');
  await mkdir(own);
  await link(place.gitDirectory, own, [...OF_WORK_TREE, ...(await rootRefs(place.gitDirectory))]);
  await copyHead(place.gitDirectory, own);
  await writeFile(join(own, 'commondir'), `${common}\n`);
  return own;
}

async function rootRefs(gitDirectory: string): Promise<readonly string[]> {
  return (await readdir(gitDirectory)).filter((name) => ROOT_REFS.test(name));
}

async function link(from: string, to: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const found = await stat(join(from, name)).catch(() => null);
    // A pipe is skipped: git would wait on it forever.
    if (found?.isFile() || found?.isDirectory()) await symlink(join(from, name), join(to, name));
  }
}

/** HEAD must not be a link to a file, or git would not accept the directory as a repository. */
async function copyHead(from: string, to: string): Promise<void> {
  const head = await headOf(from);
  if (head !== null) await writeFile(join(to, 'HEAD'), head);
}

/** @returns the text of HEAD. Old versions of git made HEAD a link to a ref; then it is the text for that ref. */
async function headOf(gitDirectory: string): Promise<string | null> {
  const path = join(gitDirectory, 'HEAD');
  const target = await readlink(path).catch(() => null);
  if (target?.startsWith('refs/')) return `ref: ${target}\n`;
  const text = await textOf(path);
  return text !== null && /^(ref:\s*refs\/|[0-9a-f]{40})/.test(text) ? text : null;
}

/** How to read the objects and files. Nothing that git would run or fetch from. */
const BELIEVED =
  /^(core\.(repositoryformatversion|filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|safecrlf|checkstat|trustctime|excludesfile|quotepath)|extensions\.(objectformat|compatobjectformat|refstorage|noop|relativeworktrees)|diff\.ignoresubmodules|status\.renames|submodule\..+\.ignore)$/;

function configText({ keys, valuesOf }: RepositoryConfig): string {
  const believed = keys
    .filter((key) => BELIEVED.test(key))
    .flatMap((key) => valuesOf(key).map((value) => line(key, value)));
  return [
    ...believed,
    line('core.bare', 'false'),
    // A clone may request any commit and leave out files: who can read the view can read the repository anyway.
    line('uploadpack.allowanysha1inwant', 'true'),
    line('uploadpack.allowfilter', 'true'),
  ].join('');
}

function line(key: string, value: string): string {
  const [section, name] = [key.slice(0, key.indexOf('.')), key.slice(key.lastIndexOf('.') + 1)];
  const subsection = key.slice(section.length + 1, -name.length - 1);
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  return `[${section}${subsection === '' ? '' : ` ${quoted(subsection)}`}]\n\t${name} = ${quoted(value)}\n`;
}

/** The repository's own files, without what they include. One that git cannot read says nothing. */
export async function configOf({ commonDirectory, gitDirectory }: RepositoryPlace): Promise<RepositoryConfig> {
  const entries = await entriesOf(join(commonDirectory, 'config'));
  const perWorkTree = entries.some(([key, value]) => key === 'extensions.worktreeconfig' && value !== 'false');
  if (perWorkTree) entries.push(...(await entriesOf(join(gitDirectory, 'config.worktree'))));
  return {
    keys: [...new Set(entries.map(([key]) => key))],
    valuesOf: (wanted) => entries.flatMap(([key, value]) => (key === wanted ? [value] : [])),
  };
}

async function entriesOf(file: string): Promise<[key: string, value: string][]> {
  if (!(await stat(file).catch(() => null))?.isFile()) return [];
  const listed = await askGit(['config', '--file', file, '--no-includes', '--null', '--list']);
  return (listed ?? '').split('\0').flatMap((entry): [string, string][] => {
    if (entry === '') return [];
    const end = entry.indexOf('\n');
    // A key without `=` means true.
    return [end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]];
  });
}

/** @returns null if it is not a file or cannot be read */
async function textOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true && found.size < 100_000 ? await readFile(path, 'utf8').catch(() => null) : null;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
