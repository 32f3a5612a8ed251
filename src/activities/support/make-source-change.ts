/** The build after an edit: one source file of the run's copy is changed, and restored afterwards. */
import { join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import { contextFiles } from '../../docker/build/build-context.ts';
import { isOutside } from '../../docker/compose/project-paths.ts';
import { changeSource, fileToChange, restoreSource } from '../../docker/build/source-change.ts';
import { PacelineError } from '../../model/failure.ts';
import type { BuildFacts, ImageBuild, RunRef } from '../../model/run.ts';
import type { Attempt } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import type { Workspace } from './workspace.ts';

type Changed = Pick<BuildFacts, 'images' | 'change'>;

/**
 * A build that fails is a failed measurement and not the end of the run: nothing that comes after it uses its images.
 *
 * An attempt that lost its claim leaves the change where it is: its build continues and may still be reading. The next
 * attempt finds it written down and takes it back.
 */
export async function withSourceChange(
  {
    deps,
    run,
    attempt,
    workspace,
  }: {
    readonly deps: ActivityDeps;
    readonly run: RunRef;
    readonly attempt: Attempt;
    readonly workspace: Workspace;
  },
  build: () => Promise<readonly ImageBuild[]>,
): Promise<Changed> {
  const place = await placeOfChange(workspace);
  if (place === null) {
    const reason = 'The build context has no Python file, so no source change could be made.';
    return { images: [], change: { kind: 'none', reason } };
  }
  const journal = join(runFolder(deps.dataDirectory, run.runId), 'source-change.json');
  await changeSource({ ...place, journal, mark: `paceline: a source change, made by run ${run.runId}` });
  try {
    return { images: await build(), change: { kind: 'changed', file: place.file } };
  } catch (error) {
    if (!(error instanceof PacelineError) || error.problem.type !== 'BuildFailed') throw error;
    return { images: [], change: { kind: 'failed', file: place.file, reason: error.problem.what } };
  } finally {
    if (!attempt.signal.aborted || attempt.cancelRequested()) await restoreSource(journal);
  }
}

/** In the image of the tests, else in the first that has a source file. */
async function placeOfChange({ project, sourceDirectory }: Workspace) {
  const isOfTests = ({ services }: { readonly services: readonly string[] }) => services.includes(project.service);
  const builds = project.builds.toSorted((a, b) => Number(isOfTests(b)) - Number(isOfTests(a)));
  for (const build of builds) {
    // What is used where it is belongs to the user.
    if (isOutside(sourceDirectory, build.context)) continue;
    const file = fileToChange((await contextFiles(build)) ?? []);
    if (file !== null) return { context: build.context, file };
  }
  return null;
}
