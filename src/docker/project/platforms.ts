/** The platforms of a project's images, and whether the engine can run them. */
import { wrongUsage } from '../../model/failure.ts';
import { hintWords } from '../../model/output-hint.ts';
import type { OrderedBuild } from '../build/base-images.ts';
import type { ComposeModel } from '../compose/compose-model.ts';
import type { RunDocker } from '../command/docker-runner.ts';

/** What a service or a build needs. */
export interface NeededPlatform {
  /** The beginning of a sentence about it. */
  readonly what: string;
  /** As the project writes it. */
  readonly platform: string;
  /** Where it is written. */
  readonly where: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
  i686: '386',
  armhf: 'arm/v7',
  armel: 'arm/v6',
};
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { 'arm64/v8': 'arm64', 'amd64/v1': 'amd64', arm: 'arm/v7' };

/** @returns e.g. `linux/arm64` for `linux/aarch64`, `arm64` and `linux/arm64/v8`; null for what names no platform */
export function normalPlatform(text: string): string | null {
  const parts = text.trim().toLowerCase().split('/');
  if (parts.some((part) => part === '')) return null;
  const [os = '', ...rest] = OPERATING_SYSTEMS.has(parts[0] ?? '') ? parts : ['linux', ...parts];
  const [architecture = '', ...variant] = rest;
  // `platform: linux` is any Linux platform that the engine has.
  if (architecture === '') return null;
  const full = [ARCHITECTURES[architecture] ?? architecture, ...variant].join('/');
  return `${os}/${DEFAULT_VARIANTS[full] ?? full}`;
}

const OPERATING_SYSTEMS: ReadonlySet<string> = new Set(['linux', 'windows', 'darwin', 'freebsd', 'wasi']);

/** @returns the platforms of the services that a run starts and of the builds that it makes; builds of a service once */
export function neededPlatforms(model: ComposeModel, builds: readonly OrderedBuild[]): readonly NeededPlatform[] {
  const services = Object.entries(model.services).flatMap(([name, { platform }]) =>
    platform === undefined
      ? []
      : [{ what: `\`${name}\``, platform, where: '`platform`, else DOCKER_DEFAULT_PLATFORM' }],
  );
  const ofBuilds = builds.flatMap((build) => [
    ...(build.platform === null
      ? []
      : [{ what: `The build of \`${build.name}\``, platform: build.platform, where: '`platforms`' }]),
    ...build.stagePlatforms.map((platform) => ({
      what: `The build of \`${build.name}\``,
      platform,
      where: '`FROM --platform` in its Dockerfile',
    })),
  ]);
  return [...services, ...ofBuilds];
}

/**
 * Asks the engine only if the project names a platform. An unknown platform is accepted: the build or the container
 * reports it then.
 * @throws PacelineError WrongUsage for the first platform that the engine can neither run nor emulate
 */
export async function checkPlatforms(
  needed: readonly NeededPlatform[],
  run: RunDocker,
  directory: string,
): Promise<void> {
  if (needed.length === 0) return;
  const { exitCode, stdout } = await run(['buildx', 'inspect', 'default'], directory);
  const runnable = exitCode === 0 ? platformsIn(stdout) : [];
  if (runnable.length === 0) return;
  for (const { what, platform, where } of needed) {
    const normal = normalPlatform(platform);
    if (normal === null || runnable.includes(normal)) continue;
    const architecture = normal.split('/')[1] ?? normal;
    throw wrongUsage(
      `${what} is for ${platform} (${where}), but this engine runs only ${words(runnable)}.`,
      `Remove that platform or name one that the engine runs, use a ${normal} machine, or let this machine emulate it: \`docker run --privileged --rm tonistiigi/binfmt --install ${architecture}\`.`,
    );
  }
}

/** @param inspected what `docker buildx inspect` printed */
export function platformsIn(inspected: string): readonly string[] {
  const list = /^Platforms:\s*(.+)$/m.exec(inspected)?.[1] ?? '';
  const platforms = list.split(',').flatMap((platform) => normalPlatform(platform.replace('*', '')) ?? []);
  return [...new Set(platforms)];
}

/** Variants of an architecture do not help people. */
function words(platforms: readonly string[]): string {
  const short = [...new Set(platforms.map((platform) => platform.split('/').slice(0, 2).join('/')))];
  return short.length > 1 ? `${short.slice(0, -1).join(', ')} and ${short.at(-1)}` : (short[0] ?? '');
}

/**
 * In lower case it is a message of the engine, not of a program in the container.
 * @returns half a sentence; null if the output does not mention it
 */
export function wrongFormat(output: string): string | null {
  if (!output.includes('exec format error')) return null;
  return hintWords({ kind: 'wrongFormat' });
}
