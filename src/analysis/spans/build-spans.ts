/** A build: its waits, its images, and their steps. */
import type { BuildProfile } from '../../model/profile/build-profile.ts';
import type { BuildFacts, ImageBuild } from '../../model/run.ts';
import type { Span } from '../../model/span.ts';
import { between, distinct, type Interval, spanOf, withGaps } from './tree.ts';
import { partInterval, partSpan, type Since, stageInterval } from './stage.ts';

/**
 * @param assumedFrom where it is put if it is not known when it ran, as in facts of older versions
 * @returns null for a build that made nothing
 */
export function buildSpan(build: BuildFacts, since: Since, assumedFrom: number): Span | null {
  const { mode, images, times } = build;
  const total = images.reduce((sum, { seconds }) => sum + seconds, 0);
  if (times === undefined && images.length === 0) return null;
  const stage = times === undefined ? between(assumedFrom, assumedFrom + total) : stageInterval(times, since);
  const children = times === undefined ? inARow(images, stage) : ofParts(build, stage);
  return spanOf(`build.${mode}`, 'build', stage, {
    name: `build (${mode})`,
    attributes: { mode, ...(times === undefined ? { placed: 'assumed' } : {}) },
    children: withGaps(children, stage, (_, next) => (next === null ? 'stores what was built' : `up to: ${next.name}`)),
  });
}

function inARow(images: readonly ImageBuild[], { fromSeconds }: Interval): readonly Span[] {
  let from = fromSeconds;
  return images.map((image) => {
    const interval = between(from, from + image.seconds);
    from = interval.toSeconds;
    return imageSpan(image.services[0] ?? image.tag, image, interval);
  });
}

/** Images are built in the order in which they are stored. */
function ofParts({ times, images }: BuildFacts, stage: Interval): readonly Span[] {
  let built = 0;
  return (times?.parts ?? []).map((part) => {
    if (part.kind !== 'build') return partSpan(part, stage);
    const image = images[built++];
    const interval = partInterval(part, stage);
    const name = part.name ?? image?.services[0] ?? 'image';
    return image === undefined ? spanOf(name, 'image', interval) : imageSpan(name, image, interval);
  });
}

/** What the builder did comes first; after it, Paceline looks at the image. */
function imageSpan(name: string, { seconds, steps, profile, imageBytes }: ImageBuild, interval: Interval): Span {
  const built = between(interval.fromSeconds, Math.min(interval.toSeconds, interval.fromSeconds + seconds));
  const work = profile === null ? [] : workOf(profile, built);
  const atEnd = built.toSeconds - 1e-6;
  return spanOf(name, 'image', interval, {
    attributes: {
      steps: steps.total,
      cachedSteps: steps.cached,
      ...(imageBytes === null ? {} : { imageBytes }),
    },
    children: withGaps(work, interval, (before, next) =>
      next === null && (before?.toSeconds ?? 0) >= atEnd
        ? 'starts the builder and reads the image'
        : 'builder: base images, cache and scheduling',
    ),
  });
}

function workOf(profile: BuildProfile, built: Interval): readonly Span[] {
  const steps = stepSpans(profile, built);
  const firstStart = steps.reduce((first, { fromSeconds }) => Math.min(first, fromSeconds), built.toSeconds);
  const { contextSeconds, contextBytes, exportSeconds } = profile;
  return [
    ...(contextSeconds === null || contextSeconds === 0
      ? []
      : [
          spanOf('context', 'context', between(Math.max(built.fromSeconds, firstStart - contextSeconds), firstStart), {
            name: 'sends the build context',
            attributes: { seconds: contextSeconds, ...(contextBytes === null ? {} : { contextBytes }) },
          }),
        ]),
    ...steps,
    ...(exportSeconds === null || exportSeconds === 0
      ? []
      : [
          spanOf(
            'export',
            'export',
            between(Math.max(built.fromSeconds, built.toSeconds - exportSeconds), built.toSeconds),
            { name: 'exports the image' },
          ),
        ]),
  ];
}

function stepSpans({ allSteps, steps }: BuildProfile, built: Interval): readonly Span[] {
  if (allSteps === undefined) return stepsInARow(steps, built);
  const ids = distinct(allSteps.map(({ name }) => `step:${name}`));
  const ran = (index: number) => allSteps[index]?.seconds != null && allSteps[index].startSeconds !== null;
  return allSteps.flatMap(({ name, seconds, startSeconds, after, onCriticalPath, cached }, index) => {
    if (seconds === null || startSeconds === null) return [];
    const from = built.fromSeconds + startSeconds;
    return [
      spanOf(ids[index]!, 'step', between(from, from + seconds), {
        name,
        after: after.filter(ran).map((other) => ids[other]!),
        attributes: { cached, onCriticalPath },
      }),
    ];
  });
}

/** Older versions stored no starts. */
function stepsInARow(steps: BuildProfile['steps'], built: Interval): readonly Span[] {
  let from = built.fromSeconds;
  const ids = distinct(steps.map(({ name }) => `step:${name}`));
  return steps.flatMap(({ name, seconds, ofDockerfile, onCriticalPath }, index) => {
    if (!ofDockerfile) return [];
    const interval = between(from, from + seconds);
    from = interval.toSeconds;
    return [spanOf(ids[index]!, 'step', interval, { name, attributes: { onCriticalPath, placed: 'assumed' } })];
  });
}
