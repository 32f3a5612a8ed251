/** Why a step of a build missed the cache: as the cache ledger has it, else from what was written for the build. */
import type { MissInput } from '../../../model/cause.ts';
import { sourcesOf, takes } from '../../../model/copy-sources.ts';
import type { Place } from '../../../model/project-files.ts';
import { cacheLedger, imageName, type LedgerStep } from '../../ledger/ledger.ts';
import { placeOf } from '../../place-of.ts';
import { MOST_FILES } from '../inputs.ts';
import type { Image } from './image.ts';

export interface FirstMiss {
  /** As BuildKit writes it. */
  readonly step: string;
  readonly input: MissInput;
  readonly place: Place | null;
}

/**
 * The miss from which that of a step follows, with its input: against the build before it in its own run, or against the base where it
 * was the first of its run.
 * @param missed as BuildKit writes it
 */
export function firstMissBehind(image: Image, missed: string): FirstMiss {
  const known = ofLedger(image, missed);
  const step = known?.name ?? image.profiles.head.firstMiss ?? missed;
  const place =
    known?.place ?? placeOf(image.runs.head.projectFiles, { kind: 'buildStep', service: image.service, step });
  const input = known?.input ?? { kind: 'unknown' };
  return { step, input: input.kind === 'unknown' ? ofWrittenFiles(image, step) : input, place };
}

/** null for builds of older versions, whose steps are not all known. */
function ofLedger({ runs, images, mode }: Image, missed: string): LedgerStep | null {
  const name = imageName(images.head);
  const build = cacheLedger([runs.base, runs.head]).findLast((entry) => entry.mode === mode && entry.image === name);
  const find = (step: string) => build?.steps.find((each) => each.name === step) ?? null;
  let found = find(missed);
  while (found?.input?.kind === 'earlierStep') {
    const earlier = find(found.input.step);
    if (earlier === null) break;
    found = earlier;
  }
  return found;
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

/** Sources in the build context, of a step as BuildKit writes it; none where it copies nothing from there. */
export function copiedBy(step: string): readonly string[] {
  const [, flags = '', words] = /^\[[^\]]*\] (?:COPY|ADD) ((?:--\S+ )*)(.*)$/s.exec(step) ?? [];
  return words === undefined || flags.includes('--from=') ? [] : sourcesOf(words);
}
