/** A run against the runs before it: what is suspected, what is known, and what has changed slowly. */
import type {
  Baseline,
  Candidate,
  KnownTests,
  RegressionAlert,
  SeriesEntry,
  SeriesHistory,
  SeriesKey,
} from '../../model/regression.ts';
import type { Plan } from '../../model/plan.ts';
import type { RunFacts } from '../../model/run.ts';
import { cleanTrials } from '../trials/trials.ts';
import { baselineOf } from './baseline.ts';
import { candidateOf, knownAlert, type Suspicion } from './candidate.ts';
import { changeAlert } from './changes.ts';
import { standingZ } from './many-metrics.ts';
import { differencesOf, seriesOf, suspectOf } from './series.ts';
import { DECISION } from './constants.ts';

/** What the store knows about earlier runs. */
export interface History {
  /** Everything of this series before the run; empty if there is nothing. */
  readonly of: (key: SeriesKey) => SeriesHistory;
  /** Other series of the same figure of the same project: on other hosts, in other lanes, from other sources. */
  readonly underOtherConditions: (key: SeriesKey) => readonly SeriesKey[];
  /** The tests of a scenario in an earlier run; null if they are not known. */
  readonly testsOf: (runId: string, scenario: string) => KnownTests | null;
}

export interface JudgedSeries {
  readonly entry: SeriesEntry;
  readonly baseline: Baseline;
  /** null if there is no baseline, or the figure is made of others. */
  readonly suspicion: Suspicion | null;
}

export interface RunJudgement {
  readonly series: readonly JudgedSeries[];
  /** To be confirmed, those farthest over their thresholds first. */
  readonly candidates: readonly Candidate[];
  /** Final without any measurement: known regressions, and changes of level. */
  readonly alerts: readonly RegressionAlert[];
}

/**
 * Judges every figure of the run by the plan's own thresholds. A metric that the plan no longer has is in no series of
 * the run, so its alerts end with it.
 */
export function judgeRun(facts: RunFacts, history: History): RunJudgement {
  const { plan } = facts;
  if (plan === null) return { series: [], candidates: [], alerts: [] };
  const judged = seriesOf(facts).map((entry) => {
    const before = history.of(entry.key);
    return { entry, before, baseline: comparableBaseline(facts, entry, before, history) };
  });
  const z = standing(judged, plan);
  const series = judged.map(({ entry, before, baseline }) => ({
    entry,
    baseline,
    suspicion:
      baseline.kind === 'baseline'
        ? candidateOf(baseline, entry, before, { ...thresholdsOf(plan), standingZ: z })
        : null,
  }));
  const suspicions = series.map(({ suspicion }) => suspicion).filter((suspicion) => suspicion !== null);
  if (facts.base != null) return { series, candidates: againstBase(suspicions, facts.base), alerts: [] };
  const candidates = suspicions.flatMap((suspicion) => (suspicion.kind === 'candidate' ? [suspicion.candidate] : []));
  const known = suspicions.flatMap((suspicion) => (suspicion.kind === 'known' ? [knownAlert(suspicion)] : []));
  const suspected = new Set([...candidates.map(({ key }) => key), ...known.map(({ key }) => key)]);
  const changes = judged
    .filter(({ entry }) => suspectOf(entry.key) !== null && !suspected.has(entry.key))
    .map(({ entry, before }) => changeAlert(entry, before))
    .filter((alert) => alert !== null);
  return { series, candidates: candidates.sort((a, b) => b.z - a.z), alerts: [...known, ...changes] };
}

/**
 * A proposed change answers for what it changed, so its base decides: also what is slower since an earlier commit is measured
 * against it. New levels of the series are a matter of the runs before it.
 */
function againstBase(suspicions: readonly Suspicion[], base: string): Candidate[] {
  return suspicions
    .flatMap((suspicion) => (suspicion.kind === 'none' ? [] : [suspicion.candidate]))
    .map((candidate) => ({ ...candidate, baseline: { ...candidate.baseline, commit: base }, onlyPairs: true as const }))
    .sort((a, b) => b.z - a.z);
}

/** "Insufficient data" says what differs, if the same figure has a history elsewhere. */
function comparableBaseline(
  facts: RunFacts,
  { key, point }: SeriesEntry,
  before: SeriesHistory,
  history: History,
): Baseline {
  const { scenario } = key;
  const baseline = baselineOf(before, point.tests, {
    head: scenario === null ? null : testsOfRun(facts, scenario),
    of: (runId) => (scenario === null ? null : history.testsOf(runId, scenario)),
  });
  if (baseline.kind !== 'insufficient' || before.points.length > 0) return baseline;
  const other = history.underOtherConditions(key).at(-1);
  return other === undefined ? baseline : { kind: 'different', what: differencesOf(other, key) };
}

/** The tests of a scenario as the instrumented pytest of a run's first clean trial reported them; null if it did not. */
export function testsOfRun(facts: RunFacts, scenario: string): KnownTests | null {
  return cleanTrials(facts, scenario)[0]?.profile?.pytest ?? null;
}

type Judging = { readonly entry: SeriesEntry; readonly before: SeriesHistory; readonly baseline: Baseline };

function standing(judged: readonly Judging[], plan: Plan): number {
  const each = judged.flatMap(({ entry, before, baseline }) =>
    baseline.kind === 'baseline' ? [candidateOf(baseline, entry, before, thresholdsOf(plan))] : [],
  );
  const z = each.flatMap((suspicion) => {
    if (suspicion === null) return [];
    return [suspicion.kind === 'none' ? suspicion.z : suspicion.candidate.z];
  });
  return standingZ(z, DECISION.falseDiscoveryRate);
}

function thresholdsOf({ alerts }: Plan) {
  return { threshold: alerts.regressionRatio, floorSeconds: alerts.floorSeconds };
}
