/** The figures of the whole run: the phases as metrics, the other builds, and the wall time. */
import { METRICS, type MetricName } from '../../model/measurement.ts';
import type { BuildMode } from '../../model/plan.ts';
import type { MetricResult, PhaseResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { buildSeconds, type Phases } from '../judge/phases.ts';

export function runMetrics(facts: RunFacts, phases: Phases): MetricResult[] {
  return [
    row(facts, 'build.cold.duration', phases.build, 'buildkit'),
    ...repeatedBuild(facts, 'warm', 'build.warm.duration'),
    ...repeatedBuild(facts, 'source-change', 'build.sourceChange.duration'),
    ...repeatedBuild(facts, 'dependency-change', 'build.dependencyChange.duration'),
    ...repeatedBuild(facts, 'base-change', 'build.baseChange.duration'),
    row(facts, 'startup.duration', phases.startup, 'compose'),
    row(facts, 'test.duration', phases.test, 'trials'),
    row(facts, 'total.duration', phases.total, 'phases'),
    row(facts, 'run.duration', wallTime(facts), 'workflow'),
  ];
}

/** Never judged, and absent if nothing was built: what was stored of it says why. */
function repeatedBuild(facts: RunFacts, mode: BuildMode, metric: MetricName): MetricResult[] {
  const build = facts.builds.find((each) => each.mode === mode);
  if (build === undefined || build.images.length === 0) return [];
  return [row(facts, metric, untargeted(buildSeconds(build)), 'buildkit')];
}

/** From the first moment of the run to its last, as the store has them: for people, and never compared. */
function wallTime({ startedAt, finishedAt }: RunFacts): PhaseResult {
  const seconds = finishedAt === null ? Number.NaN : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (Number.isFinite(seconds) && seconds >= 0) return untargeted(seconds);
  const reason =
    finishedAt === null ? 'The run was judged before it ended.' : 'The stored times of the run are not valid.';
  return { seconds: null, reason, target: null, verdict: 'notMeasured' };
}

function untargeted(seconds: number): PhaseResult {
  return { seconds, reason: null, target: null, verdict: 'notApplicable' };
}

/** `source` names the origin of the figure, unless the collector that stored it names one. */
function row(facts: RunFacts, metric: MetricName, phase: PhaseResult, source: string): MetricResult {
  const stored = facts.measurements.find(
    (measurement) => measurement.metric === metric && Object.keys(measurement.subject).length === 0,
  );
  return {
    metric,
    unit: METRICS[metric].unit,
    value: phase.seconds,
    reason: phase.reason,
    source: stored?.source ?? source,
    scenario: null,
    trial: null,
    service: null,
    ofFailedTrial: false,
    target: phase.target,
    verdict: phase.verdict,
  };
}
