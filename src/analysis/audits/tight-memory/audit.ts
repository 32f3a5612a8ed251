import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { type Audit } from '../audit.ts';

/** Share of the lane's memory that was used. A suite that grows by a few tests then ends with exit code 137. */
export const TIGHT_RATIO = 0.85;

/** The kernel kills a process when its lane's memory is used up; before that it throws away the page cache, which costs reads. */
export const tightMemory: Audit = {
  id: 'tight-memory',
  title: 'The tests nearly use up the memory of their lane',
  ok: 'The tests leave enough of the memory of their lane.',
  requires: ['resources'],
  audit: ({ facts, plan }) =>
    plan.scenarios.flatMap(({ id, name }) => {
      const peaks = facts.trials.flatMap(({ scenarioId, outcome, lane, profile, trial }) => {
        const bytes = profile?.resources?.total.peakWorkingSetBytes ?? null;
        if (scenarioId !== id || outcome === 'outOfMemory' || bytes === null || lane.memoryBytes === null) return [];
        return [{ trial, bytes, limit: lane.memoryBytes, busiest: profile?.resources?.containers[0] }];
      });
      const [worst] = peaks.toSorted((a, b) => b.bytes / b.limit - a.bytes / a.limit);
      if (worst === undefined || worst.bytes < TIGHT_RATIO * worst.limit) return [];
      return [
        {
          kind: 'problem' as const,
          message: `Give the lane of ${name} more memory (\`lanes.memory\`), or run it with fewer workers: it used ${formatRatio(worst.bytes / worst.limit)} of what it has.`,
          evidence: [`trial ${worst.trial}: ${figure(worst.bytes, 'byte')} of ${figure(worst.limit, 'byte')}`],
        },
      ];
    }),
};
