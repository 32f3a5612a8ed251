/** The project as compose sees it: which service runs the tests, what is started beside it, which images are built. */
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { composeConfig, composeServices } from './commands.ts';
import type { ComposeModel } from './compose-model.ts';
import { composeWarnings, refusedByCompose } from './compose-problems.ts';
import { parseModel } from './compose-schema.ts';
import { findTestService, servicesBeside } from './compose-services.ts';
import { shortText } from './foreign-file.ts';
import { type Isolation, isolationOf } from './isolation.ts';
import { type OrderedBuild, orderedBuilds } from './base-images.ts';
import { buildingService, checkBuilds, exists, projectBuilds } from './project-builds.ts';
import { leavesTheCopy, mapPaths } from './project-paths.ts';

export const DEFAULT_COMPOSE_FILE = 'docker-compose.test.yml';

/** Runs the docker CLI with these arguments; rejects only where it cannot be run at all. */
export type RunDocker = (
  args: readonly string[],
  cwd: string,
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;

export interface LoadProjectOptions {
  /** The copy of the project that the run works in; absolute. */
  readonly directory: string;
  /** Relative to the folder, as in the plan. */
  readonly compose: string;
  /** Relative to the folder; for a test service without a `build`. */
  readonly dockerfile: string;
  /** null: `test`, or the question which. */
  readonly service: string | null;
  /** Must pass on the user's own environment: the file's `${VARIABLES}` come from it. */
  readonly run: RunDocker;
  /** What the user calls the project, in messages: a folder or a URL; by default the folder above. */
  readonly origin?: string;
  /** Where the copy was made from; paths such as `../other` are looked for from there. */
  readonly originalDirectory?: string;
}

export interface ResolvedProject {
  readonly directory: string;
  /** Absolute; null where the project has none and is a Dockerfile alone. */
  readonly composeFile: string | null;
  /** The service that runs the tests. */
  readonly service: string;
  /** The services that run beside it, by name. */
  readonly services: readonly string[];
  /** All of these services with whatever they use; strings and paths as they really are. */
  readonly model: ComposeModel;
  /** In the order in which they can be built. */
  readonly builds: readonly OrderedBuild[];
  /** The services that run on an image which is not built here. */
  readonly images: readonly { readonly service: string; readonly image: string }[];
  readonly isolation: Isolation;
  /** What is worth a line in the report, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Resolves a project by `docker compose config`.
 *
 * @throws PacelineError WrongUsage: no compose file, no Dockerfile, invalid YAML, no such service, an incomplete build;
 *   ComposeFailed: compose does not accept the file
 */
export async function loadProject(options: LoadProjectOptions): Promise<ResolvedProject> {
  const file = resolve(options.directory, options.compose);
  if (!(await exists(file))) return projectOfDockerfile(options);

  const config = await readConfig(options, file);
  const service = findTestService(config.model, options.compose, options.service);
  const beside = servicesBeside(config.model, service, config.startedByUp);
  const started = [...beside.services, service];
  const fallback = await dockerfileFor(options, config.model, service);
  const ofServices = projectBuilds(config.model, started, fallback);
  await checkBuilds(ofServices, options);
  const builds = await orderedBuilds(config.model, ofServices);

  const model = only(config.model, started);
  const built = new Set(builds.flatMap((build) => build.services));
  return {
    directory: options.directory,
    composeFile: file,
    service,
    services: beside.services,
    model,
    builds,
    images: beside.services.flatMap((name) => {
      const image = model.services[name]?.image;
      return image === undefined || built.has(name) ? [] : [{ service: name, image }];
    }),
    isolation: isolationOf(model, options.directory),
    notes: [...config.notes, ...beside.notes],
  };
}

interface Config {
  readonly model: ComposeModel;
  readonly startedByUp: readonly string[];
  readonly notes: readonly string[];
}

async function readConfig(options: LoadProjectOptions, file: string): Promise<Config> {
  const { directory, originalDirectory } = options;
  // As compose itself does for a file in a sub-folder: paths and .env are the file's.
  const at = { file, projectDirectory: dirname(file) };
  const full = await options.run(composeConfig({ ...at, profiles: ['*'] }), directory);
  if (full.exitCode !== 0) {
    const text = await shortText(file);
    throw refusedByCompose({ file: options.compose, text, stderr: full.stderr });
  }
  const resolved = parseModel(full.stdout);
  const unresolved = leavesTheCopy(resolved, directory)
    ? await options.run(composeConfig({ ...at, profiles: ['*'], resolvePaths: false }), directory)
    : null;
  const mapped = mapPaths(resolved, unresolved?.exitCode === 0 ? parseModel(unresolved.stdout) : null, {
    directory,
    ...(originalDirectory === undefined ? {} : { originalDirectory }),
  });
  return {
    model: mapped.model,
    startedByUp: await startedByUp(options, at, mapped.model),
    notes: [...composeWarnings(full.stderr), ...mapped.notes],
  };
}

/** Compose knows the profiles of the environment as well. A file that needs a profile to be valid at all has no plain `up`. */
async function startedByUp(
  options: LoadProjectOptions,
  at: { readonly file: string; readonly projectDirectory: string },
  model: ComposeModel,
): Promise<readonly string[]> {
  const plain = await options.run(composeServices(at), options.directory);
  if (plain.exitCode === 0) return plain.stdout.split('\n').filter((name) => name !== '');
  return Object.keys(model.services).filter((name) => (model.services[name]?.profiles ?? []).length === 0);
}

/** @returns the Dockerfile for a test service that has no build; null where it has one */
async function dockerfileFor(options: LoadProjectOptions, model: ComposeModel, service: string) {
  if (buildingService(model, service)?.build !== undefined) return null;
  if (await exists(resolve(options.directory, options.dockerfile))) {
    return { service, directory: options.directory, dockerfile: options.dockerfile };
  }
  throw wrongUsage(
    `There is no Dockerfile to measure: \`${service}\` in ${options.compose} has no \`build\`, and there is no ${options.dockerfile}.`,
    `Give \`${service}\` a \`build\`, or add ${options.dockerfile} beside ${options.compose}.`,
  );
}

/** A project without a compose file: the image of its Dockerfile, run by its own command. */
async function projectOfDockerfile(options: LoadProjectOptions): Promise<ResolvedProject> {
  const others = await otherComposeFiles(options.directory);
  const hint =
    others[0] === undefined ? '' : `, or \`compose: ${others[0]}\` in paceline.yml for the file that is there`;
  if (options.compose !== DEFAULT_COMPOSE_FILE || !(await exists(join(options.directory, options.dockerfile)))) {
    throw wrongUsage(
      `There is no ${options.compose} in ${options.origin ?? options.directory}${options.compose === DEFAULT_COMPOSE_FILE ? `, and no ${options.dockerfile} either` : ''}.`,
      `Add ${options.compose}${hint}.`,
    );
  }
  const service = options.service ?? 'test';
  const fallback = { service, directory: options.directory, dockerfile: options.dockerfile };
  return {
    directory: options.directory,
    composeFile: null,
    service,
    services: [],
    model: { services: { [service]: { networks: { default: null } } }, networks: { default: {} } },
    builds: await orderedBuilds({ services: {} }, projectBuilds({ services: {} }, [service], fallback)),
    images: [],
    isolation: { oneLane: [], notes: [], sourceMounts: [] },
    notes: others.map(
      (other) => `${other} is not used: name it by \`compose:\` in paceline.yml if its services are needed.`,
    ),
  };
}

async function otherComposeFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory).catch(() => []);
  return entries.filter((name) => /^(docker-)?compose.*\.ya?ml$/.test(name)).sort();
}

function only(model: ComposeModel, services: readonly string[]): ComposeModel {
  return {
    ...model,
    services: Object.fromEntries(Object.entries(model.services).filter(([name]) => services.includes(name))),
  };
}
