/** Finds a project's compose files: those of the plan, else those of COMPOSE_FILE, in the same way as compose. */
import { readFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { wrongUsage } from '../../model/failure.ts';
import { composeFilesOf } from '../../model/plan.ts';
import type { ComposeFiles } from './compose-command.ts';
import { valuesOf } from './compose-environment.ts';
import type { RunDocker } from '../command/docker-runner.ts';
import { exists } from '../build/project-builds.ts';

export const DEFAULT_COMPOSE_FILE = 'docker-compose.test.yml';

/** The parts of a project that decide where its compose files are. */
export interface ComposeFileSearch {
  /** The copy of the project; absolute. */
  readonly directory: string;
  /** Relative to the folder, as in the plan: one file, or several that compose merges. */
  readonly compose: string | readonly string[];
  readonly run: RunDocker;
  /** What the user calls the project, in messages. @default directory */
  readonly origin?: string;
}

export interface FoundComposeFiles {
  /** As command lines name them. */
  readonly at: ComposeFiles;
  /** Absolute, in the order in which compose merges them. */
  readonly paths: readonly string[];
  /** As people named them, in the same order. */
  readonly names: readonly string[];
  /** The folder whose `.env` counts. */
  readonly environmentDirectory: string;
  /** What is worth a line in the report, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * @param place where the files are read: the copy, or the folder that it was made from
 * @returns null if the plan names no file, the default one is not there, and COMPOSE_FILE is not set
 * @throws PacelineError WrongUsage for a file that is named and not there
 */
export async function findComposeFiles(
  options: ComposeFileSearch,
  place = options.directory,
): Promise<FoundComposeFiles | null> {
  const names = composeFilesOf(options);
  const paths = names.map((name) => resolve(place, name));
  const missing = await firstMissing(names, paths);
  if (missing === null) return ofPlan(names, paths);
  if (names.length === 1 && names[0] === DEFAULT_COMPOSE_FILE) return byVariable(options, place);
  if (names.length === 1) return null;
  throw notThere(missing, options, '`compose` in paceline.yml');
}

async function ofPlan(names: readonly string[], paths: readonly string[]): Promise<FoundComposeFiles> {
  const projectDirectory = dirname(paths[0] ?? '');
  const at = { files: paths, projectDirectory };
  return { at, paths, names, environmentDirectory: projectDirectory, notes: await unusedOverride(paths) };
}

/** `docker compose` without `-f` takes these files together. */
async function unusedOverride(paths: readonly string[]): Promise<readonly string[]> {
  const [path = '', ...others] = paths;
  const name = /^((?:docker-)?compose)\.ya?ml$/.exec(basename(path))?.[1];
  if (name === undefined || others.length > 0) return [];
  const overrides = ['yml', 'yaml'].map((ending) => `${name}.override.${ending}`);
  const there = await Promise.all(overrides.map((override) => exists(join(dirname(path), override))));
  return overrides
    .filter((_, index) => there[index])
    .map(
      (override) =>
        `${override} is not used: the plan names ${basename(path)} alone. Write \`compose: [${basename(path)}, ${override}]\` in paceline.yml to use both.`,
    );
}

const VARIABLES = ['COMPOSE_FILE', 'COMPOSE_PATH_SEPARATOR'];

/** Compose finds them by itself here: with `-f` it would read another `.env`. */
async function byVariable(options: ComposeFileSearch, place: string): Promise<FoundComposeFiles | null> {
  const where = { projectDirectory: place, workingDirectory: place };
  const values = await valuesOf({ ...where, names: VARIABLES }, options.run);
  const { COMPOSE_FILE: list, COMPOSE_PATH_SEPARATOR: separator } = values;
  if (!list) return null;
  const names = list.split(separator || delimiter).filter((name) => name !== '');
  const paths = names.map((name) => resolve(place, name));
  const missing = await firstMissing(names, paths);
  if (missing !== null) throw notThere(missing, options, 'COMPOSE_FILE');
  return {
    at: { files: null, projectDirectory: dirname(paths[0] ?? '') },
    paths,
    names,
    environmentDirectory: place,
    notes: [`The compose files are those that COMPOSE_FILE names: ${names.join(', ')}.`],
  };
}

async function firstMissing(names: readonly string[], paths: readonly string[]): Promise<string | null> {
  const there = await Promise.all(paths.map(exists));
  return names.find((_, index) => !there[index]) ?? null;
}

function notThere(name: string, { origin, directory }: ComposeFileSearch, by: string) {
  return wrongUsage(
    `There is no ${name} in ${origin ?? directory}, and ${by} names it.`,
    `Add the file, or correct ${by}.`,
  );
}

/**
 * Compose does not say which of several files is invalid YAML.
 * @returns that file as people named it, with its text; the text is null if no file is to blame
 */
export async function fileToBlame({
  paths,
  names,
}: FoundComposeFiles): Promise<{ readonly file: string; readonly text: string | null }> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => null)));
  const index =
    texts.length === 1 ? 0 : texts.findIndex((text) => text !== null && parseDocument(text).errors.length > 0);
  return { file: names[index] ?? names.join(', '), text: texts[index] ?? null };
}
