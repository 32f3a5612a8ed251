/** Paceline's data directory, and the directories in it. */
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import type { TrialSpec } from '../model/plan.ts';

export interface DataDirectoryOptions {
  /** The value of `--data-dir`. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project under test. Paceline never writes to its tree. */
  readonly project?: string | undefined;
}

/**
 * The data directory as an absolute path: `--data-dir`, else PACELINE_DATA, else `paceline` in the XDG data directory.
 * Created if it does not exist, with access for its owner only: logs and reports may contain private data.
 * @throws PacelineError WrongUsage if it is inside the project or cannot be created
 */
export function resolveDataDirectory(options: DataDirectoryOptions): string {
  const directory = dataDirectoryPath(options);
  if (options.project !== undefined) assertOutside(options.project, directory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return realpathSync(directory);
  } catch (error) {
    throw wrongUsage(
      `The data directory ${directory} cannot be created (${(error as Error).message}).`,
      'Specify another one with --data-dir or PACELINE_DATA.',
    );
  }
}

/** The path of the data directory. Does not create it. */
export function dataDirectoryPath({ flag, env }: DataDirectoryOptions): string {
  const named = flag || env['PACELINE_DATA'];
  if (named) return resolve(named);
  // The specification says to ignore relative paths: https://specifications.freedesktop.org/basedir-spec/
  const xdg = env['XDG_DATA_HOME'];
  const dataHome = xdg?.startsWith('/') ? xdg : join(env['HOME'] || homedir(), '.local', 'share');
  return join(dataHome, 'paceline');
}

/**
 * Refuses a data directory in the project's tree: each run would copy all earlier runs. Links are resolved.
 * @throws PacelineError WrongUsage
 */
export function assertOutside(project: string, dataDirectory: string): void {
  if (!isInside(real(project), real(dataDirectory))) return;
  throw wrongUsage(
    `The data directory ${dataDirectory} is inside the project ${project}. Paceline never writes to a project's directory.`,
    'Specify a directory outside of it with --data-dir or PACELINE_DATA.',
  );
}

/** Whether `path` is `folder` or inside it. Both are absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/** The directory of a run. @throws PacelineError WrongUsage for an invalid id */
export function runFolder(dataDirectory: string, runId: string): string {
  return join(dataDirectory, 'runs', checkedId(runId));
}

/** Logs and other files of one try of a trial. @throws PacelineError WrongUsage for an invalid id */
export function trialFolder(
  dataDirectory: string,
  runId: string,
  { scenarioId, trial, try: attempt }: Pick<TrialSpec, 'scenarioId' | 'trial'> & { readonly try: number },
): string {
  return join(runFolder(dataDirectory, runId), 'trials', checkedId(`${checkedId(scenarioId)}-${trial}-${attempt}`));
}

/** Ids also come from command lines and workflow inputs. They start with a letter or digit, so none is `..`, hidden or an option. */
function checkedId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(id)) return id;
  throw wrongUsage(
    `${JSON.stringify(id)} is not a valid id. An id has letters, digits, dots, dashes and underscores, 200 at most.`,
    'Take the id from `paceline history` or from the name of a directory in runs/.',
  );
}

/** The path with all links resolved, as far as it exists. */
function real(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(real(parent), basename(absolute));
  }
}
