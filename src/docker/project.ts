/** The project as compose sees it: which service runs the tests, what is started beside it, which images are built. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wrongUsage } from '../model/failure.ts';
import { composeFilesOf } from '../model/plan.ts';
import { composeConfig, composeServices } from './commands.ts';
import { type ProjectVariables, valuesOf, variablesOf } from './compose-environment.ts';
import type { ComposeModel } from './compose-model.ts';
import { composeWarnings, refusedByCompose } from './compose-problems.ts';
import { parseModel } from './compose-schema.ts';
import { findTestService, servicesBeside } from './compose-services.ts';
import { DEFAULT_COMPOSE_FILE, fileToBlame, findComposeFiles, type FoundComposeFiles } from './find-compose-files.ts';
import { type Isolation, isolationOf } from './isolation.ts';
import { type OrderedBuild, orderedBuilds } from './base-images.ts';
import { checkPlatforms, neededPlatforms } from './platforms.ts';
import { buildingService, checkBuilds, exists, projectBuilds } from './project-builds.ts';
import { leavesTheCopy, mapPaths } from './project-paths.ts';

/** Runs the docker CLI with these arguments, `input` on its stdin; rejects only where it cannot be run at all. */
export type RunDocker = (
  args: readonly string[],
  cwd: string,
  input?: string,
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;

export interface LoadProjectOptions {
  /** The copy of the project that the run works in; absolute. */
  readonly directory: string;
  /** Relative to the folder, as in the plan: one file, or several that compose merges. */
  readonly compose: string | readonly string[];
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
  /** Absolute, in the order in which they are merged; none where the project is a Dockerfile alone. */
  readonly composeFiles: readonly string[];
  /** What secrets and configs take from variables; null where the project is a Dockerfile alone. */
  readonly variables: ProjectVariables | null;
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
  const found = await findComposeFiles(options);
  if (found === null) return projectOfDockerfile(options);

  const config = await readConfig(options, found);
  const service = findTestService(config.model, found.names.join(', '), options.service);
  const beside = servicesBeside(config.model, service, config.startedByUp);
  const started = [...beside.services, service];
  const fallback = await dockerfileFor(options, found, config.model, service);
  const ofServices = projectBuilds(config.model, started, fallback);
  await checkBuilds(ofServices, { directory: options.directory, compose: found.names.join(', ') });
  const builds = await orderedBuilds(config.model, ofServices);

  const model = only(config.model, started);
  await checkPlatforms(neededPlatforms(model, builds), options.run, options.directory);
  const built = new Set(builds.flatMap((build) => build.services));
  return {
    directory: options.directory,
    composeFiles: found.paths,
    variables: {
      projectDirectory: found.environmentDirectory,
      workingDirectory: options.directory,
      names: variablesOf(model),
    },
    service,
    services: beside.services,
    model,
    builds,
    images: beside.services.flatMap((name) => {
      const image = model.services[name]?.image;
      return image === undefined || built.has(name) ? [] : [{ service: name, image }];
    }),
    isolation: isolationOf(model, options.directory),
    notes: [...found.notes, ...config.notes, ...beside.notes],
  };
}

interface Config {
  readonly model: ComposeModel;
  readonly startedByUp: readonly string[];
  readonly notes: readonly string[];
}

async function readConfig(options: LoadProjectOptions, found: FoundComposeFiles): Promise<Config> {
  const { directory, originalDirectory } = options;
  const full = await printedConfig(options, found, true);
  if (full.exitCode !== 0)
    throw refusedByCompose({ ...(await fileToBlame(found)), files: found.names, stderr: full.stderr });
  const resolved = parseModel(full.stdout, full.format);
  const unresolved = leavesTheCopy(resolved, directory) ? await printedConfig(options, found, false) : null;
  const asWritten = unresolved?.exitCode === 0 ? parseModel(unresolved.stdout, unresolved.format) : null;
  const mapped = mapPaths(resolved, asWritten, {
    directory,
    ...(originalDirectory === undefined ? {} : { originalDirectory }),
  });
  return {
    model: withDefaultPlatform(mapped.model, await defaultPlatform(options, found)),
    startedByUp: await startedByUp(options, found, mapped.model),
    notes: [...composeWarnings(full.stderr), ...mapped.notes],
  };
}

/** Compose and buildx take it for whatever names no platform; compose also from the project's `.env`. */
async function defaultPlatform(
  { run, directory }: LoadProjectOptions,
  found: FoundComposeFiles,
): Promise<string | null> {
  const where = { projectDirectory: found.environmentDirectory, workingDirectory: directory };
  const { DOCKER_DEFAULT_PLATFORM: platform } = await valuesOf({ ...where, names: ['DOCKER_DEFAULT_PLATFORM'] }, run);
  return platform || null;
}

function withDefaultPlatform(model: ComposeModel, platform: string | null): ComposeModel {
  if (platform === null) return model;
  const services = Object.entries(model.services).map(([name, service]) => [name, { platform, ...service }]);
  return { ...model, services: Object.fromEntries(services) };
}

/** Some versions cannot print every project as JSON (one with an `ssh` key that has a path), and all can print it as YAML. */
async function printedConfig({ run, directory }: LoadProjectOptions, { at }: FoundComposeFiles, resolvePaths: boolean) {
  const printed = async (format: 'json' | 'yaml') => ({
    format,
    ...(await run(composeConfig({ ...at, profiles: ['*'], resolvePaths, format }), directory)),
  });
  const json = await printed('json');
  return json.exitCode !== 0 && json.stderr.includes('MarshalJSON') ? printed('yaml') : json;
}

/** Compose knows the profiles of the environment as well. A file that needs a profile to be valid at all has no plain `up`. */
async function startedByUp(
  options: LoadProjectOptions,
  { at }: FoundComposeFiles,
  model: ComposeModel,
): Promise<readonly string[]> {
  const plain = await options.run(composeServices(at), options.directory);
  if (plain.exitCode === 0) return plain.stdout.split('\n').filter((name) => name !== '');
  return Object.keys(model.services).filter((name) => (model.services[name]?.profiles ?? []).length === 0);
}

/** @returns the Dockerfile for a test service that has no build; null where it has one */
async function dockerfileFor(
  options: LoadProjectOptions,
  { names }: FoundComposeFiles,
  model: ComposeModel,
  service: string,
) {
  if (buildingService(model, service)?.build !== undefined) return null;
  if (await exists(resolve(options.directory, options.dockerfile))) {
    return { service, directory: options.directory, dockerfile: options.dockerfile };
  }
  throw wrongUsage(
    `There is no Dockerfile to measure: \`${service}\` in ${names.join(', ')} has no \`build\`, and there is no ${options.dockerfile}.`,
    `Give \`${service}\` a \`build\`, or add ${options.dockerfile} next to ${names[0]}.`,
  );
}

/** A project without a compose file: the image of its Dockerfile, run by its own command. */
async function projectOfDockerfile(options: LoadProjectOptions): Promise<ResolvedProject> {
  const others = await otherComposeFiles(options.directory);
  const hint =
    others[0] === undefined ? '' : `, or \`compose: ${others[0]}\` in paceline.yml for the file that is there`;
  const [compose = DEFAULT_COMPOSE_FILE] = composeFilesOf(options);
  if (compose !== DEFAULT_COMPOSE_FILE || !(await exists(join(options.directory, options.dockerfile)))) {
    throw wrongUsage(
      `There is no ${compose} in ${options.origin ?? options.directory}${compose === DEFAULT_COMPOSE_FILE ? `, and no ${options.dockerfile} either` : ''}.`,
      `Add ${compose}${hint}.`,
    );
  }
  const service = options.service ?? 'test';
  const fallback = { service, directory: options.directory, dockerfile: options.dockerfile };
  const builds = await orderedBuilds({ services: {} }, projectBuilds({ services: {} }, [service], fallback));
  await checkPlatforms(neededPlatforms({ services: {} }, builds), options.run, options.directory);
  return {
    directory: options.directory,
    composeFiles: [],
    variables: null,
    service,
    services: [],
    model: { services: { [service]: { networks: { default: null } } }, networks: { default: {} } },
    builds,
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
