import { join } from 'node:path';
import { readPlanText } from '../data/plan-file.ts';
import { loadProject, type ResolvedProject } from '../docker/project/project.ts';
import { readProjectFiles } from '../docker/project-files/read-project-files.ts';
import type { ResolvedRun } from '../model/activities.ts';
import { PacelineError } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import type { RunRef, SourceFacts } from '../model/run.ts';
import type { Variant } from '../model/variant.ts';
import { laneShape, type Lanes } from '../plan/lanes.ts';
import { trialOrder } from '../plan/order.ts';
import { applyPlanSet } from '../plan/plan-path.ts';
import { planOfBase } from '../plan/side-plan.ts';
import { namesScenarios, PLAN_FILES, parsePlanInput } from '../plan/parse.ts';
import { resolvePlan as complete } from '../plan/resolve.ts';
import { activity } from './support/attempt.ts';
import { findBaseImages } from './support/find-base-images.ts';
import { tagFor } from './build-images.ts';
import { runOnProject } from './support/command-environment.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { neighbours } from './support/bring-in.ts';
import { loadSourcePlace, type SourcePlace } from './support/source-place.ts';
import { loadWorkspace, saveWorkspace, type Workspace } from './support/workspace.ts';

/** Once, and twice more after a loss: a host that loses three tries of one trial in a row is not fit to measure. */
const MAX_TRIES = 3;

/** Decides everything that the run needs to know about plan and project, and stores it in the run's folder. */
export const resolvePlan: Make<'resolvePlan'> = (deps) =>
  activity({ phase: 'preparing' }, async ({ run, plan: input, side }, { signal }) => {
    const { source } = await deps.store.loadFacts(run);
    if (source === null) throw new Error(`run ${run.runId} has no source yet`);
    const like = side?.like ? await loadWorkspace(deps.dataDirectory, side.like) : null;
    const place = await loadSourcePlace(deps.dataDirectory, run, source);
    const chosen = like === null ? await planOf(source, place, input, side?.set) : planLike(like, side?.set, place);
    const plan = ofSide(chosen.plan, side !== undefined);
    // Also a project that cannot be measured has its name and scenarios in the result.
    await deps.store.setPlan(run, { plan, service: plan.service, project: plan.project, standIns: [] });
    const project = await projectOf(deps, source, place, plan, signal);
    await deps.store.setProjectFiles(run, await readProjectFiles(project));
    const images = await findBaseImages(deps, project, signal);
    const [missing] = images.missing;
    if (missing !== undefined) throw new PacelineError(missing);
    const { shape, lanes, reason } = lanesOf(deps, plan, project);
    const workspace: Workspace = {
      plan,
      project,
      sourceDirectory: place.root,
      shape: like !== null && sameLanes(like.plan, plan) ? like.shape : shape,
      standIns: images.use,
      frontends: images.frontends,
      tags: { ...serviceStandIns(project, images.use), ...buildTags(run, project) },
      maxTries: MAX_TRIES,
      ...(chosen.scenarios === undefined ? {} : { scenarios: chosen.scenarios }),
      ...(side === undefined || chosen.head === undefined ? {} : { head: chosen.head }),
    };
    await saveWorkspace(deps.dataDirectory, run, workspace);
    await deps.store.setPlan(run, { plan, service: project.service, project: plan.project, standIns: images.use });
    await deps.store.addNotes(run, [
      ...project.notes,
      ...project.isolation.notes,
      // Scenarios that are yet to be fitted to the image may have other lanes.
      ...(workspace.scenarios === 'byDefault' ? [] : laneNotes(project, lanes, reason)),
    ]);
    return resolved(deps, workspace, lanes);
  });

/** What a trial of the plan has to itself on this host. @throws PacelineError WrongUsage */
export function lanesOf({ capacity, endpoint }: ActivityDeps, plan: Plan, project: ResolvedProject): Lanes {
  return laneShape(plan, {
    hostCpus: capacity.cpuCount,
    hostMemoryBytes: capacity.memoryBytes,
    hasServices: project.services.length > 0,
    isolable: project.isolation.oneLane.length === 0,
    local: endpoint.local,
  });
}

/** The images of a side are built once, from the user's own cache. Builds that are compared are repeated as separate samples. */
function ofSide(plan: Plan, isSide: boolean): Plan {
  return isSide ? { ...plan, build: { ...plan.build, modes: ['warm'] } } : plan;
}

type Chosen = Pick<Workspace, 'plan' | 'scenarios' | 'head'>;

/** The input's plan wins; else the project's own file at this commit, so that a schedule never freezes thresholds. */
async function planOf(
  { directory }: SourceFacts,
  { projectName: folderName }: SourcePlace,
  input: unknown,
  set: Variant['set'],
): Promise<Chosen> {
  const written = input ?? (await writtenIn(directory));
  const changed = set === undefined ? written : applyPlanSet(written, set);
  return {
    plan: complete(changed, { folderName }),
    ...(namesScenarios(changed) ? {} : { scenarios: 'byDefault' }),
    head: { written, ...(set === undefined ? {} : { set }) },
  };
}

async function writtenIn(directory: string): Promise<unknown> {
  for (const file of PLAN_FILES) {
    const text = await readPlanText(join(directory, file), file);
    if (text !== null) return parsePlanInput(text, { file });
  }
  return {};
}

function planLike(
  { plan, scenarios, head = { written: {} } }: Workspace,
  set: Variant['set'],
  { projectName: folderName }: SourcePlace,
): Chosen {
  return {
    plan: planOfBase({ ...head, plan }, set, { folderName }),
    ...(scenarios === undefined ? {} : { scenarios }),
  };
}

/** Sides are measured in lanes of one shape, unless a plan override asks for others. */
function sameLanes(one: Plan, other: Plan): boolean {
  return JSON.stringify(one.lanes) === JSON.stringify(other.lanes);
}

async function projectOf(
  deps: ActivityDeps,
  source: SourceFacts,
  place: SourcePlace,
  plan: Plan,
  signal: AbortSignal,
): Promise<ResolvedProject> {
  const { compose, dockerfile, service } = plan;
  const { root, originalDirectory, asItIs } = place;
  return loadProject({
    directory: source.directory,
    origin: source.origin,
    compose,
    dockerfile,
    service,
    root,
    ...(originalDirectory === null ? {} : { originalDirectory }),
    ...(originalDirectory === null || !asItIs
      ? {}
      : { bringIn: await neighbours({ root, directory: source.directory, originalDirectory }, deps, signal) }),
    run: runOnProject(deps, signal),
  });
}

function buildTags(run: RunRef, { builds }: ResolvedProject): Record<string, string> {
  return Object.fromEntries(builds.flatMap((build) => build.services.map((service) => [service, tagFor(run, build)])));
}

function serviceStandIns({ images }: ResolvedProject, use: Workspace['standIns']): Record<string, string> {
  const pairs = images.flatMap(({ service, image }) =>
    use.filter((standIn) => standIn.image === image).map(({ standIn }) => [service, standIn]),
  );
  return Object.fromEntries(pairs);
}

export function laneNotes({ isolation }: ResolvedProject, lanes: number, reason: string | null): string[] {
  if (lanes > 1) return [];
  return [
    ...isolation.oneLane.map((why) => `Trials run one after another: ${why}`),
    ...(reason === null ? [] : [reason]),
  ];
}

/** @param lanes how many trials run at the same time */
export async function resolved(
  { store }: ActivityDeps,
  { plan, project, maxTries, scenarios }: Workspace,
  lanes: number,
): Promise<ResolvedRun> {
  const expectedSeconds = lanes > 1 ? await store.lastSeconds(plan.project) : {};
  return {
    plan,
    service: project.service,
    services: project.services,
    builds: project.builds.length > 0,
    lanes,
    trials: trialOrder(plan, { lanes, expectedSeconds }),
    maxTries,
    ...(scenarios === undefined ? {} : { scenarios }),
  };
}
