/** What the build cache gave and cost, build by build: hits and misses, why the first step missed, seconds saved and spent. Pure. */
import type { MissInput } from '../../model/cause.ts';
import type { BuildMode } from '../../model/plan.ts';
import type { BuildProfile, StepState } from '../../model/profile/build-profile.ts';
import type { DockerfileFacts, Place } from '../../model/project-files.ts';
import type { ImageBuild, RunFacts } from '../../model/run.ts';
import { explainMisses, type ExplainedBuild, isMiss, type Miss } from './explain-miss.ts';

export type CacheVerdict = 'pays' | 'neutral' | 'costs';

export interface LedgerStep {
  /** As BuildKit writes it. */
  readonly name: string;
  readonly state: 'hit' | 'missed' | 'notNeeded';
  /** What it took this time; null where it did not run. */
  readonly seconds: number | null;
  /** Of a hit: what it took when it last ran; null if that is not known. */
  readonly savedSeconds: number | null;
  /** Of a miss. */
  readonly input: MissInput | null;
  readonly place: Place | null;
}

export interface LedgerEntry {
  readonly runId: string;
  readonly startedAt: string;
  readonly mode: BuildMode;
  /** The services that run on the image, or its tag. */
  readonly image: string;
  readonly seconds: number;
  readonly hits: number;
  readonly misses: number;
  readonly firstMiss: { readonly step: string; readonly input: MissInput; readonly place: Place | null } | null;
  readonly steps: readonly LedgerStep[];
  /** What the steps from the cache took when they last ran. */
  readonly savedSeconds: number;
  /** What the steps took that missed. */
  readonly spentSeconds: number;
  /** null without an imported or an exported cache. */
  readonly importSeconds: number | null;
  readonly exportSeconds: number | null;
  readonly verdict: CacheVerdict;
}

type LedgerRun = Pick<RunFacts, 'run' | 'startedAt' | 'builds' | 'projectFiles'>;

/** @param runs of one project in the order of time @returns one entry for each image of each build that knows its steps, in that order */
export function cacheLedger(runs: readonly LedgerRun[]): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  const before = new Map<string, ExplainedBuild>();
  const lastSeconds = new Map<string, number>();
  for (const { run, startedAt, builds, projectFiles } of runs) {
    for (const { mode, images } of builds) {
      for (const image of images) {
        const { profile } = image;
        if (profile?.allSteps === undefined) continue;
        const name = imageName(image);
        const build = {
          profile,
          dockerfile: dockerfileOf(image, projectFiles?.dockerfiles ?? []),
          noCache: mode === 'cold',
        };
        const misses = explainMisses(before.get(name) ?? null, build);
        const steps = profile.allSteps.map((step) =>
          ledgerStep(step, misses, build.dockerfile, lastSeconds.get(keyOf(name, step))),
        );
        entries.push({
          runId: run.runId,
          startedAt,
          mode,
          image: name,
          seconds: image.seconds,
          ...summary(steps, profile, misses, build.dockerfile, image),
        });
        for (const step of profile.allSteps)
          if (step.seconds !== null) lastSeconds.set(keyOf(name, step), step.seconds);
        // The next build starts from the layers of the cold or warm build, not from those of a build after a change.
        if (mode === 'cold' || mode === 'warm') before.set(name, build);
      }
    }
  }
  return entries;
}

/** The services that run on it, or its tag without the version. */
export function imageName({ services, tag }: ImageBuild): string {
  return services.length > 0 ? services.join(', ') : tag.replace(/:[^:]*$/, '');
}

/** The same step in another build: numbers change where steps are added. */
function keyOf(image: string, { name }: StepState): string {
  return `${image} ${name.replace(/\s*\d+\/\d+\]/, ']')}`;
}

function dockerfileOf({ services }: ImageBuild, dockerfiles: readonly DockerfileFacts[]): DockerfileFacts | null {
  return dockerfiles.find((each) => each.services.join() === services.join()) ?? null;
}

function ledgerStep(
  step: StepState,
  misses: readonly Miss[],
  dockerfile: DockerfileFacts | null,
  lastSeconds: number | undefined,
): LedgerStep {
  const miss = misses.find((each) => each.step === step);
  const state = step.cached ? 'hit' : isMiss(step) ? 'missed' : 'notNeeded';
  return {
    name: step.name,
    state,
    seconds: step.seconds,
    savedSeconds: state === 'hit' ? (lastSeconds ?? null) : null,
    input: miss?.input ?? null,
    place: miss === undefined ? null : placeOf(miss, dockerfile),
  };
}

/** The line of what changed, where it is one of the Dockerfile, else that of the step. */
function placeOf({ instruction, input }: Miss, dockerfile: DockerfileFacts | null): Place | null {
  const line = input.kind === 'instruction' ? input.line : instruction?.line;
  return dockerfile === null || line === undefined ? null : { file: dockerfile.file, line };
}

function summary(
  steps: readonly LedgerStep[],
  { cacheImportSeconds = null, cacheExportSeconds = null }: BuildProfile,
  misses: readonly Miss[],
  dockerfile: DockerfileFacts | null,
  { seconds }: ImageBuild,
) {
  const savedSeconds = sum(steps.map((step) => step.savedSeconds));
  const [first] = misses;
  return {
    hits: steps.filter(({ state }) => state === 'hit').length,
    misses: misses.length,
    firstMiss:
      first === undefined ? null : { step: first.step.name, input: first.input, place: placeOf(first, dockerfile) },
    steps,
    savedSeconds,
    spentSeconds: sum(misses.map(({ step }) => step.seconds)),
    importSeconds: cacheImportSeconds,
    exportSeconds: cacheExportSeconds,
    verdict: cacheVerdict({
      savedSeconds,
      costSeconds: (cacheImportSeconds ?? 0) + (cacheExportSeconds ?? 0),
      seconds,
    }),
  };
}

/** A difference below this is not worth a word. */
const WORTH = { seconds: 0.5, ofBuild: 0.05 };

/** Compares the saved seconds with those of import and export. A difference below half a second, or 5 % of the build, is neutral. */
export function cacheVerdict(figures: {
  readonly savedSeconds: number;
  readonly costSeconds: number;
  readonly seconds: number;
}): CacheVerdict {
  const balance = figures.savedSeconds - figures.costSeconds;
  const worth = Math.max(WORTH.seconds, WORTH.ofBuild * figures.seconds);
  if (Math.abs(balance) < worth) return 'neutral';
  return balance > 0 ? 'pays' : 'costs';
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
