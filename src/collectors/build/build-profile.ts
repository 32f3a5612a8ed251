/** Where the time of a build went, from its record. Pure. */
import type {
  BuildInputs,
  BuildProfile,
  BuildStepFacts,
  ContextFacts,
  ImageLayer,
  StepState,
} from '../../model/profile/build-profile.ts';
import type { BuildRecord, BuildStep } from './buildkit.ts';

const MOST_STEPS = 30;
const MOST_LAYERS = 30;
const MOST_STATES = 200;
const LONGEST_NAME = 160;

/**
 * @param layers the base's first
 * @param inputs null where they are not known
 */
export function buildProfile(
  record: BuildRecord,
  context: ContextFacts | null,
  layers: readonly ImageLayer[],
  inputs: BuildInputs | null = null,
): BuildProfile {
  const critical = new Set(criticalPath(record.steps));
  const worked = record.steps.filter((step) => (step.seconds ?? 0) > 0 && !step.cached);
  const longest = new Set(worked.toSorted((a, b) => timeOf(b) - timeOf(a)).slice(0, MOST_STEPS));
  const holding = layers.filter(({ bytes }) => bytes > 0);
  const largest = new Set(holding.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_LAYERS));
  return {
    steps: worked
      .filter((step) => longest.has(step))
      .toSorted((a, b) => (a.beginsSeconds ?? 0) - (b.beginsSeconds ?? 0))
      .map((step) => factsOf(step, critical.has(step))),
    stepsLeftOut: worked.length - longest.size,
    firstMiss: firstMiss(record.steps),
    criticalPathSeconds: critical.size === 0 ? null : [...critical].reduce((sum, step) => sum + timeOf(step), 0),
    contextBytes: record.contextBytes,
    contextSeconds: record.contextSeconds,
    exportSeconds: record.exportSeconds,
    context,
    layers: holding
      .filter((layer) => largest.has(layer))
      .map(({ createdBy, bytes }) => ({ createdBy: shortened(createdBy), bytes })),
    allSteps: statesOf(record.steps, critical),
    ...(inputs === null ? {} : { inputs }),
    cacheImportSeconds: record.cacheImportSeconds,
    cacheExportSeconds: record.cacheExportSeconds,
  };
}

/** `[stage 3/8] …`, FROM and WORKDIR included. */
const OF_DOCKERFILE = /^\[[^\]]*\b\d+\/\d+\] /;

function statesOf(steps: readonly BuildStep[], critical: ReadonlySet<BuildStep>): readonly StepState[] {
  const own = steps.filter(({ name }) => OF_DOCKERFILE.test(name)).slice(0, MOST_STATES);
  const indexes = new Map(own.map(({ digest }, index) => [digest, index]));
  const byDigest = new Map(steps.map((step) => [step.digest, step]));
  return own.map((step) => ({
    name: shortened(step.name),
    cached: step.cached,
    seconds: step.cached || step.beginsSeconds === null ? null : step.seconds,
    startSeconds: step.beginsSeconds,
    after: stepsBefore(step, indexes, byDigest),
    onCriticalPath: critical.has(step),
  }));
}

/** Through BuildKit's own steps, such as the merging of layers. */
function stepsBefore(
  step: BuildStep,
  indexes: ReadonlyMap<string, number>,
  byDigest: ReadonlyMap<string, BuildStep>,
): readonly number[] {
  const [found, seen] = [new Set<number>(), new Set<string>()];
  const open = [...step.inputs];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    const index = indexes.get(digest);
    if (index === undefined) open.push(...(byDigest.get(digest)?.inputs ?? []));
    else found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * The chain of steps that decided when the build ended, from its first to its last: back from the step that ended last,
 * each time to the input that ended last. The export names no inputs, though it needs all of them: it follows the last of
 * the others.
 */
export function criticalPath(steps: readonly BuildStep[]): readonly BuildStep[] {
  const byDigest = new Map(steps.map((step) => [step.digest, step]));
  const ended = steps.filter((step) => step.seconds !== null);
  const path: BuildStep[] = [];
  let at = lastOf(ended);
  while (at !== undefined && !path.includes(at)) {
    path.unshift(at);
    const inputs = at.inputs.flatMap((digest) => byDigest.get(digest) ?? []).filter((step) => step.seconds !== null);
    at = path.length === 1 && inputs.length === 0 ? lastOf(ended.filter((step) => step !== at)) : lastOf(inputs);
  }
  return path;
}

/** By when each would end if it worked without a break. */
function lastOf(steps: readonly BuildStep[]): BuildStep | undefined {
  const endOf = (step: BuildStep) => (step.beginsSeconds ?? 0) + timeOf(step);
  return steps.reduce<BuildStep | undefined>((a, b) => (a === undefined || endOf(b) > endOf(a) ? b : a), undefined);
}

/** Of stages that run at the same time, the one that started first. A step that never ran was not needed. */
function firstMiss(steps: readonly BuildStep[]): string | null {
  const missed = steps.filter((step) => step.isUserStep && !step.cached && step.beginsSeconds !== null);
  const first = missed.toSorted((a, b) => (a.beginsSeconds ?? 0) - (b.beginsSeconds ?? 0))[0];
  return first === undefined ? null : shortened(first.name);
}

function factsOf(step: BuildStep, onCriticalPath: boolean): BuildStepFacts {
  return { name: shortened(step.name), seconds: timeOf(step), ofDockerfile: step.isUserStep, onCriticalPath };
}

function timeOf({ seconds }: BuildStep): number {
  return seconds ?? 0;
}

function shortened(name: string): string {
  const line = name.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1)}…`;
}
