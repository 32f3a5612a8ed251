/** What `tune` tries and what it concludes. Pure. */
import { figure } from '../../format/figure.ts';
import type { Scenario } from '../../model/plan.ts';
import type { Problem } from '../../model/failure.ts';
import type { Remedy } from '../../model/result.ts';
import type { RunFacts, RunRef } from '../../model/run.ts';
import type { TuneCandidate, TunePlan, TuneResult, Tried } from '../../model/tune.ts';
import { commandText } from '../../plan/command-text.ts';
import { typicalTrial } from '../trials/typical-trial.ts';
import { wayWords } from './finding.ts';
import { addoptsPatch, commandWith, countIn, distributionIn, type Way } from './options.ts';
import { type Predicted, predict } from './predict.ts';

/** More cost a round too much: the simulation's error is smaller than the difference between the first and the fifth. */
const MOST = 4;
/** What is predicted to be slower than now by more than this is not worth a trial. */
const HOPELESS = 1.1;

/** The most promising ways by simulation; without one, a few that are unlike each other. */
export function tunePlan(facts: RunFacts, scenario: Scenario, command: readonly string[]): TunePlan {
  const index = facts.plan!.scenarios.findIndex(({ id }) => id === scenario.id);
  const read = predict(facts, scenario);
  const trial = typicalTrial(facts, scenario.id, ({ profile }) => Boolean(profile?.pytest));
  const configuration = trial?.profile?.pytest?.configuration ?? null;
  const ways =
    read.kind === 'predicted'
      ? promising(read.prediction.others, read.prediction.seconds)
      : unlike(configuration?.workers ?? null, trial?.lane.cpus.length ?? 1);
  const isNamed = countIn(command) !== null || distributionIn(command) !== null;
  const candidates = ways.map(
    (way, place): TuneCandidate => ({
      number: place + 1,
      workers: way.workers,
      distribution: way.distribution,
      set: { [`scenarios[${index}].command`]: commandText(commandWith(command, way)) },
      predictedSeconds: 'seconds' in way ? way.seconds : null,
    }),
  );
  const patches = ways.flatMap((way, place) => {
    const patch = isNamed ? null : addoptsPatch(facts.projectFiles, way);
    return patch === null ? [] : [[place + 1, patch] as const];
  });
  return {
    scenario: scenario.id,
    title: scenario.name,
    workers: configuration?.workers ?? null,
    distribution: configuration?.distribution ?? null,
    candidates,
    simulated: read.kind === 'predicted' ? read.prediction.others.length : 0,
    reason: read.kind === 'predicted' ? null : read.reason,
    patches: Object.fromEntries(patches),
  };
}

function promising(others: readonly Predicted[], nowSeconds: number): readonly Predicted[] {
  return others.filter(({ seconds }) => seconds < HOPELESS * nowSeconds).slice(0, MOST);
}

function unlike(workers: number | null, cpus: number): Way[] {
  const ways: Way[] = [
    { workers: cpus, distribution: 'load' },
    { workers: 2 * cpus, distribution: 'worksteal' },
    { workers: 4 * cpus, distribution: 'load' },
    { workers: cpus + 1, distribution: 'worksteal' },
    { workers: 0, distribution: null },
  ];
  return ways.filter((way) => way.workers !== workers && way.workers !== 1).slice(0, MOST);
}

export interface Tuned {
  readonly run: RunRef;
  readonly startedAt: string;
  readonly project: string | null;
  readonly plan: TunePlan | null;
  readonly nowSeconds: number | null;
  readonly tried: readonly Tried[];
  readonly errors: readonly Problem[];
  readonly notes: readonly string[];
  readonly cancelled: boolean;
}

/** The result of `tune`, from what its rounds measured. */
export function tuneResult({
  run,
  startedAt,
  project,
  plan,
  nowSeconds,
  tried,
  errors,
  notes,
  cancelled,
}: Tuned): TuneResult {
  const best = tried
    .filter(({ comparison }) => comparison?.kind === 'judged' && comparison.verdict === 'improved')
    .toSorted((a, b) => a.seconds! - b.seconds!)[0];
  const result = {
    schemaVersion: 1,
    runId: run.runId,
    workflowId: run.workflowId,
    project,
    startedAt,
    scenario: plan?.title ?? null,
    now: { workers: plan?.workers ?? null, distribution: plan?.distribution ?? null, seconds: nowSeconds },
    tried,
    simulated: plan?.simulated ?? 0,
    from: plan?.from ?? null,
    errors,
    notes: [...new Set([...notes, ...(plan?.reason ? [`Nothing was simulated: ${plan.reason}`] : [])])],
  } as const;
  if (cancelled) return { ...result, verdict: 'cancelled', summary: 'It was cancelled.', best: null };
  if (errors.length > 0) return { ...result, verdict: 'error', summary: errors[0]!.what, best: null };
  if (best?.comparison?.kind !== 'judged' || nowSeconds === null)
    return { ...result, ...nothingBetter(tried), best: null };
  const { ratio, interval, n } = best.comparison;
  const saves = {
    value: nowSeconds * (1 - ratio),
    low: nowSeconds * (1 - interval.high),
    high: nowSeconds * (1 - interval.low),
    pairs: n,
  };
  return {
    ...result,
    verdict: 'improved',
    summary: `Run ${plan?.title} with ${wayWords(wayOf(best))}: it saves ${figure(saves.value, 'second')} (${figure(saves.low, 'second')} to ${figure(saves.high, 'second')}, ${n} pairs).`,
    best: { candidate: best.number, savesSeconds: saves, remedy: remedyOf(best, plan) },
  };
}

function remedyOf({ number, set }: Tried, plan: TunePlan | null): Remedy {
  const patch = plan?.patches[number];
  if (patch !== undefined) return { kind: 'patch', patch };
  const texts = Object.entries(set).map(([path, value]) => [path, String(value)]);
  return { kind: 'planOverride', set: Object.fromEntries(texts) };
}

/** Nothing was faster: known where each was left out or judged, else not decided. */
function nothingBetter(tried: readonly Tried[]): Pick<TuneResult, 'verdict' | 'summary'> {
  const isOpen =
    tried.length === 0 ||
    tried.some(
      ({ state, comparison }) =>
        state === 'left' ||
        (state === 'open' && (comparison?.kind !== 'judged' || comparison.verdict === 'inconclusive')),
    );
  return isOpen
    ? {
        verdict: 'inconclusive',
        summary: 'Nothing was decided: the differences are within the noise of what was measured.',
      }
    : { verdict: 'noChange', summary: 'No other number of workers or distribution that was tried is faster.' };
}

function wayOf({ workers, distribution }: Pick<Tried, 'workers' | 'distribution'>): Way {
  return { workers, distribution: distribution as Way['distribution'] };
}
