/** A single step of a build as a part: new, gone, longer, or the export. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { takes } from '../../../model/copy-sources.ts';
import { changedInputFiles, filesEvidence } from '../inputs.ts';
import type { Part } from '../part.ts';
import { placeOf } from '../../place-of.ts';
import { bytesOf, growthOf, type Image, instructionOfPair } from './image.ts';
import { copiedBy } from './miss-input.ts';
import { EXPORT, type StepPair } from './steps.ts';

/** @returns null for a step that did not grow */
export function stepPart(image: Image, pair: StepPair): Part | null {
  const seconds = growthOf(pair);
  const step = pair.head ?? pair.base;
  if (seconds <= 0 || step === null) return null;
  const part = {
    name: step.name,
    baseSeconds: pair.base?.seconds ?? null,
    headSeconds: pair.head?.seconds ?? null,
    seconds,
  };
  if (step.name === EXPORT) return { class: 'export', ...part, evidence: bytesOf(image) };
  return { class: pair.base === null ? 'newStep' : 'step', ...part, evidence: evidenceOf(image, pair) };
}

/** The changed instruction; of an unchanged one its place, and the files that differ and may be its input. */
function evidenceOf(image: Image, pair: StepPair): CauseEvidence[] {
  const changed = instructionOfPair(image, pair);
  if (changed !== null) return [changed];
  const place = placeOf(image.runs.head.projectFiles, {
    kind: 'buildStep',
    service: image.service,
    step: pair.head?.written ?? '',
  });
  const files = filesEvidence(changedFilesBehind(image, pair.head?.written ?? null));
  return [...(place === null ? [] : [{ kind: 'place' as const, place }]), ...files];
}

/** Files that differ and that the step sees: what it copies, or a step that it builds on. Older profiles do not say what that is. */
function changedFilesBehind({ profiles: { base, head } }: Image, step: string | null): readonly string[] | null {
  const files = changedInputFiles({ base: base.inputs, head: head.inputs });
  const steps = head.allSteps ?? [];
  const own = steps.findIndex(({ name }) => name === step);
  if (files === null || own === -1) return files;
  const behind = [own];
  for (const index of behind) behind.push(...steps[index]!.after.filter((other) => !behind.includes(other)));
  const names = behind.flatMap((index) => steps[index]?.name ?? []);
  // A mount shows files that no step copies.
  if (names.some((name) => name.includes('--mount=type=bind'))) return files;
  const sources = names.flatMap((name) => copiedBy(name));
  return files.filter((file) => sources.some((source) => takes(source, file)));
}
