/** The rows of the board, and the description of each when it ends. */
import type { ResolvedRun, TrialSummary } from '../model/activities.ts';
import type { Plan, Scenario, TrialSpec } from '../model/plan.ts';
import type { Step } from '../model/progress.ts';
import type { PartVerdict } from '../model/result.ts';
import type { BuildFacts, StartupFacts } from '../model/run.ts';
import type { TestCounts } from '../model/test-counts.ts';
import { pendingStep } from './board.ts';

type StepEnd = Pick<Step, 'seconds' | 'verdict' | 'note'>;

/** The row of `fitScenarios`. */
export const FITTING = { id: 'prepare:scenarios', title: 'Scenarios' } as const;

/** @param options.fitting the trials are not known yet */
export function stepsOf({ plan, builds, services, trials }: ResolvedRun, options = { fitting: false }): Step[] {
  return [
    ...(builds
      ? plan.build.modes.map((mode) =>
          pendingStep(`build:${mode}`, `Build (${mode})`, mode === 'cold' ? plan.build.targetSeconds : null),
        )
      : []),
    ...(options.fitting ? [pendingStep(FITTING.id, FITTING.title)] : []),
    ...(services.length > 0 ? [pendingStep('startup', 'Start services', plan.startup.targetSeconds)] : []),
    ...(options.fitting ? [] : trials).map((spec) =>
      pendingStep(trialStepId(spec), trialTitle(plan, spec), scenarioOf(plan, spec).targetSeconds),
    ),
  ];
}

/** "4 scenarios", "1 scenario, 3 default ones left out"; "default scenarios" where it is not known yet how many can run. */
export function scenariosNote({ plan, scenarios }: ResolvedRun): string {
  if (scenarios === 'byDefault') return 'default scenarios';
  const { length } = plan.scenarios;
  const leftOut = plan.leftOut?.scenarios.length ?? 0;
  const note = `${length} ${length === 1 ? 'scenario' : 'scenarios'}`;
  return leftOut === 0 ? note : `${note}, ${leftOut} default ${leftOut === 1 ? 'one' : 'ones'} left out`;
}

export function trialStepId({ scenarioId, trial }: TrialSpec): string {
  return `trial:${scenarioId}:${trial}`;
}

/** "Full Test Suite", with the trial's number where there are several. */
export function trialTitle(plan: Plan, spec: TrialSpec): string {
  const { name } = scenarioOf(plan, spec);
  if (spec.kind === 'warmup') return `${name} (warm-up ${spec.trial})`;
  // A plain run has one trial of each scenario, and a further one only after a disturbance.
  const { repeat, warmup } = plan.trials;
  const first = warmup + 1;
  if (repeat === 1 && spec.trial > first) return `${name}, again, since other programs disturbed trial ${first}`;
  return repeat + warmup > 1 ? `${name} (${spec.trial})` : name;
}

export function describeBuild({ mode, images, change }: BuildFacts, plan: Plan): StepEnd {
  if (change?.kind === 'none' || change?.kind === 'failed')
    return { seconds: null, verdict: 'notMeasured', note: change.reason };
  const seconds = sum(images.map((image) => image.seconds));
  const total = sum(images.map((image) => image.steps.total));
  const cached = sum(images.map((image) => image.steps.cached));
  const target = mode === 'cold' ? plan.build.targetSeconds : null;
  return { seconds, verdict: partVerdict(seconds, target), note: `${cached} of ${total} steps cached` };
}

export function describeStartup({ seconds, services }: StartupFacts, plan: Plan): StepEnd {
  return {
    seconds,
    verdict: partVerdict(seconds, plan.startup.targetSeconds),
    note: services.map(({ service }) => service).join(', '),
  };
}

export function describeTrial(summary: TrialSummary, scenario: Scenario): StepEnd {
  const { outcome, seconds, tests, reason } = summary;
  if (outcome === 'passed')
    return { seconds, verdict: partVerdict(seconds, scenario.targetSeconds), note: tests && countsText(tests) };
  const infrastructure = outcome === 'infrastructure' || outcome === 'commandNotFound' || outcome === 'lost';
  return { seconds, verdict: infrastructure ? 'error' : 'failed', note: reason };
}

function scenarioOf(plan: Plan, { scenarioId }: TrialSpec): Scenario {
  const scenario = plan.scenarios.find(({ id }) => id === scenarioId);
  if (scenario === undefined) throw new Error(`trial of unknown scenario ${scenarioId}`);
  return scenario;
}

function partVerdict(seconds: number | null, target: number | null): PartVerdict {
  if (seconds === null) return 'notMeasured';
  return target === null || seconds < target ? 'pass' : 'missed';
}

function countsText({ passed, failed, skipped, errors }: TestCounts): string {
  const parts: [number, string][] = [
    [passed, 'passed'],
    [failed, 'failed'],
    [errors, 'errors'],
    [skipped, 'skipped'],
  ];
  return parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(', ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
