/** The environment of commands on what Paceline made of a project: its compose files and its builds. */
import { valuesOf, withoutSelection } from '../../docker/compose/compose-environment.ts';
import type { ResolvedProject } from '../../docker/project/project.ts';
import type { RunDocker } from '../../docker/command/docker-runner.ts';
import { runDocker } from '../../docker/command/run-docker.ts';
import type { ActivityDeps } from './deps.ts';

/** Runs short docker commands on the project's own files. */
export function runOnProject({ endpoint, commandEnv }: ActivityDeps, signal: AbortSignal): RunDocker {
  return (args, cwd, input) =>
    runDocker(endpoint, args, { cwd, env: commandEnv, signal, ...(input === undefined ? {} : { input }) });
}

/**
 * Paceline's own compose files are in other folders, where compose does not see the project's `.env`: what secrets and
 * configs take from it is put into the environment. It is read again each time and never stored.
 *
 * @throws PacelineError ComposeFailed where compose cannot read the project's variables
 */
export async function commandEnvironment(
  deps: ActivityDeps,
  { variables }: ResolvedProject,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  // A run of an older version has none.
  const values = variables == null ? {} : await valuesOf(variables, runOnProject(deps, signal));
  return { ...values, ...withoutSelection(deps.commandEnv) };
}
