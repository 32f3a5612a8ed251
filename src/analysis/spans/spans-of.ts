import type { RunFacts } from '../../model/run.ts';
import type { Span } from '../../model/span.ts';
import { buildSpan } from './build-spans.ts';
import type { Since } from './stage.ts';
import { startupSpan } from './startup-spans.ts';
import { between, type Interval, spanOf, within, withGaps, withPaths } from './tree.ts';
import { trialSpan } from './trial-spans.ts';

/**
 * The time of a run as one tree: builds, start-up, trials, with their waits and all that is known of what is in them. Pure. A time that
 * nothing explains is a span `other` with a name.
 */
export function spansOf(facts: RunFacts): Span {
  const startedMs = Date.parse(facts.startedAt);
  const since: Since = (iso) => (Date.parse(iso) - startedMs) / 1_000;
  const stages = [...beforeTrials(facts, since), ...facts.trials.flatMap((trial) => trialSpan(trial, since) ?? [])];
  const run = runInterval(facts, since, stages);
  const { project, run: ref, source } = facts;
  return withPaths(
    spanOf('run', 'run', run, {
      name: `${project}: benchmark`,
      attributes: {
        project,
        runId: ref.runId,
        workflowId: ref.workflowId,
        cancelled: facts.cancelled,
        ...(source?.commit == null ? {} : { commit: source.commit }),
        ...(source?.branch == null ? {} : { branch: source.branch }),
        ...(source === null ? {} : { origin: source.origin }),
      },
      children: withGaps(
        stages.map((stage) => within(stage, run)),
        run,
        nameOfGap,
      ),
    }),
  );
}

/** Older versions did not store when builds and start-up were: these are put one after another. */
function beforeTrials({ builds, startup }: RunFacts, since: Since): readonly Span[] {
  const spans: Span[] = [];
  const end = () => spans.reduce((last, { toSeconds }) => Math.max(last, toSeconds), 0);
  for (const build of builds) {
    const span = buildSpan(build, since, end());
    if (span !== null) spans.push(span);
  }
  const services = startup === null ? null : startupSpan(startup, since, end());
  return services === null ? spans : [...spans, services];
}

/** A run that has not ended is as long as what it has done. */
function runInterval({ finishedAt }: RunFacts, since: Since, stages: readonly Span[]): Interval {
  const seconds = finishedAt === null ? Number.NaN : since(finishedAt);
  const last = stages.reduce((most, { toSeconds }) => Math.max(most, toSeconds), 0);
  return between(0, Number.isFinite(seconds) && seconds >= 0 ? seconds : last);
}

function nameOfGap(before: Span | null, next: Span | null): string {
  if (before === null) return 'claims a host, checks it, copies the source and resolves the plan';
  if (next === null) return 'confirms suspicions, cleans up and judges';
  return next.kind === 'trial' && before.kind !== 'trial'
    ? 'chooses scenarios and plans trials'
    : `schedules ${next.name}`;
}
