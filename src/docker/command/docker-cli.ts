/** Finds the docker command line to use: one with compose and buildx in sufficient versions. */
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { PacelineError } from '../../model/failure.ts';
import { OWN_SESSION } from './own-session.ts';

/** What a docker binary can do, and which engine it sees. */
export interface DockerCli {
  readonly path: string;
  readonly versions: { readonly cli: string; readonly compose: string; readonly buildx: string };
  /** null: no engine answered; `engineErrors` says why. */
  readonly engine: EngineSummary | null;
  readonly engineErrors: readonly string[];
}

export interface EngineSummary {
  readonly name: string;
  readonly version: string;
  readonly kernel: string;
  readonly operatingSystem: string;
}

/** `!override` in compose files: https://docs.docker.com/reference/compose-file/merge/ */
export const MINIMUM_COMPOSE = '2.24.4';
/** `--progress=rawjson`: https://github.com/docker/buildx/releases/tag/v0.13.0 */
export const MINIMUM_BUILDX = '0.13.0';

/** Where docker binaries may be: the preferred one, those on PATH, Debian's place. Only existing ones, each once, in this order. */
export async function dockerCandidates(
  env: Readonly<Record<string, string>>,
  preferred?: string,
): Promise<readonly string[]> {
  const onPath = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const places = [...onPath.map((directory) => join(directory, 'docker')), '/usr/bin/docker'];
  const found = new Map<string, string>();
  for (const path of preferred === undefined ? places : [preferred, ...places]) {
    const real = await executable(path);
    if (real !== null && !found.has(real)) found.set(real, path);
  }
  return [...found.values()];
}

async function executable(path: string): Promise<string | null> {
  try {
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return null;
  }
}

/**
 * The first of `candidates` that has everything a benchmark needs, preferably one whose engine answers.
 * @throws PacelineError EngineUnfit, with what each candidate lacks
 */
export async function findDockerCli(
  candidates: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<DockerCli> {
  const lacking: string[] = [];
  const fit: DockerCli[] = [];
  for (const path of candidates) {
    const examined = await examine(path, env);
    if ('lacks' in examined) lacking.push(`${path}: ${examined.lacks}`);
    else if (examined.engine !== null) return examined;
    else fit.push(examined);
  }
  const [first] = fit;
  if (first !== undefined) return first;
  throw new PacelineError({
    type: 'EngineUnfit',
    what:
      candidates.length === 0
        ? 'No docker command was found.'
        : 'No docker command on this machine has the plugins that a benchmark needs.',
    next: `Install Docker with the compose plugin (${MINIMUM_COMPOSE} or later) and the buildx plugin (${MINIMUM_BUILDX} or later).`,
    ...(lacking.length === 0 ? {} : { detail: lacking.join('\n') }),
  });
}

/** The output of `docker info --format '{{json .}}'`. The client's part is there even if no engine answers. */
interface DockerInfo {
  readonly ClientInfo?: {
    readonly Version?: string;
    readonly Plugins?: readonly { readonly Name: string; readonly Version?: string; readonly Err?: string }[] | null;
  };
  readonly ServerVersion?: string;
  readonly Name?: string;
  readonly KernelVersion?: string;
  readonly OperatingSystem?: string;
  readonly ServerErrors?: readonly string[] | null;
}

async function examine(path: string, env: Readonly<Record<string, string>>): Promise<DockerCli | { lacks: string }> {
  const result = await execa(path, ['info', '--format', '{{json .}}'], {
    env,
    extendEnv: false,
    reject: false,
    ...OWN_SESSION,
    timeout: 20_000,
  });
  const info = parseInfo(result.stdout);
  const plugins = info?.ClientInfo?.Plugins ?? [];
  const version = (name: string) => plugins.find((plugin) => plugin.Name === name && !plugin.Err)?.Version ?? null;
  const [compose, buildx] = [version('compose'), version('buildx')];
  const lacks = lacksOf(compose, buildx);
  if (lacks !== null)
    return { lacks: info === null ? `printed no version (${result.stderr.trim().slice(0, 300)})` : lacks };
  return {
    path,
    versions: { cli: info?.ClientInfo?.Version ?? 'unknown', compose: compose ?? '', buildx: buildx ?? '' },
    engine: engineOf(info),
    engineErrors: info?.ServerErrors ?? [result.stderr],
  };
}

function parseInfo(text: string): DockerInfo | null {
  try {
    return JSON.parse(text) as DockerInfo;
  } catch {
    return null;
  }
}

function engineOf(info: DockerInfo | null): EngineSummary | null {
  if (!info?.ServerVersion) return null;
  return {
    name: info.Name ?? '',
    version: info.ServerVersion,
    kernel: info.KernelVersion ?? '',
    operatingSystem: info.OperatingSystem ?? '',
  };
}

/** @returns what is missing or too old, in words; null when nothing is */
export function lacksOf(compose: string | null, buildx: string | null): string | null {
  const lacks = [lack('compose', compose, MINIMUM_COMPOSE), lack('buildx', buildx, MINIMUM_BUILDX)].filter(
    (text) => text !== null,
  );
  return lacks.length === 0 ? null : lacks.join(', ');
}

function lack(plugin: string, version: string | null, minimum: string): string | null {
  if (version === null) return `has no ${plugin} plugin`;
  return atLeast(version, minimum) ? null : `its ${plugin} is ${version}, and ${minimum} or later is needed`;
}

/** Compares the numeric part: `v2.29.1-desktop.1`, `0.13.1+ds1`. A version without numbers (a development build) passes. */
function atLeast(version: string, minimum: string): boolean {
  const parts = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (parts === null) return true;
  const wanted = minimum.split('.').map(Number);
  for (const [index, part] of [parts[1], parts[2], parts[3] ?? '0'].map(Number).entries()) {
    const least = wanted[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
