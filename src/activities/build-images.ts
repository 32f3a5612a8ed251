import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { runFolder } from '../data/directory.ts';
import { buildProfile } from '../collectors/build/build-profile.ts';
import { type BuildRecord, createBuildRecord } from '../collectors/build/buildkit.ts';
import { type BuildCache, buildCommand } from '../docker/build/build-command.ts';
import { buildInputs, digestOfRegistry, imageDigest } from '../docker/build/build-inputs.ts';
import { contextFacts, contextFiles } from '../docker/build/build-context.ts';
import { pruneCacheRecord } from '../docker/build/cache-mounts.ts';
import { keptContexts, linkTo, LIST_CONTEXTS } from '../docker/build/context-link.ts';
import { createFileDigests, type FileDigests } from '../docker/build/file-digests.ts';
import { runDetached, setAside, stopDetached } from '../docker/command/detached.ts';
import { runDocker } from '../docker/command/run-docker.ts';
import { labelsFor, phaseName } from '../docker/engine/labels.ts';
import { type OrderedBuild, writeDockerfile } from '../docker/build/base-images.ts';
import { wrongFormat } from '../docker/project/platforms.ts';
import { PacelineError } from '../model/failure.ts';
import { failedMeasurement, type Measurement, measured, notAvailable } from '../model/measurement.ts';
import type { BuildMode } from '../model/plan.ts';
import { buildSeconds } from '../analysis/judge/phases.ts';
import { BUILD_METRICS } from '../analysis/regression/series.ts';
import type { BuildFacts, ImageBuild, RunRef, StandIn } from '../model/run.ts';
import { activity, type Attempt } from './support/attempt.ts';
import { commandEnd } from './support/command-end.ts';
import { commandEnvironment } from './support/command-environment.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { withChange } from './support/make-source-change.ts';
import { type StageClock, stageClock } from './support/stage-clock.ts';
import { cacheMountNamespace } from './support/take-down.ts';
import { inLane } from './support/in-lane.ts';
import { whenQuiet } from './support/when-quiet.ts';
import { loadWorkspace, type Workspace, workspaceFile } from './support/workspace.ts';

/**
 * Builds every image of the project, one after the other with the whole host: BuildKit merges equal steps of two builds
 * that run at once, and would report the same execution twice.
 */
export const buildImages: Make<'buildImages'> = (deps) => {
  const digests = createFileDigests();
  return activity({ phase: 'waiting' }, async ({ run, mode }, attempt) => {
    const key = phaseName({ instance: deps.instance, runId: run.runId, phase: `build.${mode}` });
    return deps.attempts.run(key, attempt.signal, async () => {
      const stored = await deps.store.build(run, mode);
      if (stored !== null) return stored;
      const clock = stageClock();
      return inLane(deps, run, attempt, {
        clock,
        request: { cpus: 'host', memoryBytes: null, key },
        work: async (lane) => {
          const workspace = await loadWorkspace(deps.dataDirectory, run);
          const quiet = () => whenQuiet(deps, { run, lane, what: `the ${mode} build` }, attempt);
          const disturbed = await clock.part('waitForQuiet', null, quiet);
          const built = await buildAll({ deps, digests, run, mode, attempt, workspace, clock });
          const facts = { ...built, disturbed, times: clock.times() };
          return await deps.store.saveBuild(run, facts, [measurementOf(facts)]);
        },
      });
    });
  });
};

interface Building {
  readonly deps: ActivityDeps;
  readonly digests: FileDigests;
  readonly run: RunRef;
  readonly mode: BuildMode;
  readonly attempt: Attempt;
  readonly workspace: Workspace;
  readonly clock: StageClock;
}

async function buildAll(building: Building): Promise<BuildFacts> {
  const { mode, attempt, workspace, clock } = building;
  const build = async (standIns: readonly StandIn[]): Promise<readonly ImageBuild[]> => {
    const images: ImageBuild[] = [];
    for (const one of workspace.project.builds) {
      attempt.beat({ phase: 'building', note: one.name });
      const work = () => buildImage({ ...building, workspace: { ...workspace, standIns } }, one);
      images.push(await clock.part('build', one.name, work));
    }
    return images;
  };
  if (mode === 'cold' || mode === 'warm') return { mode, images: await build(workspace.standIns), change: null };
  return { mode, ...(await withChange(mode, building, build)) };
}

function measurementOf(build: BuildFacts): Measurement {
  const { mode, change } = build;
  if (change?.kind === 'none') return notAvailable(BUILD_METRICS[mode], change.reason, 'buildkit');
  if (change?.kind === 'failed') return failedMeasurement(BUILD_METRICS[mode], change.reason, 'buildkit');
  return measured(BUILD_METRICS[mode], buildSeconds(build), 'buildkit');
}

/** The build outlives a worker that dies, and its record is read from the beginning by the next one. */
async function buildImage(building: Building, build: OrderedBuild): Promise<ImageBuild> {
  const { deps, run, mode, attempt } = building;
  const folder = join(runFolder(deps.dataDirectory, run.runId), 'commands', `build-${mode}-${build.name}`);
  const link = await ownContext(building, build);
  const argv = await commandLine(building, build, link?.path ?? null);
  const env = await commandEnvironment(deps, building.workspace.project, attempt.signal);
  try {
    for (let begun = 1; ; begun += 1) {
      const result = await runDetached({
        folder,
        argv,
        cwd: building.workspace.project.directory,
        env,
        signal: attempt.signal,
      });
      const ended = await commandEnd(deps, result, folder);
      if (ended.kind === 'void') {
        if (begun === MAX_BUILDS) throw buildKilled(build);
        // Its timing is void, so the build is repeated. A cold build does not reuse the work of the lost one.
        await setAside(folder);
        continue;
      }
      const record = await recordIn(ended.stderrFile);
      if (ended.exitCode !== 0 || record.seconds === null) throw buildFailed(build, record, ended.exitCode);
      return await imageBuild(building, build, { ...record, seconds: record.seconds });
    }
  } catch (error) {
    if (attempt.cancelRequested()) await stopDetached(folder);
    throw error;
  } finally {
    // A build that continues without this attempt still reads it.
    if (!attempt.signal.aborted || attempt.cancelRequested()) await link?.forget();
  }
}

/**
 * The samples of a comparison share the source of their side, of which the builder would get the whole context once and then changes, until it
 * drops what it keeps. So each cold build that stands alone has a path of its own to its context: its whole context is sent in every sample of
 * either side. What the builder kept of it would be of no use to later builds.
 */
async function ownContext({ deps, run, mode, workspace }: Building, build: OrderedBuild) {
  const standsAlone = mode === 'cold' && workspace.plan.build.modes.every((each) => each === 'cold');
  if (!standsAlone || !isAbsolute(build.context)) return null;
  const kept = async () => keptContexts((await runDocker(deps.endpoint, LIST_CONTEXTS)).stdout);
  const before = new Set(await kept());
  const path = await linkTo(build.context, join(runFolder(deps.dataDirectory, run.runId), 'contexts', build.name));
  return {
    path,
    forget: async () => {
      // What cannot be removed is among the first that the builder drops by itself.
      const made = (await kept().catch(() => [])).filter((id) => !before.has(id));
      for (const id of made) await runDocker(deps.endpoint, pruneCacheRecord(id)).catch(() => null);
      await rm(path, { force: true });
    },
  };
}

/** Something on the machine, such as its memory, ends a build every time: more of the same would not help. */
const MAX_BUILDS = 3;

function buildKilled({ name }: OrderedBuild): PacelineError {
  return new PacelineError({
    type: 'BuildFailed',
    what: `The build of \`${name}\` was killed ${MAX_BUILDS} times.`,
    next: 'Check what is killing processes on this machine (`dmesg` shows it if memory ran out), and run the command again.',
  });
}

async function recordIn(file: string): Promise<BuildRecord> {
  const record = createBuildRecord();
  for await (const chunk of createReadStream(file)) record.add(chunk as Buffer);
  return record.end();
}

async function imageBuild(
  building: Building,
  build: OrderedBuild,
  record: BuildRecord & { readonly seconds: number },
): Promise<ImageBuild> {
  const { deps, digests, run, mode } = building;
  const tag = tagOf(run, mode, build);
  const [image, layers, context, images] = await Promise.all([
    deps.engine.inspectImage(tag),
    deps.engine.imageHistory(tag),
    contextOf(deps, run, mode, build),
    imagesOf(building, build, record),
  ]);
  return {
    services: build.services,
    tag,
    seconds: record.seconds,
    steps: record.userSteps,
    imageBytes: image?.sizeBytes ?? null,
    profile: buildProfile(record, context, layers, await buildInputs(build, { images, digests })),
  };
}

/** The images that the build started from, each with what identifies its content. */
async function imagesOf({ deps, run, mode, workspace }: Building, build: OrderedBuild, { baseDigests }: BuildRecord) {
  const used = [
    ...build.baseImages.map((image) => ({
      image,
      reference: workspace.standIns.find((each) => each.image === image)?.standIn ?? image,
    })),
    ...build.basedOn.map(({ context, build: name }) => ({ image: context, reference: tagOf(run, mode, { name }) })),
  ];
  return Promise.all(
    used.map(async ({ image, reference }) => {
      const ofRegistry = digestOfRegistry(reference, baseDigests);
      if (ofRegistry !== null) return [image, ofRegistry] as const;
      const found = await deps.engine.inspectImage(reference);
      return [image, found === null ? null : imageDigest(found)] as const;
    }),
  );
}

/** What was written since the plan was resolved, which is after the source was copied and before the first build. */
async function contextOf({ dataDirectory }: ActivityDeps, run: RunRef, mode: BuildMode, build: OrderedBuild) {
  const files = await contextFiles(build);
  if (files === null) return null;
  return contextFacts(files, mode === 'cold' ? null : (await stat(workspaceFile(dataDirectory, run))).mtimeMs);
}

async function commandLine(
  building: Building,
  build: OrderedBuild,
  context: string | null,
): Promise<[string, ...string[]]> {
  const { deps, run, mode, workspace } = building;
  const folder = join(runFolder(deps.dataDirectory, run.runId), 'builds');
  await mkdir(folder, { recursive: true });
  const dockerfile = await writeDockerfile(build, folder, workspace.frontends);
  const command = buildCommand(build, {
    tags: [tagOf(run, mode, build)],
    labels: labelsFor({ instance: deps.instance, runId: run.runId, workflowId: run.workflowId, phase: 'build' }),
    standIns: workspace.standIns,
    built: Object.fromEntries(workspace.project.builds.map((other) => [other.name, tagOf(run, mode, other)])),
    ...(dockerfile === null ? {} : { dockerfile }),
    ...(context === null ? {} : { context }),
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

/** The image of a build after a change is never tested, so it has a separate tag. */
function tagOf(run: RunRef, mode: BuildMode, build: Pick<OrderedBuild, 'name'>): string {
  return mode === 'cold' || mode === 'warm' ? tagFor(run, build) : `${tagFor(run, build)}-${mode}`;
}

function buildFailed(build: OrderedBuild, { error, text }: BuildRecord, exitCode: number): PacelineError {
  const image = `\`${build.name}\``;
  const detail = (error === null ? text.trim().split('\n') : error.lastLines).slice(-15).join('\n');
  const format = wrongFormat(`${text}\n${detail}`);
  const why = format === null ? '' : `; ${format}`;
  return new PacelineError({
    type: 'BuildFailed',
    what:
      error?.step == null
        ? `The image of ${image} could not be built (exit code ${exitCode})${why}.`
        : `The image of ${image} could not be built: the step \`${error.step}\` failed${why}.`,
    next: 'Run `docker build` in the project to see all of the output, and correct the Dockerfile or the files that it needs.',
    detail,
  });
}
