/** Steps that the cache had on one side only: one cause, named by the first step that missed, not by what came after it. */
import { type Part, sum } from '../part.ts';
import { growthOf, type Image, instructionOfPair, isInternal } from './image.ts';
import { firstMissBehind } from './miss-input.ts';
import { EXPORT, type StepPair } from './steps.ts';

/** @returns null in a cold build, which asks no cache, and where nothing more missed it */
export function cacheMissPart(
  image: Image,
  pairs: readonly StepPair[],
): { readonly part: Part; readonly steps: ReadonlySet<StepPair> } | null {
  if (image.mode === 'cold') return null;
  const missed = pairs.filter((pair) => isMissed(image, pair));
  if (missed.length === 0) return null;
  // The export takes longer for layers that were built again.
  const own = [...missed, ...pairs.filter(({ head }) => head?.name === EXPORT)];
  const seconds = sum(own.map(growthOf));
  if (seconds <= 0) return null;
  const largest = missed.toSorted((a, b) => growthOf(b) - growthOf(a))[0]!;
  const { step: written, input, place } = firstMissBehind(image, largest.head!.written);
  const step = written.replace(/^\[(?:([^\]]*?) )?\d+\/\d+\] /, '');
  const first = pairs.find(({ head }) => head?.written === written);
  const changed = first === undefined ? null : instructionOfPair(image, first);
  const part: Part = {
    class: 'cacheMiss',
    name: step,
    baseSeconds: sum(own.map(({ base }) => base?.seconds ?? 0)),
    headSeconds: sum(own.map(({ head }) => head?.seconds ?? 0)),
    seconds,
    evidence: [{ kind: 'firstMiss', step, input, place }, ...(changed === null ? [] : [changed])],
  };
  return { part, steps: new Set(own) };
}

/** The head ran it. The base had it in its cache, or does not list it, since only steps that ran are listed in older profiles. */
function isMissed({ profiles }: Image, pair: StepPair): boolean {
  const { base, head } = pair;
  if (head === null || head.cached || head.seconds === 0 || isInternal(pair)) return false;
  return base === null ? profiles.base.allSteps === undefined : base.cached;
}
