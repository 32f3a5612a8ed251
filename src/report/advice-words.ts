/** What advice saves and how its verification ended, in words. */
import { figure } from '../format/figure.ts';
import { listOf } from '../format/list-of.ts';
import type { LeftOutPatch } from '../model/advice.ts';
import type { MetricName, Unit } from '../model/measurement.ts';
import { METRICS } from '../model/measurement.ts';
import { readPatch } from '../model/patch.ts';
import type { Advice, AdviceState, Remedy, Saving, TriedReason } from '../model/result.ts';

/** "5.1 s", "5.1 s (4.8 s to 5.3 s)". A side of an interval may be below zero. */
function savingWords(
  { value, low, high }: { readonly value: number; readonly low: number | null; readonly high: number | null },
  unit: Unit,
): string {
  if (low === null || high === null || (low === value && high === value)) return signed(value, unit);
  return `${signed(value, unit)} (${signed(low, unit)} to ${signed(high, unit)})`;
}

export function signed(value: number, unit: Unit): string {
  return value < 0 ? `−${figure(-value, unit)}` : figure(value, unit);
}

/** What counts of a saving: what was measured, before what was predicted. null where nothing is known. */
export function bestSaving(saves: Saving | null) {
  return saves === null ? null : (saves.verified ?? saves.predicted);
}

/** "saves 5.1 s (4.8 s to 5.3 s) of Service start-up, verified in 5 pairs"; empty where no number is known. */
export function savesWords({ saves, state }: Pick<Advice, 'saves' | 'state'>): string {
  const best = bestSaving(saves);
  if (saves === null || best === null) return '';
  const how =
    state === 'verified' && saves.verified !== null
      ? `verified in ${saves.verified.pairs} ${saves.verified.pairs === 1 ? 'pair' : 'pairs'}`
      : state;
  return `saves ${savingWords(best, saves.unit)} of ${figureNoun(saves.figure, saves.scenario ?? null)}, ${how}`;
}

const NOUNS: Partial<Record<MetricName, string>> = {
  'build.cold.duration': 'the cold build',
  'build.warm.duration': 'the warm build',
  'build.sourceChange.duration': 'the build after a source change',
  'build.dependencyChange.duration': 'the build after a changed requirement',
  'build.baseChange.duration': 'the build after a changed base image',
  'image.size': 'the image of the tests',
  'startup.duration': 'the start-up',
  'teardown.duration': 'the tear-down',
  'trial.duration': "the primary scenario's tests",
  'test.duration': 'the tests',
};

/** Within a sentence: "the start-up", "Full Test Suite". */
function figureNoun(metric: MetricName, scenario: string | null): string {
  return scenario ?? NOUNS[metric] ?? METRICS[metric].title;
}

/** "Service start-up", "Full Test Suite". */
export function figureTitle(metric: MetricName, scenario: string | null): string {
  return scenario ?? METRICS[metric].title;
}

/** One line: what the remedy is made of. */
export function remedyWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'patch':
      return `a patch of ${listOf(readPatch(remedy.patch).files)}`;
    case 'planOverride':
      return `in paceline.yml: ${Object.entries(remedy.set)
        .map(([path, value]) => `${path}: ${value}`)
        .join('; ')}`;
    case 'steps':
      return remedy.steps.join(' ');
  }
}

const REASONS: Readonly<Record<TriedReason, string>> = {
  gain: 'It is faster in every look at the pairs.',
  noGain: 'It saves nothing that could be measured.',
  slower: 'It makes the figure larger.',
  testsRed: 'Tests that pass without it fail with it.',
  testsChanged: 'Other tests run with it.',
  broken: 'The project does not build or start with it.',
  doesNotApply: 'Its patch does not fit the project as it is now.',
  testsUnstable: 'With it, the tests failed in one of two trials.',
  baseRed: 'Without it, the tests do not run to their end, so whether it keeps them green is not known.',
  notMeasured: 'Its figure could not be measured.',
  budget: 'The time budget ended before it was decided.',
  noise: 'The pairs vary too much to show a gain or its absence.',
  folderChanged: "The project's folder was edited during the verification.",
};

/** One or two sentences. @param detail what the tests or the engine said */
export function reasonWords(reason: TriedReason, detail: string | null): string {
  if (detail === null || detail === '') return REASONS[reason];
  return `${REASONS[reason].slice(0, -1)}: ${/[.!?]$/.test(detail) ? detail : `${detail}.`}`;
}

export const STATE_WORDS: Readonly<Record<AdviceState, string>> = {
  predicted: 'predicted',
  verified: 'verified',
  rejected: 'rejected',
  inconclusive: 'inconclusive',
};

export function leftOutWords({ name, reason }: LeftOutPatch): string {
  switch (reason.kind) {
    case 'conflict': {
      const place = reason.line === null ? reason.file : `${reason.file}:${reason.line}`;
      return `${name} is left out: its patch and that of ${reason.other} both change ${place}.`;
    }
    case 'samePlanKey':
      return `${name} is left out: it and ${reason.other} set ${reason.key} to different values.`;
    case 'unsupported':
      return `${name} is left out: its patch renames, deletes or has binary files.`;
  }
}
