/** A single step of a build as a part: new, gone, longer, or the export. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { changedInputFiles, filesEvidence } from '../inputs.ts';
import type { Part } from '../part.ts';
import { placeOf } from '../../place-of.ts';
import { bytesOf, growthOf, type Image, instructionOfPair } from './image.ts';
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
  const { base, head } = image.profiles;
  const files = filesEvidence(changedInputFiles({ base: base.inputs, head: head.inputs }));
  return [...(place === null ? [] : [{ kind: 'place' as const, place }]), ...files];
}
