/** Builds step by step. */
import { cacheLedger, imageName, type LedgerEntry, type LedgerStep } from '../../analysis/ledger/ledger.ts';
import type { MissInput } from '../../model/cause.ts';
import type { BuildProfile, StepState } from '../../model/profile/build-profile.ts';
import type { Place } from '../../model/project-files.ts';
import type { BuildMode } from '../../model/plan.ts';
import type { RunResult } from '../../model/result.ts';
import type { BuildFacts, ImageBuild } from '../../model/run.ts';
import {
  type Block,
  code,
  type Inline,
  item,
  joined,
  list,
  type ListItem,
  paragraph,
  quantity,
  quantityOrNull,
  seconds,
  strong,
  table,
} from '../blocks.ts';
import { inputWords, STEP_STATES } from '../cache-words.ts';
import type { SectionMaker } from './section.ts';

/** BuildKit's own steps are shown where they take as long as this. */
const WORTH_SECONDS = 0.5;
/** A layer below this does not matter for an image's size. */
const WORTH_BYTES = 1e6;

const MODE_WORDS: Readonly<Record<BuildMode, string>> = {
  cold: 'Cold',
  warm: 'Warm',
  'source-change': 'After a source change',
  'dependency-change': 'After a changed requirement',
  'base-change': 'After a changed base image',
};

export const builds: SectionMaker = {
  id: 'builds',
  title: 'Builds step by step',
  make: ({ builds: all }: RunResult, { facts }) => {
    const ledger = facts === null ? [] : cacheLedger([facts]);
    const entryOf = ({ mode }: BuildFacts, image: ImageBuild) =>
      ledger.find((entry) => entry.mode === mode && entry.image === imageName(image)) ?? null;
    return {
      details: [
        ...all.flatMap((build) =>
          build.images.flatMap((image) =>
            image.profile === null ? [] : imageBlocks(build, image, image.profile, entryOf(build, image)),
          ),
        ),
        ...layerTables(all),
      ],
    };
  },
};

function imageBlocks(
  { mode, change }: BuildFacts,
  image: ImageBuild,
  profile: BuildProfile,
  entry: LedgerEntry | null,
): readonly Block[] {
  const changed = changeWords(change);
  const parts: readonly Inline[] = [
    seconds(image.seconds),
    `${image.steps.cached} of ${image.steps.total} steps cached`,
    ...(profile.firstMiss === null || mode === 'cold' ? [] : [['first miss: ', code(profile.firstMiss)]]),
    ...(profile.contextBytes === null
      ? []
      : [['context ', quantity(profile.contextBytes, 'byte'), ' sent in ', secondsOrDash(profile.contextSeconds)]]),
    ['critical path ', secondsOrDash(profile.criticalPathSeconds)],
    ['export ', secondsOrDash(profile.exportSeconds)],
  ];
  const name = image.services.join(', ') || image.tag;
  return [
    paragraph([strong(`${MODE_WORDS[mode]}: ${name}`), changed, '. ', joined(parts)]),
    ...(entry === null ? stepTable(profile) : ledgerTable(entry, profile)),
    ...list(contextItems(mode, profile)),
  ];
}

function changeWords(change: BuildFacts['change']): Inline {
  if (change?.kind === 'changed') return [' (one comment added to ', code(change.file), ')'];
  return change?.kind === 'changedBase' ? [' (a small layer added to ', code(change.image), ')'] : '';
}

function secondsOrDash(value: number | null): Inline {
  return value === null ? '–' : seconds(value);
}

function stepTable({ steps, stepsLeftOut }: BuildProfile): readonly Block[] {
  const worked = steps.filter((step) => step.ofDockerfile || step.seconds >= WORTH_SECONDS);
  const shown = table(
    ['Step', '>Time', 'On the critical path'],
    worked.map((step) => [code(step.name), seconds(step.seconds), step.onCriticalPath ? 'yes' : '']),
  );
  return shown.length === 0 || stepsLeftOut === 0 ? shown : [...shown, paragraph(`${stepsLeftOut} more were faster.`)];
}

/** Every step of the Dockerfile with what the cache did, which the facts of a run know. */
function ledgerTable({ steps, mode }: LedgerEntry, { allSteps = [] }: BuildProfile): readonly Block[] {
  const critical = new Set(allSteps.filter(({ onCriticalPath }) => onCriticalPath).map(({ name }) => name));
  // A cold build uses no cache: nothing is saved, and no step misses for a reason of its own.
  const isCold = mode === 'cold';
  return table(
    [
      'Step',
      ...(isCold ? [] : ['Cache']),
      '>Time',
      ...(isCold ? [] : ['>Saved', 'Why it missed']),
      'On the critical path',
    ],
    inOrder(steps, allSteps).map(({ name, state, seconds: took, savedSeconds, input, place }) => [
      code(name),
      ...(isCold ? [] : [STEP_STATES[state]]),
      quantityOrNull(took, 'second'),
      ...(isCold
        ? []
        : [savedSeconds === null ? '' : seconds(savedSeconds), input === null ? '' : missWords(input, place)]),
      critical.has(name) ? 'yes' : '',
    ]),
  );
}

function missWords(input: MissInput, place: Place | null): Inline {
  return [place === null ? '' : [code(`${place.file}:${place.line}`), ' '], inputWords(input)];
}

/** BuildKit reports steps in no order: what a step builds on comes before it. */
function inOrder(steps: readonly LedgerStep[], allSteps: readonly StepState[]): readonly LedgerStep[] {
  const depths = new Map<number, number>();
  const depth = (index: number): number => {
    const known = depths.get(index);
    if (known !== undefined) return known;
    depths.set(index, 0);
    const of = 1 + Math.max(-1, ...(allSteps[index]?.after ?? []).map(depth));
    depths.set(index, of);
    return of;
  };
  return steps
    .map((step, index) => ({ step, of: depth(index) }))
    .toSorted((a, b) => a.of - b.of)
    .map(({ step }) => step);
}

/** Only where it explains something: what a cold build sends, what a warm one found changed, what tools put there. */
function contextItems(mode: BuildMode, { context, firstMiss }: BuildProfile): readonly ListItem[] {
  if (context === null) return [];
  const files = (paths: readonly { readonly path: string; readonly bytes: number }[]) =>
    joined(paths.map(({ path, bytes }): Inline => [code(path), ' (', quantity(bytes, 'byte'), ')']));
  const size: Inline = [`The context: ${context.files} files, `, quantity(context.bytes, 'byte'), '; the largest: '];
  return [
    ...(mode === 'cold' ? [item([size, files(context.largest)])] : []),
    ...(mode === 'cold' && context.writtenByTools.length > 0
      ? [item(['Written by tools, and copied with the context: ', files(context.writtenByTools)])]
      : []),
    ...(mode === 'warm' && firstMiss !== null && context.changed.length > 0
      ? [item(['Changed since the build before: ', joined(context.changed.map(code))])]
      : []),
  ];
}

/** Of each image once, whichever mode built it. */
function layerTables(all: readonly BuildFacts[]): readonly Block[] {
  const images = new Map(
    all.toReversed().flatMap((build) => build.images.map((image) => [image.services.join(', '), image])),
  );
  return [...images].flatMap(([services, { imageBytes, profile }]) => {
    const layers = (profile?.layers ?? []).filter(({ bytes }) => bytes >= WORTH_BYTES);
    const size: Inline = imageBytes === null ? '' : [', ', quantity(imageBytes, 'byte')];
    return table(
      ['Made by', '>Size'],
      layers.map(({ createdBy, bytes }) => [
        createdBy === '' ? 'the base' : code(createdBy),
        quantityOrNull(bytes, 'byte'),
      ]),
      [strong(`Layers of ${services}`), size],
    );
  });
}
