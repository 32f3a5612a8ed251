/** Why a step of a build missed the cache: the input that changed since an earlier build. Pure. */
import type { MissInput } from '../../model/cause.ts';
import type { BuildProfile, StepState } from '../../model/profile/build-profile.ts';
import type { DockerfileFacts } from '../../model/project-files.ts';
import { changedInput, instructionOf, type ReadBuild } from './changed-input.ts';
import { type Instruction, instructionsOf } from './instructions.ts';

/** One build, with the Dockerfile as its run read it. */
export interface ExplainedBuild {
  readonly profile: Pick<BuildProfile, 'allSteps' | 'inputs'>;
  readonly dockerfile: DockerfileFacts | null;
  /** It was asked not to use the cache. */
  readonly noCache: boolean;
}

export interface Miss {
  readonly step: StepState;
  readonly instruction: Instruction | null;
  readonly input: MissInput;
}

/**
 * Each step that missed, in the order in which they began. Those that only follow another miss name it.
 * @param before the build whose layers this one could have used; null if none is known
 */
export function explainMisses(before: ExplainedBuild | null, after: ExplainedBuild): readonly Miss[] {
  const steps = after.profile.allSteps ?? [];
  const missed = steps.filter(isMiss).toSorted((a, b) => (a.startSeconds ?? 0) - (b.startSeconds ?? 0));
  const now = readBuild(after);
  const was = before === null ? null : readBuild(before);
  return missed.map((step) => {
    const instruction = now === null ? null : instructionOf(step, now);
    return { step, instruction, input: inputOf(step, instruction, { steps, now, was, noCache: after.noCache }) };
  });
}

/** FROM does no work that could be saved, and what never began was not needed. */
export function isMiss({ name, cached, startSeconds }: StepState): boolean {
  return !cached && startSeconds !== null && !/^\[[^\]]*\] FROM /.test(name);
}

function readBuild({ profile, dockerfile }: ExplainedBuild): ReadBuild | null {
  const { inputs, allSteps: steps = [] } = profile;
  if (inputs === undefined || dockerfile === null) return null;
  return { inputs, dockerfile, instructions: instructionsOf(dockerfile, inputs), steps };
}

interface Given {
  readonly steps: readonly StepState[];
  readonly now: ReadBuild | null;
  readonly was: ReadBuild | null;
  readonly noCache: boolean;
}

function inputOf(step: StepState, instruction: Instruction | null, { steps, now, was, noCache }: Given): MissInput {
  if (noCache) return { kind: 'noCache' };
  const earlier = step.after.map((index) => steps[index]).find((each) => each !== undefined && isMiss(each));
  if (earlier !== undefined) return { kind: 'earlierStep', step: earlier.name };
  if (now === null || was === null || instruction?.digest == null) return { kind: 'unknown' };
  return changedInput({ instruction, now, was });
}
