/**
 * A repository of the user's, read without its own configuration: that may name programs (`core.fsmonitor`, filters, hooks,
 * `core.sshCommand`, `include.path` …), and git has no way to leave it out. So git is given a git directory of Paceline's own,
 * a view: its objects, refs and index are links to the repository's, and its configuration holds only what says how to read
 * them. See docs/decisions/0012-git-reads-through-a-view.md.
 */
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { askGit } from './git-command.ts';
import { removeTree } from '../remove-tree.ts';

/** Where a repository has its parts; all paths are absolute and without links. */
export interface RepositoryPlace {
  /** The folder of its files; null for a bare one. */
  readonly top: string | null;
  readonly gitDirectory: string;
  /** Another folder than `gitDirectory` for an additional work tree (`git worktree`). */
  readonly commonDirectory: string;
}

/** What may be said of a repository without believing its configuration. */
export interface RepositoryConfig {
  /** In the order of the file; keys as git prints them. */
  readonly valuesOf: (key: string) => readonly string[];
  readonly keys: readonly string[];
}

export interface RepositoryView {
  /** A git directory of Paceline's own: git may also clone from it. */
  readonly gitDirectory: string;
  readonly config: RepositoryConfig;
  /** Runs git in the repository's top folder. @returns its output, without the last line break; null when it failed */
  readonly ask: (args: readonly string[], signal?: AbortSignal) => Promise<string | null>;
}

/** @returns the repository that a folder belongs to, found as git finds it; null where there is none, or no such folder */
export async function findRepository(directory: string): Promise<RepositoryPlace | null> {
  const start = await realpath(directory).catch(() => null);
  if (start === null) return null;
  // Like git, it does not look beyond the file system that the folder is on.
  const { dev } = await stat(start);
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await stat(folder)).dev !== dev) return null;
    const gitDirectory = await gitDirectoryOf(join(folder, '.git'));
    if (gitDirectory !== null) return { top: folder, ...gitDirectory };
    if (folder === dirname(folder)) return null;
  }
}

/** @returns the repository at a path that stands in place of a URL, bare or not; null for what is none */
export async function repositoryAt(path: string): Promise<RepositoryPlace | null> {
  for (const candidate of [join(path, '.git'), path, `${path}.git`, join(`${path}.git`, '.git')]) {
    const found = await gitDirectoryOf(candidate);
    if (found === null) continue;
    const top = basename(candidate) === '.git' ? await realpath(dirname(candidate)) : null;
    return { top, ...found };
  }
  return null;
}

/** Has `work` read the repository through a view, which is removed afterwards. */
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

/** @param path a git directory, or the file that names one */
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

/** Linked as they are. Nothing here is a program, and git writes to none of it while it only reads. */
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
    // Never a pipe, in which git would wait for ever.
    if (found?.isFile() || found?.isDirectory()) await symlink(join(from, name), join(to, name));
  }
}

/** HEAD itself may not be a link to a file, or git would not take the folder for a repository. */
async function copyHead(from: string, to: string): Promise<void> {
  const head = await headOf(from);
  if (head !== null) await writeFile(join(to, 'HEAD'), head);
}

/** @returns the text of HEAD; of one that is a link to a ref, as old versions of git made it, what it stands for */
async function headOf(gitDirectory: string): Promise<string | null> {
  const path = join(gitDirectory, 'HEAD');
  const target = await readlink(path).catch(() => null);
  if (target?.startsWith('refs/')) return `ref: ${target}\n`;
  const text = await textOf(path);
  return text !== null && /^(ref:\s*refs\/|[0-9a-f]{40})/.test(text) ? text : null;
}

/** How the objects and files are to be read, and nothing that git would run or fetch from. */
const BELIEVED =
  /^(core\.(repositoryformatversion|filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|safecrlf|checkstat|trustctime|excludesfile|quotepath)|extensions\.(objectformat|compatobjectformat|refstorage|noop|relativeworktrees)|diff\.ignoresubmodules|status\.renames|submodule\..+\.ignore)$/;

function configText({ keys, valuesOf }: RepositoryConfig): string {
  const believed = keys
    .filter((key) => BELIEVED.test(key))
    .flatMap((key) => valuesOf(key).map((value) => line(key, value)));
  return [
    ...believed,
    line('core.bare', 'false'),
    // A clone may take any commit and leave files out: whoever reads the view may read the repository.
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
    // A key alone, without `=`, is a yes.
    return [end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]];
  });
}

/** @returns null for what is no file, or cannot be read */
async function textOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true && found.size < 100_000 ? await readFile(path, 'utf8').catch(() => null) : null;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
