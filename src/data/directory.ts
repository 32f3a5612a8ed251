/** Where Paceline keeps its data, and the folders in it. */
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import type { TrialSpec } from '../model/plan.ts';

export interface DataDirectoryOptions {
  /** The value of `--data-dir`. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project under test: its tree is never written to. */
  readonly project?: string | undefined;
}

/**
 * The data directory as an absolute path: `--data-dir`, else PACELINE_DATA, else `paceline` in the XDG data folder.
 * Created where it is not there, for its owner alone: logs and reports may tell what is not for everyone.
 * @throws PacelineError WrongUsage when it lies inside the project, or cannot be created
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
      'Name another with --data-dir or PACELINE_DATA.',
    );
  }
}

/** Where the data directory is or would be; touches nothing. */
export function dataDirectoryPath({ flag, env }: DataDirectoryOptions): string {
  const named = flag || env['PACELINE_DATA'];
  if (named) return resolve(named);
  // Relative paths in the variable are to be ignored: https://specifications.freedesktop.org/basedir-spec/
  const xdg = env['XDG_DATA_HOME'];
  const dataHome = xdg?.startsWith('/') ? xdg : join(env['HOME'] || homedir(), '.local', 'share');
  return join(dataHome, 'paceline');
}

/**
 * Refuses a data directory in the project's tree: each run would copy the ones before. Links are seen through.
 * @throws PacelineError WrongUsage
 */
export function assertOutside(project: string, dataDirectory: string): void {
  if (!isInside(real(project), real(dataDirectory))) return;
  throw wrongUsage(
    `The data directory ${dataDirectory} lies inside the project ${project}, whose tree is never written to.`,
    'Name one outside of it with --data-dir or PACELINE_DATA.',
  );
}

/** Whether `path` is `folder` or lies in it; both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/** Everything of one run. @throws PacelineError WrongUsage for what is no id */
export function runFolder(dataDirectory: string, runId: string): string {
  return join(dataDirectory, 'runs', checkedId(runId));
}

/** Logs and other files of one try of a trial. @throws PacelineError WrongUsage for what is no id */
export function trialFolder(
  dataDirectory: string,
  runId: string,
  { scenarioId, trial, try: attempt }: Pick<TrialSpec, 'scenarioId' | 'trial'> & { readonly try: number },
): string {
  return join(runFolder(dataDirectory, runId), trialPath({ scenarioId, trial, try: attempt }));
}

/** The same, relative to the run's folder. */
export function trialPath(key: Pick<TrialSpec, 'scenarioId' | 'trial'> & { readonly try: number }): string {
  return join('trials', checkedId(`${checkedId(key.scenarioId)}-${key.trial}-${key.try}`));
}

/** Ids come from command lines and workflow inputs too. A letter or digit first, so none is `..`, hidden or a flag. */
function checkedId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(id)) return id;
  throw wrongUsage(
    `${JSON.stringify(id)} is no id: letters, digits, dots, dashes and underscores, at most 200 of them.`,
    'Take it from `paceline history` or from the name of a folder under runs/.',
  );
}

/** The path with every link resolved, as far as it exists. */
function real(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(real(parent), basename(absolute));
  }
}
