import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../data/directory.ts';
import { stopAndMeasure, type TearDown } from '../collectors/startup/tear-down.ts';
import { composeFileFor } from '../docker/project/trial-compose-file.ts';
import { setAside } from '../docker/command/detached.ts';
import { labelsFor, phaseName } from '../docker/engine/labels.ts';
import { failedMeasurement, type Measurement, measured, notAvailable } from '../model/measurement.ts';
import type { Lane, RunRef, StartupFacts } from '../model/run.ts';
import { activity } from './support/attempt.ts';
import { commandEnvironment } from './support/command-environment.ts';
import { composeUpAndWait } from './support/compose-up.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { type StageClock, stageClock } from './support/stage-clock.ts';
import { takeDownProject } from './support/take-down.ts';
import { inLane } from './support/in-lane.ts';
import { whenQuiet } from './support/when-quiet.ts';
import { loadWorkspace } from './support/workspace.ts';

/** How much longer than its target a start-up may take before it counts as one that will not come. */
const PATIENCE = { minimumSeconds: 180, timesTarget: 3 };

/**
 * Starts all services next to the tests, with the whole host to themselves, waits until each can be used, stops them as
 * `docker compose down` does, and removes them. The start-up is stored before they are stopped: a worker that dies meanwhile costs the
 * figure of the tear-down alone.
 * A start-up cannot be continued: what an earlier attempt left is removed, and it is measured from the beginning.
 */
export const startServices: Make<'startServices'> = (deps) =>
  activity({ phase: 'waiting' }, async ({ run }, attempt) => {
    const { instance, store, dataDirectory } = deps;
    const project = phaseName({ instance, runId: run.runId, phase: 'startup' });
    return deps.attempts.run(project, attempt.signal, async () => {
      const stored = await store.startup(run);
      const folder = join(runFolder(dataDirectory, run.runId), 'startup');
      const commandFolder = join(runFolder(dataDirectory, run.runId), 'commands', 'startup');
      const undo = () => takeDownProject(deps, project, [commandFolder]);
      if (stored !== null) {
        await undo();
        return stored;
      }
      const clock = stageClock();
      const work = async (lane: Lane) => {
        const workspace = await loadWorkspace(dataDirectory, run);
        const { services } = workspace.project;
        await undo();
        if (existsSync(commandFolder)) await setAside(commandFolder);
        await mkdir(folder, { recursive: true });
        const quiet = () => whenQuiet(deps, { run, lane, what: 'the start-up' }, attempt);
        const disturbed = await clock.part('waitForQuiet', null, quiet);
        attempt.beat({ phase: 'starting', note: services.join(', ') });
        const labels = labelsFor({ instance, runId: run.runId, workflowId: run.workflowId, phase: 'startup' });
        const up = await composeUpAndWait(deps, {
          run,
          project,
          services,
          model: workspace.project.model,
          file: composeFileFor(workspace.project, { tags: workspace.tags, labels, only: services }),
          folder,
          commandFolder,
          env: await commandEnvironment(deps, workspace.project, attempt.signal),
          before: null,
          deadlineSeconds: startupDeadlineSeconds(workspace.plan.startup.targetSeconds),
          attempt,
          clock,
        });
        const facts = await store.saveStartup(run, { ...up, disturbed, times: clock.times() }, measurementsOf(up));
        attempt.beat({ phase: 'stopping' });
        const { model } = workspace.project;
        const tearDown = await clock.part('tearDown', null, () =>
          stopAndMeasure({ engine: deps.engine, project, services, model, signal: attempt.signal }),
        );
        try {
          return await addTearDown(deps, run, facts, tearDown, clock);
        } finally {
          await undo();
        }
      };
      const request = { cpus: 'host', memoryBytes: null, key: project } as const;
      return inLane(deps, run, attempt, { request, work, undo, clock });
    });
  });

async function addTearDown(
  { store }: Pick<ActivityDeps, 'store'>,
  run: RunRef,
  startup: StartupFacts,
  tearDown: TearDown,
  clock: StageClock,
): Promise<StartupFacts> {
  const facts = { ...startup, tearDown: tearDown.kind === 'measured' ? tearDown.facts : null, times: clock.times() };
  await store.saveTearDown(run, facts, [tearDownMeasurement(tearDown)]);
  return facts;
}

function tearDownMeasurement(tearDown: TearDown): Measurement {
  switch (tearDown.kind) {
    case 'measured':
      return measured('teardown.duration', tearDown.facts.seconds, 'engine');
    case 'nothingRan':
      return notAvailable('teardown.duration', 'every service is a one-shot: it does its work and ends', 'engine');
    case 'notMeasured':
      return failedMeasurement('teardown.duration', tearDown.reason, 'engine');
  }
}

export function startupDeadlineSeconds(targetSeconds: number | null): number {
  return Math.max(PATIENCE.minimumSeconds, PATIENCE.timesTarget * (targetSeconds ?? 0));
}

function measurementsOf({ seconds, services }: StartupFacts): Measurement[] {
  const each = services.map(({ service, seconds: own }) =>
    own === null
      ? notAvailable('startup.service.duration', 'it does its work and ends', 'readiness', { service })
      : measured('startup.service.duration', own, 'readiness', { service }),
  );
  return [
    seconds === null
      ? notAvailable('startup.duration', 'every service is a one-shot: it does its work and ends', 'readiness')
      : measured('startup.duration', seconds, 'readiness'),
    ...each,
  ];
}
