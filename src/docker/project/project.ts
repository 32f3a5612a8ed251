/** The project as compose sees it: which service runs the tests, what is started with it, which images are built. */
import type { RunDocker } from '../command/docker-runner.ts';
import { readdir } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { wrongUsage } from '../../model/failure.ts';
import { composeFilesOf } from '../../model/plan.ts';
import { composeConfig, composeServices } from '../compose/compose-command.ts';
import { type ProjectVariables, valuesOf, variablesOf } from '../compose/compose-environment.ts';
import type { ComposeModel } from '../compose/compose-model.ts';
import { composeWarnings, refusedByCompose } from '../compose/compose-problems.ts';
import { parseModel } from '../compose/compose-schema.ts';
import { findTestService, servicesBeside } from '../compose/compose-services.ts';
import {
  DEFAULT_COMPOSE_FILE,
  fileToBlame,
  findComposeFiles,
  type FoundComposeFiles,
} from '../compose/find-compose-files.ts';
import { type Isolation, isolationOf } from './isolation.ts';
import { type OrderedBuild, orderedBuilds } from '../build/base-images.ts';
import { checkPlatforms, neededPlatforms } from './platforms.ts';
import { type BringIn, type Neighbourhood, settle, settleBuilds, settleModel } from './neighbours.ts';
import { buildingService, checkBuilds, exists, projectBuilds } from '../build/project-builds.ts';
import { leavesTheCopy, mapPaths } from '../compose/project-paths.ts';
import { loggingNotes } from './test-logging.ts';

export interface LoadProjectOptions {
  /** The copy of the project that the run works in; absolute. */
  readonly directory: string;
  /** Relative to the folder, as in the plan: one file, or several that compose merges. */
  readonly compose: string | readonly string[];
  /** Relative to the folder; for a test service without a `build`. */
  readonly dockerfile: string;
  /** null: `test`, else an error that asks which one. */
  readonly service: string | null;
  /** Must have the user's own environment: the file's `${VARIABLES}` come from it. */
  readonly run: RunDocker;
  /** What the user calls the project, in messages: a folder or a URL; by default the folder above. */
  readonly origin?: string;
  /** The original of the copy: paths such as `../other` are resolved from there. */
  readonly originalDirectory?: string;
  /** The copy of the project's repository, in which `directory` has its place. @default directory */
  readonly root?: string;
  /**
   * For a folder that is measured as it is. The files and their includes are read at the original, and paths elsewhere
   * in the repository are added to the copy. Without it, `root` has the whole repository.
   */
  readonly bringIn?: BringIn;
}

export interface ResolvedProject {
  readonly directory: string;
  /** Absolute, in the order in which they are merged; none if the project is a Dockerfile alone. */
  readonly composeFiles: readonly string[];
  /** The variables that secrets and configs need; null if the project is only a Dockerfile. */
  readonly variables: ProjectVariables | null;
  /** The service that runs the tests. */
  readonly service: string;
  /** The services that run next to it, by name. */
  readonly services: readonly string[];
  /** All of these services with everything they use; strings and paths have their real values. */
  readonly model: ComposeModel;
  /** In the order in which they can be built. */
  readonly builds: readonly OrderedBuild[];
  /** The services whose image is not built here. */
  readonly images: readonly { readonly service: string; readonly image: string }[];
  readonly isolation: Isolation;
  /** Notes for the report, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Resolves a project by `docker compose config`.
 *
 * @throws PacelineError WrongUsage: no compose file, no Dockerfile, invalid YAML, no such service, an incomplete build;
 *   ComposeFailed: compose does not accept the file
 */
export async function loadProject(options: LoadProjectOptions): Promise<ResolvedProject> {
  const found = await findComposeFiles(options, readFrom(options));
  if (found === null) return projectOfDockerfile(options);
  const around = neighbourhoodOf(options);

  const config = await readConfig(options, found);
  const service = findTestService(config.model, found.names.join(', '), options.service);
  const others = servicesBeside(config.model, service, config.startedByUp);
  const started = [...others.services, service];
  const fallback = await dockerfileFor(options, found, config.model, service);
  const ofServices = await settleBuilds(projectBuilds(config.model, started, fallback), around);
  await checkBuilds(ofServices, { directory: options.directory, root: around.root, compose: found.names.join(', ') });
  const builds = await orderedBuilds(config.model, ofServices, (build) => settleBuilds(build, around));

  const { model, notes } = await settleModel(only(config.model, started), around);
  await checkPlatforms(neededPlatforms(model, builds), options.run, options.directory);
  const built = new Set(builds.flatMap((build) => build.services));
  return {
    directory: options.directory,
    composeFiles: found.paths.map((path) => inCopy(path, options)),
    variables: {
      projectDirectory: inCopy(found.environmentDirectory, options),
      workingDirectory: options.directory,
      names: variablesOf(model),
    },
    service,
    services: others.services,
    model,
    builds,
    images: others.services.flatMap((name) => {
      const image = model.services[name]?.image;
      return image === undefined || built.has(name) ? [] : [{ service: name, image }];
    }),
    isolation: isolationOf(model, around.root),
    notes: [...found.notes, ...config.notes, ...others.notes, ...notes, ...loggingNotes(config.model, service)],
  };
}

/** Where the project's files are read. */
function readFrom({ directory, originalDirectory, bringIn }: LoadProjectOptions): string {
  return bringIn === undefined ? directory : (originalDirectory ?? directory);
}

/** The place in the copy of a path where the files are read. */
function inCopy(path: string, options: LoadProjectOptions): string {
  return resolve(options.directory, relative(readFrom(options), path));
}

function neighbourhoodOf({ directory, root = directory, bringIn, ...options }: LoadProjectOptions): Neighbourhood {
  const originalRoot = originalRootOf({ directory, root, ...options });
  return {
    root,
    directory,
    original: bringIn === undefined || originalRoot === null ? null : { root: originalRoot, bringIn },
  };
}

/** The copy has the shape of the original. */
function originalRootOf(options: Pick<LoadProjectOptions, 'directory' | 'originalDirectory' | 'root'>): string | null {
  const { directory, originalDirectory, root = directory } = options;
  return originalDirectory === undefined ? null : resolve(originalDirectory, relative(directory, root));
}

interface Config {
  readonly model: ComposeModel;
  readonly startedByUp: readonly string[];
  readonly notes: readonly string[];
}

async function readConfig(options: LoadProjectOptions, found: FoundComposeFiles): Promise<Config> {
  const { directory, root = directory, bringIn } = options;
  const originalRoot = originalRootOf(options);
  const full = await printedConfig(options, found, true);
  if (full.exitCode !== 0)
    throw refusedByCompose({ ...(await fileToBlame(found)), files: found.names, stderr: full.stderr });
  const resolved = parseModel(full.stdout, full.format);
  const whole = bringIn === undefined ? root : (originalRoot ?? root);
  const unresolved = leavesTheCopy(resolved, whole) ? await printedConfig(options, found, false) : null;
  const asWritten = unresolved?.exitCode === 0 ? parseModel(unresolved.stdout, unresolved.format) : null;
  const mapped = mapPaths(resolved, asWritten, {
    directory: root,
    ...(originalRoot === null ? {} : { originalDirectory: originalRoot }),
    resolvedIn: bringIn === undefined ? 'copy' : 'original',
    project: inCopy(found.at.projectDirectory, options),
  });
  return {
    model: withDefaultPlatform(mapped.model, await defaultPlatform(options, found)),
    startedByUp: await startedByUp(options, found, mapped.model),
    notes: [...composeWarnings(full.stderr), ...mapped.notes],
  };
}

/** The default for everything that names no platform; compose also reads it from the project's `.env`. */
async function defaultPlatform(options: LoadProjectOptions, found: FoundComposeFiles): Promise<string | null> {
  const where = { projectDirectory: found.environmentDirectory, workingDirectory: readFrom(options) };
  const names = ['DOCKER_DEFAULT_PLATFORM'];
  const { DOCKER_DEFAULT_PLATFORM: platform } = await valuesOf({ ...where, names }, options.run);
  return platform || null;
}

function withDefaultPlatform(model: ComposeModel, platform: string | null): ComposeModel {
  if (platform === null) return model;
  const services = Object.entries(model.services).map(([name, service]) => [name, { platform, ...service }]);
  return { ...model, services: Object.fromEntries(services) };
}

/** Some versions cannot print every project as JSON (one with an `ssh` key that has a path), and all can print it as YAML. */
async function printedConfig(options: LoadProjectOptions, { at }: FoundComposeFiles, resolvePaths: boolean) {
  const printed = async (format: 'json' | 'yaml') => ({
    format,
    ...(await options.run(composeConfig({ ...at, profiles: ['*'], resolvePaths, format }), readFrom(options))),
  });
  const json = await printed('json');
  return json.exitCode !== 0 && json.stderr.includes('MarshalJSON') ? printed('yaml') : json;
}

/** Compose also has the profiles of the environment. A file that is valid only with a profile has no plain `up`. */
async function startedByUp(
  options: LoadProjectOptions,
  { at }: FoundComposeFiles,
  model: ComposeModel,
): Promise<readonly string[]> {
  const plain = await options.run(composeServices(at), readFrom(options));
  if (plain.exitCode === 0) return plain.stdout.split('\n').filter((name) => name !== '');
  return Object.keys(model.services).filter((name) => (model.services[name]?.profiles ?? []).length === 0);
}

/** @returns the Dockerfile for a test service that has no build; null if it has one */
async function dockerfileFor(
  options: LoadProjectOptions,
  { names }: FoundComposeFiles,
  model: ComposeModel,
  service: string,
) {
  if (buildingService(model, service)?.build !== undefined) return null;
  if (await hasDockerfile(options)) {
    return { service, directory: options.directory, dockerfile: options.dockerfile };
  }
  throw wrongUsage(
    `There is no Dockerfile to measure: \`${service}\` in ${names.join(', ')} has no \`build\`, and there is no ${options.dockerfile}.`,
    `Give \`${service}\` a \`build\`, or add ${options.dockerfile} next to ${names[0]}.`,
  );
}

/** Also one that a link elsewhere in the repository stands for. */
async function hasDockerfile(options: LoadProjectOptions): Promise<boolean> {
  return exists(await settle(resolve(options.directory, options.dockerfile), neighbourhoodOf(options)));
}

/** A project without a compose file: the image of its Dockerfile, with its own command. */
async function projectOfDockerfile(options: LoadProjectOptions): Promise<ResolvedProject> {
  const others = await otherComposeFiles(options.directory);
  const hint =
    others[0] === undefined ? '' : `, or \`compose: ${others[0]}\` in paceline.yml for the file that is there`;
  const [compose = DEFAULT_COMPOSE_FILE] = composeFilesOf(options);
  if (compose !== DEFAULT_COMPOSE_FILE || !(await hasDockerfile(options))) {
    throw wrongUsage(
      `There is no ${compose} in ${options.origin ?? options.directory}${compose === DEFAULT_COMPOSE_FILE ? `, and no ${options.dockerfile} either` : ''}.`,
      `Add ${compose} with the service that runs the tests${hint === '' ? ', or name another compose file with `--compose FILE`' : hint}.`,
    );
  }
  const service = options.service ?? 'test';
  const fallback = { service, directory: options.directory, dockerfile: options.dockerfile };
  const own = await settleBuilds(projectBuilds({ services: {} }, [service], fallback), neighbourhoodOf(options));
  const builds = await orderedBuilds({ services: {} }, own);
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
