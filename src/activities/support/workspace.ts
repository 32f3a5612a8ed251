/**
 * The run's folder on the host, and what `resolvePlan` found out for the activities after it. It is stored there and not
 * in Temporal's history, because a compose model is large.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import type { ResolvedProject } from '../../docker/project/project.ts';
import { PacelineError } from '../../model/failure.ts';
import type { LaneShape } from '../../model/lanes.ts';
import type { Plan, Scenario } from '../../model/plan.ts';
import type { RunRef, StandIn } from '../../model/run.ts';
import type { HeadPlan } from '../../plan/side-plan.ts';

export interface Workspace {
  readonly plan: Plan;
  readonly project: ResolvedProject;
  /** The copy of the source; `project.directory` is it or a folder in it. */
  readonly sourceDirectory: string;
  readonly shape: LaneShape;
  readonly standIns: readonly StandIn[];
  /** `# syntax=` frontends that cannot be had here. */
  readonly frontends: readonly string[];
  /** The image of each service that is built here or has a stand-in. */
  readonly tags: Readonly<Record<string, string>>;
  readonly maxTries: number;
  /** As of `ResolvedRun`. */
  readonly scenarios?: 'byDefault' | 'fitted';
  /** Of the head of a comparison, whose base is made from it. */
  readonly head?: Pick<HeadPlan, 'written' | 'set'>;
}

const FILE = 'project.json';

/** The file that compose is given, in the folder of a start-up or a trial. */
export const COMPOSE_FILE = 'compose.json';

/** Where it is; written once, before anything is built. */
export function workspaceFile(dataDirectory: string, run: RunRef): string {
  return join(runFolder(dataDirectory, run.runId), FILE);
}

export async function saveWorkspace(dataDirectory: string, run: RunRef, workspace: Workspace): Promise<void> {
  const folder = runFolder(dataDirectory, run.runId);
  await mkdir(folder, { recursive: true });
  await writeWhole(workspaceFile(dataDirectory, run), `${JSON.stringify(workspace, null, 2)}\n`);
}

/** @throws PacelineError RunUnknown if nothing was prepared, as after a reset to the middle: that gives a run another id */
export async function loadWorkspace(dataDirectory: string, run: RunRef): Promise<Workspace> {
  const text = await readFile(workspaceFile(dataDirectory, run), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? nothingPrepared(dataDirectory, run) : error;
  });
  return JSON.parse(text) as Workspace;
}

function nothingPrepared(dataDirectory: string, { runId }: RunRef): PacelineError {
  return new PacelineError({
    type: 'RunUnknown',
    what: `Run ${runId} is not prepared in ${dataDirectory}.`,
    next: 'Start the run again; a workflow can be reset only to its first task.',
  });
}

/** The image that the tests run in: built here, a stand-in, or the service's own. */
export function testImageOf({ project, tags }: Workspace): string {
  return tags[project.service] ?? project.model.services[project.service]?.image ?? '';
}

/** @throws Error for a scenario that the plan does not have, which is a defect */
export function scenarioOf(plan: Plan, scenarioId: string): Scenario {
  const scenario = plan.scenarios.find(({ id }) => id === scenarioId);
  if (scenario === undefined) throw new Error(`no scenario ${scenarioId} in the plan of ${plan.project}`);
  return scenario;
}

/** By rename, so that a reader never sees half a file, however the writer or the machine ends. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { flush: true });
  await rename(`${file}.new`, file);
}
