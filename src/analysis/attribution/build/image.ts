/** One image that both sides build, and what a pair of its steps adds to the build. */
import type { CauseEvidence } from '../../../model/cause.ts';
import type { BuildMode } from '../../../model/plan.ts';
import type { BuildProfile } from '../../../model/profile/build-profile.ts';
import type { BuildFacts, ImageBuild, RunFacts } from '../../../model/run.ts';
import { changedInstruction } from '../changed-files.ts';
import type { Sides } from '../part.ts';
import type { StepPair } from './steps.ts';

export interface Image {
  readonly runs: Sides<RunFacts>;
  readonly builds: Sides<BuildFacts>;
  readonly images: Sides<ImageBuild>;
  readonly profiles: Sides<BuildProfile>;
  readonly service: string;
  readonly mode: BuildMode;
}

/** What the build waited longer for it than on the other side. */
export function growthOf({ base, head }: StepPair): number {
  return criticalSeconds(head) - criticalSeconds(base);
}

function criticalSeconds(step: StepPair['base']): number {
  return step?.critical === true ? step.seconds : 0;
}

/** Whether it is BuildKit's own: no instruction of the Dockerfile is behind it. */
export function isInternal({ base, head }: StepPair): boolean {
  return (head ?? base)?.keyword === null;
}

/** null where the instruction is the same on both sides, or not known. */
export function instructionOfPair({ runs, service }: Image, { base, head }: StepPair) {
  return changedInstruction(runs, service, { base: base?.written ?? null, head: head?.written ?? null });
}

/** Smaller differences of the image are of times and names in it. */
const NOTICEABLE_BYTES = 1e6;

export function bytesOf({ images: { base, head } }: Image): CauseEvidence[] {
  if (base.imageBytes === null || head.imageBytes === null) return [];
  if (Math.abs(head.imageBytes - base.imageBytes) < NOTICEABLE_BYTES) return [];
  return [{ kind: 'imageBytes', base: base.imageBytes, head: head.imageBytes }];
}
