/** The builds after a change: one file of the run's copy is changed and restored afterwards, or the base image is another one. */
import { join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import { dockerfileText, type OrderedBuild } from '../../docker/build/base-images.ts';
import { baseChangeCommand } from '../../docker/build/base-change.ts';
import { contextFiles } from '../../docker/build/build-context.ts';
import { dependencyFile } from '../../docker/build/dependency-file.ts';
import { finalBase } from '../../docker/build/dockerfile.ts';
import { isOutside } from '../../docker/compose/project-paths.ts';
import { changeSource, fileToChange, restoreSource } from '../../docker/build/source-change.ts';
import { runDocker } from '../../docker/command/run-docker.ts';
import { labelsFor } from '../../docker/engine/labels.ts';
import { PacelineError } from '../../model/failure.ts';
import type { BuildFacts, ImageBuild, RunRef, SourceChange, StandIn } from '../../model/run.ts';
import type { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import type { Workspace } from './workspace.ts';

/** The modes that are named after a change. */
export type ChangeMode = 'source-change' | 'dependency-change' | 'base-change';

type Changed = Pick<BuildFacts, 'images' | 'change'>;

interface Changing {
  readonly deps: ActivityDeps;
  readonly run: RunRef;
  readonly attempt: Attempt;
  readonly workspace: Workspace;
}

type Build = (standIns: readonly StandIn[]) => Promise<readonly ImageBuild[]>;

/** A build that fails is a failed measurement and not the end of the run: nothing that comes after it uses its images. */
export async function withChange(mode: ChangeMode, changing: Changing, build: Build): Promise<Changed> {
  if (mode === 'base-change') return withBaseChange(changing, build);
  const place =
    mode === 'source-change' ? await placeOfSource(changing.workspace) : await placeOfDependency(changing.workspace);
  if (place.kind === 'none') return { images: [], change: { kind: 'none', reason: NO_PLACE[place.reason] } };
  return withFileChange(mode, changing, place, build);
}

type Place =
  | { readonly kind: 'place'; readonly context: string; readonly file: string }
  | { readonly kind: 'none'; readonly reason: keyof typeof NO_PLACE };

const NO_PLACE = {
  noSource: 'The build context has no Python file, so no source change could be made.',
  noInstall: 'No step of the Dockerfile installs packages, so no dependency could be changed.',
  noFile: 'No file that lists dependencies is copied before the step that installs them, so none could be changed.',
} as const;

/**
 * An attempt that lost its claim leaves the change where it is: its build continues and may still be reading. The next
 * attempt finds it written down and takes it back.
 */
async function withFileChange(
  mode: ChangeMode,
  { deps, run, attempt, workspace }: Changing,
  { context, file }: Extract<Place, { kind: 'place' }>,
  build: Build,
): Promise<Changed> {
  const journal = join(runFolder(deps.dataDirectory, run.runId), `${mode}.json`);
  await changeSource({
    context,
    file,
    journal,
    mark: `paceline: a ${mode.replace('-', ' ')}, made by run ${run.runId}`,
  });
  try {
    return await surviving(file, { kind: 'changed', file }, () => build(workspace.standIns));
  } finally {
    if (!attempt.signal.aborted || attempt.cancelRequested()) await restoreSource(journal);
  }
}

async function surviving(
  file: string,
  change: SourceChange,
  build: () => Promise<readonly ImageBuild[]>,
): Promise<Changed> {
  try {
    return { images: await build(), change };
  } catch (error) {
    if (!(error instanceof PacelineError) || error.problem.type !== 'BuildFailed') throw error;
    return { images: [], change: { kind: 'failed', file, reason: error.problem.what } };
  }
}

/** The image of the tests first. What is used where it is belongs to the user. */
function changeable({ project, sourceDirectory }: Workspace): readonly OrderedBuild[] {
  const isOfTests = ({ services }: OrderedBuild) => services.includes(project.service);
  return project.builds
    .toSorted((a, b) => Number(isOfTests(b)) - Number(isOfTests(a)))
    .filter(({ context }) => !isOutside(sourceDirectory, context));
}

/** In the image of the tests, else in the first that has a source file. */
async function placeOfSource(workspace: Workspace): Promise<Place> {
  for (const build of changeable(workspace)) {
    const file = fileToChange((await contextFiles(build)) ?? []);
    if (file !== null) return { kind: 'place', context: build.context, file };
  }
  return { kind: 'none', reason: 'noSource' };
}

async function placeOfDependency(workspace: Workspace): Promise<Place> {
  let reason: 'noInstall' | 'noFile' = 'noInstall';
  for (const build of changeable(workspace)) {
    const files = ((await contextFiles(build)) ?? []).map(({ path }) => path);
    const found = dependencyFile((await dockerfileText(build)) ?? '', files);
    if (found.kind === 'file') return { kind: 'place', context: build.context, file: found.file };
    if (found.reason === 'noFile') reason = 'noFile';
  }
  return { kind: 'none', reason };
}

/** Every build that starts from the image gets the changed one, as after an update of the image in its registry. */
async function withBaseChange({ deps, run, attempt, workspace }: Changing, build: Build): Promise<Changed> {
  const base = await baseOf(workspace);
  if (base === null) {
    const reason = 'No build of the project starts from an image of a registry, so no base image could be changed.';
    return { images: [], change: { kind: 'none', reason } };
  }
  const { image, platform } = base;
  const tag = `paceline-run/base-change:${run.runId}`;
  const command = await baseChangeCommand({
    folder: join(runFolder(deps.dataDirectory, run.runId), 'builds', 'base-change'),
    image: workspace.standIns.find((each) => each.image === image)?.standIn ?? image,
    tag,
    mark: run.runId,
    platform,
    labels: labelsFor({ instance: deps.instance, ...run, phase: 'build' }),
  });
  const { exitCode } = await runDocker(deps.endpoint, command, { signal: attempt.signal });
  if (exitCode !== 0) {
    const reason = `The engine could not put a layer on the base image ${image}.`;
    return { images: [], change: { kind: 'failed', file: image, reason } };
  }
  const others = workspace.standIns.filter((each) => each.image !== image);
  return surviving(image, { kind: 'changedBase', image }, () => build([...others, { image, standIn: tag }]));
}

/** Of the image of the tests, else of the first that has one. */
async function baseOf({
  project,
}: Workspace): Promise<{ readonly image: string; readonly platform: string | null } | null> {
  const isOfTests = ({ services }: OrderedBuild) => services.includes(project.service);
  for (const build of project.builds.toSorted((a, b) => Number(isOfTests(b)) - Number(isOfTests(a)))) {
    const image = finalBase((await dockerfileText(build)) ?? '', build.args, build.target);
    if (image !== null && build.baseImages.includes(image)) return { image, platform: build.platform };
  }
  return null;
}
