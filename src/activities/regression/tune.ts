/** What `tune` tries, what its rounds say, and its result: the decisions are in Temporal's history, so that a change of them breaks no replay. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { testsOfRun } from '../../analysis/regression/judge-run.ts';
import { testsChange } from '../../analysis/regression/tests-change.ts';
import { median } from '../../analysis/statistics/median.ts';
import { samplesOf } from '../../analysis/statistics/samples.ts';
import { type Figures, nextRound } from '../../analysis/xdist/halving.ts';
import { planFromStored } from '../../analysis/xdist/stored.ts';
import { tunePlan, tuneResult } from '../../analysis/xdist/tune.ts';
import { runFolder } from '../../data/directory.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { Plan, Scenario } from '../../model/plan.ts';
import type { RunRef } from '../../model/run.ts';
import { sideOf } from '../../model/side.ts';
import type { TuneTaken } from '../../model/tune.ts';
import { tuningFiles } from '../../report/files.ts';
import { activity } from '../support/attempt.ts';
import type { ActivityDeps, Make } from '../support/deps.ts';
import { loadWorkspace, writeWhole } from '../support/workspace.ts';
import { factsOf } from './history.ts';
import { evidenceOf } from './measured.ts';

export const tunedScenario: Make<'tunedScenario'> = ({ dataDirectory }) =>
  activity({ phase: 'preparing' }, async ({ run, scenario }) => {
    const { plan } = await loadWorkspace(dataDirectory, run);
    const chosen = chosenScenario(plan, scenario);
    commandOf(chosen);
    return { id: chosen.id, title: chosen.name };
  });

export const storedTuning: Make<'storedTuning'> = ({ store, dataDirectory }) =>
  activity({ phase: 'collecting' }, async ({ run, scenario }) => {
    const { plan } = await loadWorkspace(dataDirectory, run);
    const chosen = chosenScenario(plan, scenario);
    const now = await store.loadFacts(run);
    const runs = await store.listRuns({ project: now.project, finished: true, limit: LOOKED_THROUGH });
    for (const { run: other, kind, commit } of runs) {
      if (kind !== 'benchmark' || commit === null || commit !== now.source?.commit) continue;
      const found = planFromStored(now, await store.loadFacts(other), chosen);
      if (found !== null) return found;
    }
    return null;
  });

/** Newer runs of other commits may come before the one that fits. */
const LOOKED_THROUGH = 50;

export const planTuning: Make<'planTuning'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ run, scenario }) => {
    const { plan } = await loadWorkspace(deps.dataDirectory, run);
    const chosen = chosenScenario(plan, scenario);
    return tunePlan(await deps.store.loadFacts(run), chosen, commandOf(chosen));
  });

export const nextTuning: Make<'nextTuning'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ run, plan, taken }) => {
    const { plan: whole } = await loadWorkspace(deps.dataDirectory, sideOf(run, 'base'));
    const now = await figuresOf(deps, run, plan.scenario, 0, taken);
    const candidates = [];
    for (const candidate of plan.candidates)
      candidates.push({ ...candidate, ...(await figuresOf(deps, run, plan.scenario, candidate.number, taken)) });
    const { regressionRatio } = whole.alerts;
    const step = nextRound({ now: now.measured, candidates, threshold: Math.min(regressionRatio, SMALLEST_GAIN) });
    const samples = samplesOf(now.measured.map(({ value }) => value));
    return { ...step, nowSeconds: samples === null ? null : median(samples), stopped: now.failed };
  });

/** A twentieth of the tests' time is worth a changed number. */
const SMALLEST_GAIN = 0.05;

export const concludeTuning: Make<'concludeTuning'> = ({ store, dataDirectory }) =>
  activity({ phase: 'collecting' }, async (given) => {
    const facts = await factsOf(store, sideOf(given.run, 'base').runId);
    const result = tuneResult({
      ...given,
      project: facts?.plan?.project ?? null,
      notes: [...given.notes, ...(facts?.notes ?? [])],
    });
    const folder = runFolder(dataDirectory, given.run.runId);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(await tuningFiles(result))) await writeWhole(join(folder, name), text);
    return result;
  });

async function figuresOf(
  deps: ActivityDeps,
  run: RunRef,
  scenario: string,
  number: number,
  taken: readonly TuneTaken[],
): Promise<Figures> {
  const side = sideOfCandidate(run, number);
  const own = taken
    .filter(({ candidate, round }) => candidate === number && round > 0)
    .map(({ sample }) => ({ kind: 'rerun' as const, first: 'head' as const, sample }));
  const { reruns, missing } = await evidenceOf(deps, { base: side, head: side }, { phase: 'test', scenario }, own);
  return {
    measured: reruns,
    failed: missing.head,
    tests: number === 0 || own.length === 0 ? null : await testsBetween(deps, run, side, scenario),
  };
}

async function testsBetween({ store }: ActivityDeps, run: RunRef, side: RunRef, scenario: string) {
  const before = testsOfRun(await store.loadFacts(sideOf(run, 'base')), scenario);
  const now = testsOfRun(await store.loadFacts(side), scenario);
  return before === null || now === null ? null : testsChange(before, now);
}

function sideOfCandidate(run: RunRef, number: number): RunRef {
  return number === 0 ? sideOf(run, 'base') : sideOf(run, 'head', { variant: number });
}

function chosenScenario({ scenarios }: Plan, wanted: string | undefined): Scenario {
  const found = scenarios.find(({ name, id, primary }) =>
    wanted === undefined ? primary : wanted === name || wanted === id,
  );
  if (found !== undefined) return found;
  const names = scenarios.map(({ name }) => JSON.stringify(name)).join(', ');
  throw wrongUsage(`The plan has no scenario ${JSON.stringify(wanted)}.`, `It has ${names}.`);
}

function commandOf({ name, command }: Scenario): readonly string[] {
  if (command !== null) return command;
  throw wrongUsage(
    `${name} runs the test service's own command, so Paceline cannot change its workers.`,
    'Give the scenario a command in paceline.yml.',
  );
}
