import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../data/directory.ts';
import { readBuildRecord } from '../collectors/buildkit.ts';
import { type BuildCache, buildCommand } from '../docker/build-command.ts';
import { runDetached, setAside, stopDetached } from '../docker/detached.ts';
import { labelsFor, phaseName } from '../docker/labels.ts';
import { type OrderedBuild, writeDockerfile } from '../docker/base-images.ts';
import { PacelineError } from '../model/failure.ts';
import { measured } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import type { ImageBuild, RunRef } from '../model/run.ts';
import { activity, type Attempt } from './attempt.ts';
import type { ActivityDeps, Make } from './deps.ts';
import { cacheMountNamespace } from './take-down.ts';
import { loadWorkspace, type Workspace } from './workspace.ts';

/**
 * Builds every image of the project, one after the other with the whole host: BuildKit merges equal steps of two builds
 * that run at once, and would report the same execution twice.
 */
export const buildImages: Make<'buildImages'> = (deps) =>
  activity({ phase: 'waiting' }, async ({ run, mode }, attempt) => {
    const key = phaseName({ instance: deps.instance, runId: run.runId, phase: `build.${mode}` });
    return deps.attempts.run(key, attempt.signal, async () => {
      const stored = await deps.store.build(run, mode);
      if (stored !== null) return stored;
      const lease = await deps.lanes.acquire({ cpus: 'host', memoryBytes: null, key, signal: attempt.signal });
      try {
        const workspace = await loadWorkspace(deps.dataDirectory, run);
        const images: ImageBuild[] = [];
        for (const build of workspace.project.builds) {
          attempt.beat({ phase: 'building', note: build.name });
          images.push(await buildImage({ deps, run, mode, attempt, workspace }, build));
        }
        const seconds = images.reduce((sum, image) => sum + image.seconds, 0);
        const metric = mode === 'cold' ? 'build.cold.duration' : 'build.warm.duration';
        return await deps.store.saveBuild(run, { mode, images }, [measured(metric, seconds, 'buildkit')]);
      } finally {
        lease.release();
      }
    });
  });

interface Building {
  readonly deps: ActivityDeps;
  readonly run: RunRef;
  readonly mode: BuildMode;
  readonly attempt: Attempt;
  readonly workspace: Workspace;
}

/** The build outlives a worker that dies, and its record is read from the beginning by the next one. */
async function buildImage(building: Building, build: OrderedBuild): Promise<ImageBuild> {
  const { deps, run, mode, attempt } = building;
  const folder = join(runFolder(deps.dataDirectory, run.runId), 'commands', `build-${mode}-${build.name}`);
  const argv = await commandLine(building, build);
  try {
    for (;;) {
      const ended = await runDetached({
        folder,
        argv,
        cwd: building.workspace.project.directory,
        env: deps.commandEnv,
        signal: attempt.signal,
      });
      if (ended.kind === 'lost') {
        // Its timing is void, so the build is made anew; a cold one does not profit from what the lost one did.
        await setAside(folder);
        continue;
      }
      const record = readBuildRecord(await readFile(ended.stderrFile, 'utf8'));
      if (ended.exitCode !== 0 || record.seconds === null) throw buildFailed(build, record, ended.exitCode);
      const tag = tagFor(run, build);
      const image = await deps.engine.inspectImage(tag);
      return {
        services: build.services,
        tag,
        seconds: record.seconds,
        steps: record.userSteps,
        imageBytes: image?.sizeBytes ?? null,
      };
    }
  } catch (error) {
    if (attempt.cancelRequested()) await stopDetached(folder);
    throw error;
  }
}

async function commandLine(building: Building, build: OrderedBuild): Promise<[string, ...string[]]> {
  const { deps, run, workspace } = building;
  const folder = join(runFolder(deps.dataDirectory, run.runId), 'builds');
  await mkdir(folder, { recursive: true });
  const dockerfile = await writeDockerfile(build, folder, workspace.frontends);
  const command = buildCommand(build, {
    tags: [tagFor(run, build)],
    labels: labelsFor({ instance: deps.instance, runId: run.runId, workflowId: run.workflowId, phase: 'build' }),
    standIns: workspace.standIns,
    built: Object.fromEntries(workspace.project.builds.map((other) => [other.name, tagFor(run, other)])),
    ...(dockerfile === null ? {} : { dockerfile }),
    cache: cacheOf(building),
  });
  return [deps.endpoint.cli, ...command];
}

/** A warm build looks where the cold one before it left its layers; without one, in the user's own cache. */
function cacheOf({ run, mode, workspace }: Building): BuildCache {
  const namespace = cacheMountNamespace(run);
  if (mode === 'cold') return { mode, namespace };
  return { mode, namespace: workspace.plan.build.modes.includes('cold') ? namespace : null };
}

/** The run's own tag: never one of the user's. */
export function tagFor({ runId }: RunRef, { name }: Pick<OrderedBuild, 'name'>): string {
  return `paceline-run/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}:${runId}`;
}

type BuildRecord = ReturnType<typeof readBuildRecord>;

function buildFailed(build: OrderedBuild, { error, text }: BuildRecord, exitCode: number): PacelineError {
  const image = `\`${build.name}\``;
  return new PacelineError({
    type: 'BuildFailed',
    what:
      error?.step == null
        ? `The image of ${image} could not be built (exit code ${exitCode}).`
        : `The image of ${image} could not be built: the step \`${error.step}\` failed.`,
    next: 'Run `docker build` in the project to see it whole, and correct the Dockerfile or what it needs.',
    detail: (error === null ? text.trim().split('\n') : error.lastLines).slice(-15).join('\n'),
  });
}
