/** One try of one trial, with everything that follows from its key. */
import { join } from 'node:path';
import type { CgroupPlace } from '../../collectors/cgroup/reading.ts';
import type { TrialContext } from '../../collectors/trial-collector.ts';
import { runFolder, trialFolder } from '../../data/directory.ts';
import { type Labels, labelsFor, trialName } from '../../docker/engine/labels.ts';
import type { BenchmarkActivities } from '../../model/activities.ts';
import type { LaneShape } from '../../model/lanes.ts';
import type { Scenario, TrialSpec } from '../../model/plan.ts';
import type { Lane, RunRef } from '../../model/run.ts';
import type { TrialKey } from '../../store/store.ts';
import { commandEnvironment } from '../support/command-environment.ts';
import type { ActivityDeps } from '../support/deps.ts';
import { loadWorkspace, scenarioOf, type Workspace } from '../support/workspace.ts';

export interface Trial {
  readonly key: TrialKey;
  readonly spec: TrialSpec;
  readonly run: RunRef;
  readonly scenario: Scenario;
  readonly workspace: Workspace;
  readonly shape: LaneShape;
  /** The name of its compose project, of its test container and of its lane; the same for every attempt. */
  readonly name: string;
  readonly folder: string;
  /** Where the commands live that start its services and its tests. */
  readonly upCommand: string;
  readonly runCommand: string;
  readonly commandFolders: readonly string[];
  /** The environment of its commands; it holds the project's secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Its own copy of the source, where that is mounted into a container. */
  readonly sourceCopy: string;
}

export async function openTrial(
  deps: ActivityDeps,
  { run, spec, try: number }: Parameters<BenchmarkActivities['runTrial']>[0],
  signal: AbortSignal,
): Promise<Trial> {
  const { dataDirectory, instance } = deps;
  const workspace = await loadWorkspace(dataDirectory, run);
  const identity = { scenarioId: spec.scenarioId, trial: spec.trial, try: number };
  const name = trialName({ instance, runId: run.runId, ...identity });
  const folder = runFolder(dataDirectory, run.runId);
  const [upCommand, runCommand] = [join(folder, 'commands', `up-${name}`), join(folder, 'commands', `run-${name}`)];
  return {
    key: { run, ...identity },
    spec,
    run,
    scenario: scenarioOf(workspace.plan, spec.scenarioId),
    workspace,
    shape: workspace.shape,
    name,
    folder: trialFolder(dataDirectory, run.runId, identity),
    upCommand,
    runCommand,
    commandFolders: [upCommand, runCommand],
    env: await commandEnvironment(deps, workspace.project, signal),
    sourceCopy: join(folder, 'copies', name),
  };
}

export function labelsOf({ instance }: ActivityDeps, { key, run }: Trial, lane: Lane): Labels {
  return labelsFor({ instance, runId: run.runId, workflowId: run.workflowId, trial: key, lane });
}

/** The control group around all of its containers, or why it has none. */
export function cgroupOf(
  { cgroups }: ActivityDeps,
  { run, name, workspace }: Trial,
): { readonly path: string; readonly place: CgroupPlace } | { readonly notAvailable: string } {
  if (cgroups.notAvailable !== null) return { notAvailable: cgroups.notAvailable };
  const own = Object.entries(workspace.project.model.services).find(([, service]) => 'cgroup_parent' in service)?.[0];
  if (own !== undefined) return { notAvailable: `the compose file names a control group for \`${own}\`` };
  const trial = { runId: run.runId, name };
  return { path: cgroups.pathOf(trial), place: cgroups.placeOf(trial) };
}

/** What collectors are given of it. */
export function contextOf(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal): TrialContext {
  const { engine, endpoint, host } = deps;
  return {
    engine,
    endpoint,
    commandEnv: trial.env,
    project: trial.workspace.project,
    name: trial.name,
    folder: trial.folder,
    resultsFolder: endpoint.local ? join(trial.folder, 'results') : null,
    lane,
    hostCores: host.fingerprint.key.cores,
    cgroup: cgroupOf(deps, trial),
    representative: isFirst(trial, 'measured'),
    untimed: isFirst(trial, 'warmup'),
    signal,
  };
}

/** Whether it is the primary scenario's first of its kind. Warm-ups come first and are counted with the rest. */
function isFirst({ spec, scenario, workspace }: Trial, kind: TrialSpec['kind']): boolean {
  const first = kind === 'warmup' ? 1 : workspace.plan.trials.warmup + 1;
  return scenario.primary && spec.kind === kind && spec.trial === first;
}
