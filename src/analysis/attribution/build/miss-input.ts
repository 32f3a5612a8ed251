/** Why a step of a build missed the cache: as the cache ledger has it, else from what was written for the build. */
import type { MissInput } from '../../../model/cause.ts';
import { sourcesOf, takes } from '../../../model/copy-sources.ts';
import type { Place } from '../../../model/project-files.ts';
import { cacheLedger, imageName } from '../../ledger/ledger.ts';
import { placeOf } from '../../place-of.ts';
import { MOST_FILES } from '../inputs.ts';
import type { Image } from './image.ts';

export interface MissedStep {
  readonly input: MissInput;
  readonly place: Place | null;
}

/**
 * Against the build before it in its own run, or against the base where it was the first of its run.
 * @param step as BuildKit writes it
 */
export function missedStep(image: Image, step: string): MissedStep {
  const known = ofLedger(image, step);
  const place =
    known?.place ?? placeOf(image.runs.head.projectFiles, { kind: 'buildStep', service: image.service, step });
  const input = known?.input ?? { kind: 'unknown' };
  return { input: input.kind === 'unknown' ? ofWrittenFiles(image, step) : input, place };
}

/** null for builds of older versions, whose steps are not all known. */
function ofLedger({ runs, images, mode }: Image, step: string) {
  const name = imageName(images.head);
  const build = cacheLedger([runs.base, runs.head]).findLast((entry) => entry.mode === mode && entry.image === name);
  return build?.steps.find((each) => each.name === step) ?? null;
}

/** Where the inputs of the builds are not known: the files that were changed for this build, if the step copies them. */
function ofWrittenFiles({ builds, profiles }: Image, step: string): MissInput {
  const { change } = builds.head;
  const written = [...(change?.kind === 'changed' ? [change.file] : []), ...(profiles.head.context?.changed ?? [])];
  const sources = copiedBy(step);
  const files = [...new Set(written)].filter((file) => sources.some((source) => takes(source, file)));
  if (files.length === 0) return { kind: 'unknown' };
  return { kind: 'files', files: files.slice(0, MOST_FILES), more: Math.max(0, files.length - MOST_FILES) };
}

/** Sources in the build context. */
function copiedBy(step: string): readonly string[] {
  const [, flags = '', words] = /^\[[^\]]*\] (?:COPY|ADD) ((?:--\S+ )*)(.*)$/s.exec(step) ?? [];
  return words === undefined || flags.includes('--from=') ? [] : sourcesOf(words);
}
