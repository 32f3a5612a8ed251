/** The images that a project starts from: there already, pulled now (so that no build is timed with it), or replaced by a stand-in. */
import { PacelineError } from '../../model/failure.ts';
import type { ResolvedProject } from '../../docker/project/project.ts';
import { runDocker } from '../../docker/command/run-docker.ts';
import { planStandIns, type StandInPlan } from '../../docker/build/stand-ins.ts';
import type { ActivityDeps } from './deps.ts';

/** A large image over a slow line; if nothing can be reached, the refusal comes at once. */
const PULL_MS = 15 * 60_000;
const LOOK_MS = 20_000;

export interface BaseImages extends StandInPlan {
  /** The `# syntax=` frontends that cannot be had here: their line is left out of the Dockerfile that is built. */
  readonly frontends: readonly string[];
}

export async function findBaseImages(
  deps: ActivityDeps,
  { images, builds }: ResolvedProject,
  signal: AbortSignal,
): Promise<BaseImages> {
  const standIns = await planStandIns({
    needed: [...images.map(({ image }) => image), ...builds.flatMap((build) => build.baseImages)],
    isLocal: async (image) => (await deps.engine.inspectImage(image)) !== null,
    tryPull: (image) => tryPull(deps, image, signal),
    standIns: await deps.standIns(),
  });
  const frontends = new Set(builds.flatMap(({ frontend }) => frontend ?? []));
  return { ...standIns, frontends: await unreachable(deps, [...frontends], signal) };
}

async function tryPull({ engine }: ActivityDeps, image: string, signal: AbortSignal): Promise<string | null> {
  try {
    await engine.pullImage(image, AbortSignal.any([signal, AbortSignal.timeout(PULL_MS)]));
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PacelineError) return error.problem.detail || error.problem.what;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Asked of the registry without pulling: a frontend is BuildKit's to fetch, and none of the engine's images. */
async function unreachable(
  { endpoint }: ActivityDeps,
  frontends: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const missing: string[] = [];
  for (const frontend of frontends) {
    const { exitCode } = await runDocker(endpoint, ['buildx', 'imagetools', 'inspect', frontend], {
      signal,
      timeoutMs: LOOK_MS,
    });
    if (exitCode !== 0) missing.push(frontend);
  }
  return missing;
}
