/** What made a build longer: step by step, as far as the steps were on its critical path. */
import type { BuildMode } from '../../../model/plan.ts';
import type { BuildProfile } from '../../../model/profile/build-profile.ts';
import type { BuildFacts, ImageBuild, RunFacts } from '../../../model/run.ts';
import { type Part, type Sides, sum } from '../part.ts';
import { baseImageOf } from './base-image.ts';
import { cacheMissPart } from './cache-miss.ts';
import { growthOf, type Image } from './image.ts';
import { stepPart } from './step-part.ts';
import { CONTEXT, EXPORT, pairSteps, stepsOf, type StepPair } from './steps.ts';

/** Images are built one after the other, so the figure is the sum of theirs. null where no image has a profile. */
export function buildParts(runs: Sides<RunFacts>, mode: BuildMode): Part[] | null {
  const [base, head] = [buildOf(runs.base, mode), buildOf(runs.head, mode)];
  if (base === null || head === null) return null;
  const known = head.images.map((image) => ({ head: image, base: partner(image, base.images) }));
  if (known.every(({ base: before, head: now }) => before?.profile == null || now.profile === null)) return null;
  return known.flatMap(({ base: before, head: now }) => {
    if (before === null) return [newImage(now)];
    if (before.profile === null || now.profile === null) return [];
    return imageParts({
      runs,
      builds: { base, head },
      images: { base: before, head: now },
      profiles: { base: before.profile, head: now.profile },
      service: now.services[0] ?? '',
      mode,
    });
  });
}

function buildOf({ builds }: RunFacts, mode: BuildMode): BuildFacts | null {
  return builds.find((build) => build.mode === mode) ?? null;
}

function partner({ services }: ImageBuild, others: readonly ImageBuild[]): ImageBuild | null {
  return others.find((other) => other.services.some((service) => services.includes(service))) ?? null;
}

function newImage({ services, seconds }: ImageBuild): Part {
  const name = `image of ${services.join(', ')}`;
  return { class: 'newStep', name, baseSeconds: null, headSeconds: seconds, seconds, evidence: [] };
}

function imageParts(image: Image): Part[] {
  const pairs = pairSteps(stepsOf(image.profiles.base), stepsOf(image.profiles.head));
  const missed = cacheMissPart(image, pairs);
  const left = pairs.filter((pair) => missed?.steps.has(pair) !== true);
  const base = baseImageOf(image, left);
  const other = base === null ? left : left.filter((pair) => !base.steps.has(pair));
  return [
    ...(missed === null ? [] : [missed.part]),
    ...(base === null ? [] : [base.part]),
    ...contextParts(image, other),
    ...other
      .filter((pair) => !isOfContext(pair, image))
      .map((pair) => stepPart(image, pair))
      .filter((part) => part !== null),
  ];
}

/** From this growth on, the context is another one: smaller differences are of the files that every change touches. */
const MUCH_MORE = 1.2;
const MUCH_BYTES = 10e6;

function hasLargerContext({ profiles: { base, head } }: Image): boolean {
  const grew = (before: number | null | undefined, now: number | null | undefined) =>
    before != null && now != null && now > before * MUCH_MORE && now - before > MUCH_BYTES;
  return grew(base.context?.bytes, head.context?.bytes) || grew(base.contextBytes, head.contextBytes);
}

/** The context itself; where it became much larger, what copies it too. */
function isOfContext(pair: StepPair, image: Image): boolean {
  const step = pair.head ?? pair.base;
  if (step?.name === CONTEXT) return true;
  const copies = step?.keyword === 'COPY' || step?.keyword === 'ADD' || step?.name === EXPORT;
  return copies && pair.base !== null && pair.head !== null && hasLargerContext(image);
}

function contextParts(image: Image, pairs: readonly StepPair[]): Part[] {
  const own = pairs.filter((pair) => isOfContext(pair, image));
  const seconds = sum(own.map(growthOf));
  const { base, head } = image.profiles;
  const bytes = (facts: BuildProfile) => String(facts.contextBytes ?? facts.context?.bytes ?? 'unknown');
  if (seconds <= 0) return [];
  const before = new Map(base.context?.largest.map(({ path, bytes: size }) => [path, size]));
  const grown = (head.context?.largest ?? []).filter(({ path, bytes: size }) => size > (before.get(path) ?? 0) + 1e6);
  return [
    {
      class: 'context',
      name: CONTEXT,
      baseSeconds: sum(own.map((pair) => pair.base?.seconds ?? 0)),
      headSeconds: sum(own.map((pair) => pair.head?.seconds ?? 0)),
      seconds,
      evidence: [
        ...(grown.length === 0
          ? []
          : [{ kind: 'changedFiles' as const, files: grown.map(({ path }) => path).slice(0, 5), more: 0 }]),
        { kind: 'option', name: 'bytes of the context', base: bytes(base), head: bytes(head) },
      ],
    },
  ];
}
