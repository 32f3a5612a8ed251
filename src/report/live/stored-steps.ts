/** The steps of a run as the store knows them: only its worker knows which ones are still to come. */
import type { Plan } from '../../model/plan.ts';
import type { Step } from '../../model/progress.ts';
import type { BuildFacts, RunFacts, StartupFacts, TrialRecord } from '../../model/run.ts';

export function storedSteps({
  builds,
  startup,
  trials,
  plan,
}: Pick<RunFacts, 'builds' | 'startup' | 'trials' | 'plan'>): readonly Step[] {
  return [
    ...builds.map((build) => buildStep(build, plan)),
    ...(startup === null ? [] : [startupStep(startup, plan)]),
    ...trials.map((trial) => trialStep(trial, plan)),
  ];
}

function done(step: Pick<Step, 'id' | 'title' | 'seconds' | 'note' | 'targetSeconds'>): Step {
  return { ...step, state: 'done', startedAtMs: null, verdict: null };
}

function buildStep({ mode, images }: BuildFacts, plan: Plan | null): Step {
  const seconds = images.reduce((total, image) => total + image.seconds, 0);
  const targetSeconds = mode === 'cold' ? (plan?.build.targetSeconds ?? null) : null;
  return done({ id: `build:${mode}`, title: `Build (${mode})`, seconds, note: null, targetSeconds });
}

function startupStep({ seconds, services }: StartupFacts, plan: Plan | null): Step {
  const note = services.map(({ service }) => service).join(', ');
  return done({
    id: 'startup',
    title: 'Start services',
    seconds,
    note,
    targetSeconds: plan?.startup.targetSeconds ?? null,
  });
}

function trialStep(
  { scenarioId, scenarioName, trial, seconds, reason, outcome }: TrialRecord,
  plan: Plan | null,
): Step {
  const targetSeconds = plan?.scenarios.find(({ id }) => id === scenarioId)?.targetSeconds ?? null;
  const step = done({
    id: `trial:${scenarioId}:${trial}`,
    title: `${scenarioName} (${trial})`,
    seconds,
    note: reason,
    targetSeconds,
  });
  return outcome === 'passed' ? step : { ...step, verdict: 'failed' };
}
