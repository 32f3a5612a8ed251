import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { runFolder } from '../data/directory.ts';
import { type AskedTools, askImage, askingFile } from '../docker/project/image-tools.ts';
import { labelsFor, phaseName } from '../docker/engine/labels.ts';
import { ownCommandOf } from '../docker/project/own-command.ts';
import type { ResolvedProject } from '../docker/project/project.ts';
import { runDocker } from '../docker/command/run-docker.ts';
import type { Plan } from '../model/plan.ts';
import type { RunResult } from '../model/result.ts';
import type { Lane, RunRef } from '../model/run.ts';
import { fitScenarios as fitted, markersOf } from '../plan/fit-scenarios.ts';
import { activity } from './support/attempt.ts';
import { writeComposeFile } from './support/compose-up.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { laneNotes, lanesOf, resolved } from './resolve-plan.ts';
import { inLane } from './support/in-lane.ts';
import { takeDownProject } from './support/take-down.ts';
import { loadWorkspace, saveWorkspace, testImageOf, type Workspace } from './support/workspace.ts';

/**
 * The default scenarios, as far as the image of the tests can run them. What is decided is in the run's folder and the
 * store before it is answered, so that a later attempt answers the same.
 */
export const fitScenarios: Make<'fitScenarios'> = (deps) =>
  activity({ phase: 'waiting' }, async ({ run }, attempt) => {
    const { instance, dataDirectory } = deps;
    const key = phaseName({ instance, runId: run.runId, phase: 'image' });
    return deps.attempts.run(key, attempt.signal, async () => {
      const workspace = await loadWorkspace(dataDirectory, run);
      if (workspace.scenarios !== 'byDefault') return again(deps, workspace);
      const undo = () => takeDownProject(deps, key, []);
      const work = async (lane: Lane) => {
        attempt.beat({ phase: 'preparing', note: workspace.project.service });
        await undo();
        const plan = await fit({ deps, run, workspace, key, lane, signal: attempt.signal });
        await undo();
        return await keep(deps, run, { ...workspace, plan, scenarios: 'fitted' });
      };
      return inLane(deps, run, attempt, { request: { cpus: 1, memoryBytes: null, key }, work, undo });
    });
  });

function again(deps: ActivityDeps, workspace: Workspace) {
  return resolved(deps, workspace, lanesOf(deps, workspace.plan, workspace.project).lanes);
}

async function keep(deps: ActivityDeps, run: RunRef, workspace: Workspace) {
  const { plan, project, standIns } = workspace;
  const { shape, lanes, reason } = lanesOf(deps, plan, project);
  await deps.store.addNotes(run, [...laneNotes(project, lanes, reason), ...(await changeOfPrimary(deps, plan))]);
  await deps.store.setPlan(run, { plan, service: project.service, project: plan.project, standIns });
  const kept = { ...workspace, shape };
  await saveWorkspace(deps.dataDirectory, run, kept);
  return resolved(deps, kept, lanes);
}

interface Fitting {
  readonly deps: ActivityDeps;
  readonly run: RunRef;
  readonly workspace: Workspace;
  readonly key: string;
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** An image that cannot be asked has its default scenarios tried as they are. */
async function fit(fitting: Fitting): Promise<Plan> {
  const { deps, run, workspace } = fitting;
  const { plan, project } = workspace;
  const service = project.model.services[project.service];
  const image = await deps.engine.inspectImage(testImageOf(workspace));
  const asked = await ask(fitting, service?.entrypoint ?? image?.entrypoint ?? null);
  if (asked.kind === 'unknown') {
    await deps.store.addNotes(run, [
      `Paceline could not check which tools the test image has (${asked.reason}), so it ran all default scenarios.`,
    ]);
    return plan;
  }
  const hasOwnCommand = ownCommandOf(service, image).kind === 'command';
  return fitted(plan, { tools: asked.tools, hasOwnCommand, dockerfile: dockerfileOf(project) });
}

async function ask(
  { deps, run, workspace, key, lane, signal }: Fitting,
  entrypoint: readonly string[] | null,
): Promise<AskedTools> {
  const { project, tags, plan } = workspace;
  const folder = join(runFolder(deps.dataDirectory, run.runId), 'image');
  await mkdir(folder, { recursive: true });
  const labels = labelsFor({ instance: deps.instance, ...run, phase: 'image', lane });
  const cpuset = lane.cpus.length === 0 ? {} : { cpuset: lane.cpus.join(',') };
  const file = await writeComposeFile(folder, askingFile(project, { tags, labels, ...cpuset }));
  return askImage({
    compose: (args, options) =>
      runDocker(deps.endpoint, ['compose', '-p', key, '-f', file, ...args], {
        ...options,
        cwd: folder,
        env: deps.commandEnv,
        signal,
      }),
    service: project.service,
    entrypoint,
    markers: markersOf(plan),
  });
}

/** Where one would install what is missing. */
function dockerfileOf({ builds, service, directory }: ResolvedProject): string | null {
  const build = builds.find(({ services }) => services.includes(service));
  if (build === undefined || build.dockerfileInline !== null || !isAbsolute(build.dockerfile)) return null;
  const path = relative(directory, build.dockerfile);
  return path.startsWith('..') ? null : path;
}

/** Times of the test phase are those of the primary scenario: where another takes its place, they are of other work. */
async function changeOfPrimary({ store }: ActivityDeps, plan: Plan): Promise<string[]> {
  const [before] = await store.recentResults(plan.project, 1);
  const [was, is] = [before?.scenarios, plan.scenarios].map((all) => all?.find(({ primary }) => primary)?.name);
  const wasFitted = plan.leftOut !== undefined || hasLeftOut(before);
  if (was === undefined || is === undefined || was === is || !wasFitted) return [];
  return [
    `The primary scenario is now ${is}; in the previous run it was ${was}. Do not compare the test phases and totals of the two runs.`,
  ];
}

/** Results from before there was such a key lack it. */
function hasLeftOut(result: RunResult | undefined): boolean {
  return (result?.scenariosLeftOut ?? null) !== null;
}
