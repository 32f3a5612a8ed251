/** Builds step by step, as tables for report.md. */
import { figure } from '../analysis/figure.ts';
import type { BuildProfile } from '../model/build-profile.ts';
import type { BuildMode } from '../model/plan.ts';
import type { RunResult } from '../model/result.ts';
import type { BuildFacts, ImageBuild } from '../model/run.ts';
import { NO_FIGURE } from './rows.ts';
import { code, escaped, table } from './text/markdown-text.ts';

/** BuildKit's own steps are told where they take as long as this. */
const WORTH_SECONDS = 0.5;
/** A layer below this is no lever on an image's size. */
const WORTH_BYTES = 1e6;

const MODE_WORDS: Readonly<Record<BuildMode, string>> = {
  cold: 'Cold',
  warm: 'Warm',
  'source-change': 'After a source change',
};

/** Steps of every image in every mode, then what it is made of. */
export function buildTables({ builds }: RunResult): string[] {
  const images = builds.flatMap((build) =>
    build.images.flatMap((image) => (image.profile === null ? [] : modeLines(build, image, image.profile))),
  );
  return [...images, ...layerLines(builds)];
}

function modeLines({ mode, change }: BuildFacts, image: ImageBuild, profile: BuildProfile): string[] {
  const changed = change?.kind === 'changed' ? ` (one comment more in ${code(change.file)})` : '';
  const title = `**${MODE_WORDS[mode]}${changed}: ${escaped(image.services.join(', ') || image.tag)}**, `;
  const figures = [
    figure(image.seconds, 'second'),
    `${image.steps.cached} of ${image.steps.total} steps cached`,
    ...(profile.firstMiss === null || mode === 'cold' ? [] : [`anew from ${code(profile.firstMiss)}`]),
    ...(profile.contextBytes === null
      ? []
      : [`context ${figure(profile.contextBytes, 'byte')} sent in ${shown(profile.contextSeconds)}`]),
    `critical path ${shown(profile.criticalPathSeconds)}`,
    `export ${shown(profile.exportSeconds)}`,
  ];
  return [title + figures.join(', '), '', ...stepTable(profile), ...contextLines(mode, profile), ''];
}

function stepTable({ steps, stepsLeftOut }: BuildProfile): string[] {
  const worked = steps.filter(({ ofDockerfile, seconds }) => ofDockerfile || seconds >= WORTH_SECONDS);
  if (worked.length === 0) return [];
  const rows = worked.map(({ name, seconds, onCriticalPath }) => [
    code(name),
    figure(seconds, 'second'),
    onCriticalPath ? 'yes' : '',
  ]);
  const more = stepsLeftOut === 0 ? [] : ['', `${stepsLeftOut} more were faster.`];
  return [...table('lrl', ['Step', 'Time', 'On the critical path'], rows), ...more, ''];
}

/** Only where it explains something: what a cold build sends, what a warm one found changed, what tools put there. */
function contextLines(mode: BuildMode, { context, firstMiss }: BuildProfile): string[] {
  if (context === null) return [];
  const list = (paths: readonly { readonly path: string; readonly bytes: number }[]) =>
    paths.map(({ path, bytes }) => `${code(path)} (${figure(bytes, 'byte')})`).join(', ');
  return [
    ...(mode === 'cold'
      ? [
          `- The context: ${context.files} files, ${figure(context.bytes, 'byte')}; the largest: ${list(context.largest)}`,
        ]
      : []),
    ...(mode === 'cold' && context.writtenByTools.length > 0
      ? [`- Written by tools, and taken in by whatever copies the context: ${list(context.writtenByTools)}`]
      : []),
    ...(mode === 'warm' && firstMiss !== null && context.changed.length > 0
      ? [`- Changed since the build before: ${context.changed.map(code).join(', ')}`]
      : []),
  ];
}

/** Of each image once, whichever mode built it. */
function layerLines(builds: readonly BuildFacts[]): string[] {
  const images = new Map(
    builds.toReversed().flatMap(({ images: all }) => all.map((image) => [image.services.join(', '), image])),
  );
  return [...images].flatMap(([services, { imageBytes, profile }]) => {
    const layers = (profile?.layers ?? []).filter(({ bytes }) => bytes >= WORTH_BYTES);
    if (layers.length === 0) return [];
    const size = imageBytes === null ? '' : `, ${figure(imageBytes, 'byte')}`;
    const rows = layers.map(({ createdBy, bytes }) => [
      createdBy === '' ? 'the base' : code(createdBy),
      figure(bytes, 'byte'),
    ]);
    return [`**Layers of ${escaped(services)}**${size}`, '', ...table('lr', ['Made by', 'Size'], rows), ''];
  });
}

function shown(seconds: number | null): string {
  return seconds === null ? NO_FIGURE : figure(seconds, 'second');
}
