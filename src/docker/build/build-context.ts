/** The files of a build context, without those that .dockerignore excludes. */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { ContextFacts, SizedPath } from '../../model/profile/build-profile.ts';
import { type IgnoreRules, readDockerignore } from './dockerignore.ts';
import { shortText } from '../files/foreign-file.ts';
import type { ProjectBuild } from './project-builds.ts';

export interface ContextFile {
  /** Relative to the context. */
  readonly path: string;
  readonly bytes: number;
  /**
   * When its content or name last changed, in ms since the epoch. (A copy keeps the modification time, but not this
   * one.)
   */
  readonly changedMs: number;
}

const MOST = 10;

/** In the order of their paths; null if the context is not a folder on this machine. */
export async function contextFiles(
  build: Pick<ProjectBuild, 'context' | 'dockerfile'>,
): Promise<readonly ContextFile[] | null> {
  if (!isAbsolute(build.context)) return null;
  return await filesBelow(build.context, '', await ignoreRules(build));
}

/** Files, links and folders (which end with `/`) in the order of their paths; null if the context is not a folder on this machine. */
export async function contextEntries(
  build: Pick<ProjectBuild, 'context' | 'dockerfile'>,
): Promise<readonly string[] | null> {
  if (!isAbsolute(build.context)) return null;
  return await entriesBelow(build.context, '', await ignoreRules(build));
}

async function entriesBelow(root: string, folder: string, rules: IgnoreRules): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => []);
  const paths: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const ignored = rules.ignores(path);
    if (entry.isDirectory()) {
      const below = !ignored || rules.hasExceptions ? await entriesBelow(root, path, rules) : [];
      if (!ignored || below.length > 0) paths.push(`${path}/`);
      for (const each of below) paths.push(each);
    } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) paths.push(path);
  }
  return paths;
}

/** `NAME.dockerignore` next to the Dockerfile replaces the context's own .dockerignore. */
async function ignoreRules({ context, dockerfile }: Pick<ProjectBuild, 'context' | 'dockerfile'>) {
  const besideDockerfile = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
  for (const file of [besideDockerfile, join(context, '.dockerignore')]) {
    const text = await shortText(file);
    if (text !== null) return readDockerignore(text);
  }
  return readDockerignore('');
}

async function filesBelow(root: string, folder: string, rules: IgnoreRules): Promise<ContextFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => []);
  const files: ContextFile[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const ignored = rules.ignores(path);
    if (entry.isDirectory()) {
      if (!ignored || rules.hasExceptions) for (const file of await filesBelow(root, path, rules)) files.push(file);
    } else if (entry.isFile() && !ignored) {
      const found = await lstat(join(root, path)).catch(() => null);
      if (found !== null) files.push({ path, bytes: found.size, changedMs: found.ctimeMs });
    }
  }
  return files;
}

/** Absolute paths that a build does not get, each with everything in it. */
export async function ignoredPaths(build: Pick<ProjectBuild, 'context' | 'dockerfile'>): Promise<readonly string[]> {
  const rules = await ignoreRules(build);
  return ignoredBelow(build.context, '', rules);
}

async function ignoredBelow(root: string, folder: string, rules: IgnoreRules): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => []);
  const ignored: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const isFolder = entry.isDirectory();
    if (rules.ignores(path) && !(isFolder && rules.hasExceptions)) ignored.push(join(root, path));
    else if (isFolder) ignored.push(...(await ignoredBelow(root, path, rules)));
  }
  return ignored;
}

/** @param sinceMs files that were written later count as changed; null if nothing was built before */
export function contextFacts(files: readonly ContextFile[], sinceMs: number | null): ContextFacts {
  const changed = sinceMs === null ? [] : files.filter(({ changedMs }) => changedMs > sinceMs);
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: summed(files, ({ path }) => path.split('/')[0] ?? path),
    writtenByTools: summed(files, toolPath),
    changed: changed.slice(0, MOST).map(({ path }) => path),
  };
}

/** The largest groups of files. @param groupOf null leaves a file out */
function summed(files: readonly ContextFile[], groupOf: (file: ContextFile) => string | null): readonly SizedPath[] {
  const groups = new Map<string, number>();
  for (const file of files) {
    const group = groupOf(file);
    if (group !== null) groups.set(group, (groups.get(group) ?? 0) + file.bytes);
  }
  return [...groups]
    .map(([path, bytes]) => ({ path, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, MOST);
}

const TOOL_NAME =
  /^(\.git|\.hg|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.hypothesis|\.tox|\.nox|\.venv|venv|node_modules|htmlcov|\.coverage(\..+)?|coverage\.xml|\.idea|\.vscode|\.DS_Store|.+\.egg-info|.+\.pyc)$/;

/** The outermost folder or the file that a tool wrote; null if no tool wrote it. */
function toolPath({ path }: ContextFile): string | null {
  const names = path.split('/');
  const at = names.findIndex((name) => TOOL_NAME.test(name));
  return at === -1 ? null : names.slice(0, at + 1).join('/');
}
