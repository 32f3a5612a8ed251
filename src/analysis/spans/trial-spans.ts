/** One try of a trial: its waits, its services, its tests. */
import type { TrialRecord } from '../../model/run.ts';
import type { Span } from '../../model/span.ts';
import { pytestSpans } from './pytest-spans.ts';
import { partInterval, partSpan, type Since, stageInterval } from './stage.ts';
import { between, type Interval, spanOf, withGaps } from './tree.ts';

/** @returns null if nothing is known of when it was */
export function trialSpan(trial: TrialRecord, since: Since): Span | null {
  const { times, startedAt, finishedAt } = trial;
  const container = startedAt === null || finishedAt === null ? null : between(since(startedAt), since(finishedAt));
  const stage = times === undefined ? null : stageInterval(times, since);
  const known = [stage, container].flatMap((interval) => interval ?? []);
  if (known.length === 0) return null;
  // A trial that was taken over began before the attempt that tells its times.
  const interval = between(
    Math.min(...known.map(({ fromSeconds }) => fromSeconds)),
    Math.max(...known.map(({ toSeconds }) => toSeconds)),
  );
  const tests = container === null ? [] : [testsSpan(trial, container)];
  const parts = stage === null ? [] : partSpans(trial, stage, container);
  return spanOf(`trial:${trial.scenarioId}/${trial.trial}.${trial.try}`, 'trial', interval, {
    name: `${trial.scenarioName}, trial ${trial.trial}${trial.try === 1 ? '' : `, try ${trial.try}`}`,
    attributes: {
      scenario: trial.scenarioName,
      kind: trial.kind,
      outcome: trial.outcome,
      cpus: trial.lane.cpus.join(','),
      hostId: trial.hostId,
      ...(trial.reattached ? { reattached: true } : {}),
    },
    children: withGaps([...parts, ...tests], interval, nameOfGap),
  });
}

function nameOfGap(before: Span | null, next: Span | null): string {
  if (before?.id === 'tests') return 'notices the end of the tests';
  return next === null ? 'stores the trial' : `up to: ${next.name}`;
}

/** What the engine tells of the container is more exact than how long the worker watched it. */
function partSpans({ times }: TrialRecord, stage: Interval, container: Interval | null): readonly Span[] {
  return (times?.parts ?? []).flatMap((part) => {
    if (container === null) return [partSpan(part, stage)];
    if (part.kind === 'tests') return [];
    const span = partSpan(part, stage);
    const { toSeconds } = partInterval(part, stage);
    // The command that starts the tests returns after they have begun.
    const end = part.kind === 'prepareTests' ? Math.min(toSeconds, container.fromSeconds) : toSeconds;
    return [{ ...span, toSeconds: Math.max(span.fromSeconds, end) }];
  });
}

function testsSpan(trial: TrialRecord, container: Interval): Span {
  const pytest = trial.profile?.pytest ?? null;
  return spanOf('tests', 'phase', container, {
    name: 'test container',
    attributes: trial.exitCode === null ? {} : { exitCode: trial.exitCode },
    children: pytest === null ? [] : withGaps(pytestSpans(pytest, container), container, () => 'outside of pytest'),
  });
}
