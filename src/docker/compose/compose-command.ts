/** Command lines of `docker compose`, as arguments after `docker`. Pure. */
import { commandText } from '../../plan/command-text.ts';

/** Which project and file a command is about. */
export interface ComposeProject {
  readonly project: string;
  readonly file: string;
}

/** Where a project's own files are. Without `files`, compose finds them by COMPOSE_FILE. */
export interface ComposeFiles {
  readonly files: readonly string[] | null;
  readonly projectDirectory: string;
}

/**
 * Prints the project as compose resolves it.
 *
 * @param options.resolvePaths false leaves paths as the file has them
 * @param options.format JSON by default; some versions cannot print every project as JSON
 */
export function composeConfig(
  options: ComposeFiles & {
    readonly profiles?: readonly string[];
    readonly resolvePaths?: boolean;
    readonly format?: 'json' | 'yaml';
  },
): readonly string[] {
  return [
    ...composeOf(options),
    ...(options.profiles ?? []).flatMap((profile) => ['--profile', profile]),
    'config',
    '--format',
    options.format ?? 'json',
    ...(options.resolvePaths === false ? ['--no-path-resolution'] : []),
  ];
}

/** Prints the names of the services that a plain `up` starts, one a line. */
export function composeServices(files: ComposeFiles): readonly string[] {
  return [...composeOf(files), 'config', '--services'];
}

/** Prints the project on stdin, with the variables that a project in that folder has. */
export function composeVariables(projectDirectory: string): readonly string[] {
  return ['compose', '--project-directory', projectDirectory, '-f', '-', 'config', '--format', 'json'];
}

function composeOf({ files, projectDirectory }: ComposeFiles): readonly string[] {
  if (files === null) return ['compose'];
  return ['compose', '--project-directory', projectDirectory, ...files.flatMap((file) => ['-f', file])];
}

/**
 * Starts services.
 *
 * @param options.services these and what they depend on; none starts all of the file
 */
export function composeUp(
  at: ComposeProject,
  options: { readonly services?: readonly string[] } = {},
): readonly string[] {
  return [...inProject(at), 'up', '-d', '--no-build', ...(options.services ?? [])];
}

/**
 * Starts the tests in their own container and prints its id.
 *
 * Never with `--rm`: the engine would remove the container at its end. If the client is gone by then, exit code, log
 * and files would be lost. Never with an open stdin, which is compose's default: no one would close it. A program that
 * reads stdin finds its end, as with `< /dev/null`.
 *
 * @param options.args empty runs the service's own command
 * @param options.entrypoint replaces the service's
 */
export function composeRun(
  at: ComposeProject,
  options: {
    readonly name: string;
    readonly service: string;
    readonly args: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly entrypoint?: readonly string[] | null;
  },
): readonly string[] {
  return [
    ...inProject(at),
    'run',
    '-d',
    '-T',
    '--interactive=false',
    '--no-deps',
    '--name',
    options.name,
    ...pairs('-l', options.labels),
    ...(options.entrypoint === undefined || options.entrypoint === null
      ? []
      : ['--entrypoint', commandText(options.entrypoint)]),
    options.service,
    ...options.args,
  ];
}

function inProject({ project, file }: ComposeProject): readonly string[] {
  return ['compose', '-p', project, '-f', file];
}

/** @returns `flag key=value` for each entry */
export function pairs(flag: string, entries: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(entries).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
