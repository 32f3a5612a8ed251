/** The figures of a comparison, as they are stored under its sides. */
import { buildSeconds } from '../../analysis/judge/phases.ts';
import { testsOf } from '../../analysis/regression/series.ts';
import { isClean, reasonOf } from '../../analysis/trials/trials.ts';
import type { Taken } from '../../model/comparison.ts';
import type { MetricName } from '../../model/measurement.ts';
import type { Measured, Pair, Suspect } from '../../model/regression.ts';
import type { RunFacts, RunRef, StartupFacts } from '../../model/run.ts';
import { sampleOf } from '../../model/side.ts';
import type { ActivityDeps } from '../support/deps.ts';

export type Figure =
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'missing'; readonly reason: string };

/** A failed or lost trial yields no figure: a broken run is often the fastest one. */
async function figureOf(
  { store, host }: Pick<ActivityDeps, 'store' | 'host'>,
  factsOf: (side: RunRef) => Promise<RunFacts>,
  side: RunRef,
  suspect: Suspect,
  sample: number,
  of: MetricName | null,
): Promise<Figure> {
  if (suspect.phase === 'test') {
    const { trials } = await factsOf(side);
    const trial = trials
      .filter(({ scenarioId, trial: number }) => scenarioId === suspect.scenario && number === sample)
      .sort((a, b) => a.try - b.try)
      .at(-1);
    if (trial === undefined) return { kind: 'missing', reason: 'it was not run' };
    if (!isClean(trial)) return { kind: 'missing', reason: reasonOf(trial) };
    const { seconds, hostId, startedAt, disturbed } = trial;
    const measured = { value: seconds, hostId, startedAt, disturbed: disturbed?.reason ?? null, tests: testsOf(trial) };
    return { kind: 'measured', measured };
  }
  const run = sampleOf(side, sample);
  const build = suspect.phase === 'build' ? await store.build(run, suspect.mode) : null;
  const seconds =
    suspect.phase === 'build'
      ? build === null || build.images.length === 0
        ? null
        : buildSeconds(build)
      : startupSeconds(await store.startup(run), suspect.phase === 'teardown' ? 'teardown.duration' : of);
  const change = build?.change ?? null;
  if (seconds === null && change !== null && 'reason' in change) return { kind: 'missing', reason: change.reason };
  if (seconds === null) return { kind: 'missing', reason: 'it gave no figure' };
  const measured = { value: seconds, hostId: host.id, startedAt: null, disturbed: null, tests: null };
  return { kind: 'measured', measured };
}

/** A start-up is followed by its tear-down, which is a figure of its own. */
function startupSeconds(startup: StartupFacts | null, of: MetricName | null): number | null {
  return (of === 'teardown.duration' ? startup?.tearDown?.seconds : startup?.seconds) ?? null;
}

export interface Evidences {
  readonly reruns: readonly Measured[];
  readonly pairs: readonly Pair[];
  /** Why a side could not be measured; null if nothing is missing. */
  readonly missing: { readonly base: string | null; readonly head: string | null };
}

/**
 * Everything that was taken, in its order. A pair that lacks a side is none.
 * @param of the figure, where the part that was measured has several
 */
export async function evidenceOf(
  deps: Pick<ActivityDeps, 'store' | 'host'>,
  { base, head }: { readonly base: RunRef; readonly head: RunRef },
  suspect: Suspect,
  taken: readonly Taken[],
  of: MetricName | null = null,
): Promise<Evidences> {
  const reruns: Measured[] = [];
  const pairs: Pair[] = [];
  const missing: { base: string | null; head: string | null } = { base: null, head: null };
  // A side holds all of its trials, and the base is not there before the first pair: each is loaded once, when needed.
  const loaded = new Map<string, Promise<RunFacts>>();
  const factsOf = (side: RunRef) => {
    const facts = loaded.get(side.runId) ?? deps.store.loadFacts(side);
    loaded.set(side.runId, facts);
    return facts;
  };
  for (const { kind, first, sample } of taken) {
    const ofHead = await figureOf(deps, factsOf, head, suspect, sample, of);
    const ofBase = kind === 'pair' ? await figureOf(deps, factsOf, base, suspect, sample, of) : null;
    if (ofHead.kind === 'missing') missing.head ??= ofHead.reason;
    if (ofBase?.kind === 'missing') missing.base ??= ofBase.reason;
    if (ofHead.kind === 'missing') continue;
    if (ofBase === null) reruns.push(ofHead.measured);
    else if (ofBase.kind === 'measured') pairs.push({ base: ofBase.measured, head: ofHead.measured, first });
  }
  return { reruns, pairs, missing };
}
