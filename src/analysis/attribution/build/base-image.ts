/** A changed base image: its own step, and the unchanged steps on top of it that became slower. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { type Part, sum } from '../part.ts';
import { changedInstruction } from '../changed-files.ts';
import { placeOf } from '../../place-of.ts';
import { bytesOf, growthOf, type Image, instructionOfPair, isInternal } from './image.ts';
import { EXPORT, METADATA, type Step, type StepPair } from './steps.ts';

/** @returns null if no base image changed, or if that did not take longer */
export function baseImageOf(
  image: Image,
  pairs: readonly StepPair[],
): { readonly part: Part; readonly steps: ReadonlySet<StepPair> } | null {
  const changed = changedFrom(image, pairs);
  const from = pairs.filter((pair) => isFrom(pair) || (pair.head ?? pair.base)?.name === METADATA);
  const own = changed === null ? from : [...from, ...pairs.filter((pair) => isOnTop(image, pair))];
  const seconds = sum(own.map(growthOf));
  if (seconds <= 0) return null;
  const name = nameOf(changed, own);
  const part: Part = {
    class: 'baseImage',
    name,
    baseSeconds: sum(own.map(({ base }) => base?.seconds ?? 0)),
    headSeconds: sum(own.map(({ head }) => head?.seconds ?? 0)),
    seconds,
    evidence: [...(changed === null ? [] : [changed]), ...bytesOf(image)],
  };
  return { part, steps: new Set(own) };
}

function isFrom({ base, head }: StepPair): boolean {
  return (head ?? base)?.keyword === 'FROM';
}

/** On top of another base image, an unchanged step does other work; so does what the image itself adds, and the export. */
function isOnTop(image: Image, pair: StepPair): boolean {
  if ((pair.head ?? pair.base)?.name === EXPORT) return true;
  if (isInternal(pair) || isFrom(pair)) return false;
  if (pair.base === null) return isNowhere(image, pair);
  return pair.head !== null && instructionOfPair(image, pair) === null;
}

/** A step that no instruction of the Dockerfile is behind: the image's own ONBUILD. */
function isNowhere({ runs, service }: Image, { head }: StepPair): boolean {
  const { projectFiles } = runs.head;
  return (
    projectFiles != null && placeOf(projectFiles, { kind: 'buildStep', service, step: head?.written ?? '' }) === null
  );
}

/** The FROM of the last stage that has a step, or of any other. */
function changedFrom(
  image: Image,
  pairs: readonly StepPair[],
): Extract<CauseEvidence, { kind: 'changedInstruction' }> | null {
  const stages = new Map<string, { base: string | null; head: string | null }>();
  for (const { base, head } of pairs) {
    const stage = (head ?? base)?.stage ?? '';
    const known = stages.get(stage) ?? { base: null, head: null };
    stages.set(stage, { base: known.base ?? fromOf(base), head: known.head ?? fromOf(head) });
  }
  const changed = [...stages.values()]
    .filter(({ base, head }) => base !== null && head !== null)
    .map((steps) => changedInstruction(image.runs, image.service, steps));
  return changed.find((each) => each !== null) ?? changedDigest(image);
}

/** The name of the FROM of a step's own stage, by which its place is found. */
function fromOf(step: Step | null): string | null {
  const [, stage = '', total] = /^\[(?:([^\]]*?) )?\d+\/(\d+)\]/.exec(step?.written ?? '') ?? [];
  return total === undefined ? null : `[${stage === '' ? '' : `${stage} `}1/${total}] FROM`;
}

/** The same name stood for another image. */
function changedDigest({
  profiles: { base, head },
}: Image): Extract<CauseEvidence, { kind: 'changedInstruction' }> | null {
  const before = new Map(base.inputs?.images);
  const other = head.inputs?.images.find(([name, digest]) => before.has(name) && before.get(name) !== digest);
  if (other === undefined) return null;
  const text = (digest: string | null | undefined) => `FROM ${other[0]}${digest == null ? '' : ` (${digest})`}`;
  return { kind: 'changedInstruction', place: null, base: text(before.get(other[0])), head: text(other[1]) };
}

function nameOf(changed: ReturnType<typeof changedFrom>, own: readonly StepPair[]): string {
  const written = own.find(isFrom)?.head?.written ?? '';
  const text = changed?.head ?? /FROM .*$/.exec(written)?.[0] ?? 'FROM';
  return text
    .replace(/^FROM (?:--platform=\S+ )?/, '')
    .replace(/@sha256:[0-9a-f]+/, '')
    .split(' ')[0]!;
}
