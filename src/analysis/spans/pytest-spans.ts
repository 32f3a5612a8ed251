/** The phases of pytest, its workers and their tests. */
import type { PytestPath, PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { Span, SpanKind } from '../../model/span.ts';
import { workerSpans } from './worker-spans.ts';
import { between, type Interval, spanOf, withGaps } from './tree.ts';

const PHASES: readonly (readonly [key: keyof PytestPath, kind: SpanKind, name: string])[] = [
  ['start', 'phase', 'start of pytest'],
  ['collection', 'phase', 'collection'],
  ['tests', 'phase', 'running tests'],
  ['report', 'report', 'reports and shut-down'],
];

/**
 * One after another from the start of the container; what is left is outside of pytest. Where a command runs pytest several times, the phases
 * of all sessions are together.
 */
export function pytestSpans({ path, sessions, table, fixtures }: PytestProfile, container: Interval): readonly Span[] {
  if (path === null) return [];
  let from = container.fromSeconds;
  return PHASES.flatMap(([key, kind, name]) => {
    const interval = between(from, from + path[key]);
    from = interval.toSeconds;
    if (path[key] <= 0) return [];
    // With several sessions, the starts of the tests count time between the sessions, too.
    const workers =
      key === 'tests' && table !== undefined && sessions === 1 ? workerSpans(table, fixtures, interval) : [];
    return [
      spanOf(key, kind, interval, { name, children: withGaps(workers, interval, () => 'no worker runs a test') }),
    ];
  });
}
