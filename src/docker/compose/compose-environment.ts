/**
 * The environment that compose has for a project: the user's variables, then the project's `.env` (or the files that
 * COMPOSE_ENV_FILES names). Only compose knows their syntax and order, so compose is asked. The answers hold secrets.
 * They are passed on in the environment of commands, and never written to a file.
 */
import type { ComposeModel } from './compose-model.ts';
import { parseModel } from './compose-schema.ts';
import { composeVariables } from './compose-command.ts';
import { PacelineError } from '../../model/failure.ts';
import type { RunDocker } from '../command/docker-runner.ts';

/** Which variables a project's secrets and configs need, and where they are set. */
export interface ProjectVariables {
  /** Compose's project directory, whose `.env` counts. */
  readonly projectDirectory: string;
  /** Where commands about the project's own files run: COMPOSE_ENV_FILES is relative to it. */
  readonly workingDirectory: string;
  readonly names: readonly string[];
}

/** @returns the names of the variables whose values become secrets or configs, each once */
export function variablesOf({ secrets = {}, configs = {} }: ComposeModel): readonly string[] {
  const sources = [...Object.values(secrets), ...Object.values(configs)];
  return [...new Set(sources.flatMap(({ environment }) => (environment === undefined ? [] : [environment])))].sort();
}

/**
 * @returns the values of those variables that are set
 * @throws PacelineError ComposeFailed where compose cannot read the files
 */
export async function valuesOf(variables: ProjectVariables, run: RunDocker): Promise<Readonly<Record<string, string>>> {
  const { projectDirectory, workingDirectory, names } = variables;
  if (names.length === 0) return {};
  // Compose passes on a variable without a value as it has it; null is a variable that is not set.
  const question = { services: { variables: { image: 'none', environment: names } } };
  const answer = await run(composeVariables(projectDirectory), workingDirectory, JSON.stringify(question));
  if (answer.exitCode !== 0) throw unreadable(answer.stderr);
  const found = parseModel(answer.stdout).services['variables']?.environment ?? {};
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== null));
}

function unreadable(stderr: string): PacelineError {
  return new PacelineError({
    type: 'ComposeFailed',
    what: "Compose could not read the project's variables.",
    next: 'Correct the .env file next to the compose file, or the files that COMPOSE_ENV_FILES names.',
    detail: stderr.trim().split('\n').slice(-3).join('\n'),
  });
}

/** Which files, profiles and projects compose takes by default. */
const SELECTION =
  /^COMPOSE_(FILE|PATH_SEPARATOR|PROFILES|PROJECT_NAME|ENV_FILES|DISABLE_ENV_FILE|REMOVE_ORPHANS|IGNORE_ORPHANS)$/;

/**
 * @param env the user's environment
 * @returns the environment for a compose file that Paceline made: what selects the user's own files is left out
 */
export function withoutSelection(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SELECTION.test(name)));
}
