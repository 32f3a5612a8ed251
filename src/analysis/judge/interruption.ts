/** Why a phase has no figure, and whether it is the one at which the run stopped. */
import type { FailureType } from '../../model/failure.ts';
import type { PhaseResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';

const PHASES = ['build', 'startup', 'test'] as const;
export type MeasuredPhase = (typeof PHASES)[number];

export const PHASE_WORDS = { build: 'the build', startup: 'the start-up', test: 'the tests' } as const satisfies Record<
  MeasuredPhase,
  string
>;

/** Failures that can only be of one phase. All others belong to the first phase that has no facts, for phases run in order. */
const OWNERS: Partial<Record<FailureType, MeasuredPhase>> = {
  BuildFailed: 'build',
  CommandNotFound: 'test',
  TrialsLost: 'test',
};

/** The reason why a phase has no facts, if it is a reason of the run and not of the plan. */
export function interruption(facts: RunFacts, phase: MeasuredPhase): Pick<PhaseResult, 'reason' | 'verdict'> {
  const [problem] = facts.problems;
  if (problem !== undefined) {
    const stoppedAt = phaseOf(problem.type, facts);
    if (stoppedAt === phase) return { verdict: 'error', reason: problem.what };
    return {
      verdict: 'notMeasured',
      reason: `Not reached: the run ended ${stoppedAt === null ? 'before its first phase' : `at ${PHASE_WORDS[stoppedAt]}`}.`,
    };
  }
  if (facts.cancelled) return { verdict: 'notMeasured', reason: 'Cancelled before it was measured.' };
  return { verdict: 'notMeasured', reason: 'Nothing was stored for it.' };
}

/** Whether the run came to a phase that follows, so that a phase without facts had nothing to measure. */
export function wasPassedBy(facts: RunFacts, phase: MeasuredPhase): boolean {
  return PHASES.slice(PHASES.indexOf(phase) + 1).some((later) => HAS_FACTS[later](facts));
}

function phaseOf(type: FailureType, facts: RunFacts): MeasuredPhase | null {
  if (facts.plan === null) return null;
  return OWNERS[type] ?? PHASES.find((phase) => !HAS_FACTS[phase](facts) && !wasPassedBy(facts, phase)) ?? null;
}

const HAS_FACTS: Readonly<Record<MeasuredPhase, (facts: RunFacts) => boolean>> = {
  build: ({ builds }) => builds.some(({ mode }) => mode === 'cold'),
  startup: ({ startup }) => startup !== null,
  test: ({ trials }) => trials.length > 0,
};
