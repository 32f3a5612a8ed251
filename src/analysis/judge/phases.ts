/** The four figures of the seed: build, start-up, tests, and their total. Each is judged against its primary target. */
import type { Plan } from '../../model/plan.ts';
import type { PhaseResult, RunResult, ScenarioResult } from '../../model/result.ts';
import type { BuildFacts, RunFacts } from '../../model/run.ts';
import { targetVerdict } from './target-verdict.ts';
import { interruption, type MeasuredPhase, PHASE_WORDS, wasPassedBy } from './interruption.ts';

export type Phases = RunResult['phases'];

/** All in seconds. A phase without a figure says why, and is never 0. */
export function judgePhases(facts: RunFacts, scenarios: readonly ScenarioResult[]): Phases {
  const build = judgeBuild(facts);
  const startup = judgeStartup(facts);
  const test = judgeTest(facts, scenarios);
  return { build, startup, test, total: judgeTotal(facts.plan, { build, startup, test }) };
}

/** The time of all images of a build: they are built one after the other. */
export function buildSeconds({ images }: BuildFacts): number {
  return images.reduce((sum, image) => sum + image.seconds, 0);
}

function judgeBuild(facts: RunFacts): PhaseResult {
  const target = facts.plan?.build.targetSeconds ?? null;
  const cold = facts.builds.find(({ mode }) => mode === 'cold');
  if (leavesOutCold(facts.plan)) {
    return notApplicable(target, 'Only a cold build is judged, and the plan does not include one (build.modes).');
  }
  if (cold?.images.length === 0 || (cold === undefined && wasPassedBy(facts, 'build'))) {
    return notApplicable(target, 'The project builds no image.');
  }
  if (cold === undefined) return { seconds: null, target, ...interruption(facts, 'build') };
  return measuredPhase(buildSeconds(cold), target);
}

function judgeStartup(facts: RunFacts): PhaseResult {
  const target = facts.plan?.startup.targetSeconds ?? null;
  const { startup } = facts;
  if (startup === null) {
    return wasPassedBy(facts, 'startup') || hasOnlyTests(facts)
      ? noServices(target)
      : { seconds: null, target, ...interruption(facts, 'startup') };
  }
  return startup.seconds === null ? noServices(target) : measuredPhase(startup.seconds, target);
}

/** As the compose files of the project say; false where they are not known as a whole. */
function hasOnlyTests({ projectFiles, service }: RunFacts): boolean {
  const files = projectFiles?.composeFiles ?? [];
  const keys = files.flatMap((file) => file.keys);
  if (
    files.length === 0 ||
    files.some(({ leftOut }) => leftOut > 0) ||
    keys.some(({ path }) => path[0] === 'include')
  ) {
    return false;
  }
  return keys.every(({ path: [section, name] }) => section !== 'services' || name === undefined || name === service);
}

/** The test phase is the primary scenario: its median, its reason, its failures. Only the target is the phase's own. */
function judgeTest(facts: RunFacts, scenarios: readonly ScenarioResult[]): PhaseResult {
  const target = facts.plan?.targets.testSeconds ?? null;
  const primary = scenarios.find((scenario) => scenario.primary);
  if (primary === undefined) return { seconds: null, target, ...interruption(facts, 'test') };
  const { seconds, reason, verdict } = primary;
  if (seconds === null || verdict === 'failed' || verdict === 'error') return { seconds, reason, target, verdict };
  return measuredPhase(seconds, target);
}

/** Absent if a part is. A part that does not apply takes no time. */
function judgeTotal(plan: Plan | null, parts: Omit<Phases, 'total'>): PhaseResult {
  const target = plan?.targets.totalSeconds ?? null;
  if (leavesOutCold(plan))
    return notApplicable(target, 'A total needs a cold build, and the plan does not include one (build.modes).');
  const gap = Object.entries(parts).find(([, { verdict }]) => !['pass', 'missed', 'notApplicable'].includes(verdict));
  if (gap !== undefined) {
    const words = PHASE_WORDS[gap[0] as MeasuredPhase];
    return { seconds: null, target, verdict: 'notMeasured', reason: `No total without ${words}.` };
  }
  const seconds = Object.values(parts).reduce((sum, part) => sum + (part.seconds ?? 0), 0);
  return measuredPhase(seconds, target);
}

function leavesOutCold(plan: Plan | null): boolean {
  return plan !== null && !plan.build.modes.includes('cold');
}

function measuredPhase(seconds: number, target: number | null): PhaseResult {
  return { seconds, reason: null, target, verdict: targetVerdict(seconds, target) };
}

function notApplicable(target: number | null, reason: string): PhaseResult {
  return { seconds: null, reason, target, verdict: 'notApplicable' };
}

function noServices(target: number | null): PhaseResult {
  return notApplicable(target, 'The project has no services next to the test service.');
}
