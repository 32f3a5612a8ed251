/** A limit on CPU time: the kernel counts how long it held the tests back. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { changedKeys } from '../changed-files.ts';
import type { Part } from '../part.ts';
import type { Trial, Trials } from './trial.ts';

/** Below this share of the difference it is not named. */
const SMALLEST_SHARE = 0.15;

/** The parts without what the limit explains of them, and the limit. */
export function withLimit(trials: Trials, parts: readonly Part[]): Part[] {
  const { base, head, difference } = trials;
  const [before, now] = [throttledOf(base), throttledOf(head)];
  const held = (now ?? 0) - (before ?? 0);
  if (held < SMALLEST_SHARE * difference) return [...parts];
  const share = Math.min(1, held / difference);
  const throttled: CauseEvidence = { kind: 'throttled', baseSeconds: before, headSeconds: now };
  const limit: Part = {
    class: 'limit',
    name: 'cpus',
    baseSeconds: before,
    headSeconds: now,
    seconds: share * difference,
    evidence: [...limitKeys(trials), throttled],
  };
  return [limit, ...parts.map((part) => ({ ...part, seconds: part.seconds * (1 - share) }))];
}

function throttledOf({ record }: Trial): number | null {
  const resources = record.profile?.resources;
  if (resources === undefined) return null;
  const all = resources.containers
    .map(({ throttledSeconds }) => throttledSeconds)
    .filter((seconds) => seconds !== null);
  return all.length === 0 ? resources.total.throttledSeconds : Math.max(...all);
}

const LIMITS = /\.(?:cpus|cpu_quota|cpu_period|cpu_count|cpu_percent|cpuset|mem_limit|memory|deploy\.resources\..*)$/;

function limitKeys({ runs }: Trials) {
  return changedKeys(runs, ['services']).filter(({ key }) => LIMITS.test(key));
}
