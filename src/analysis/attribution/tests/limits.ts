/** A limit on CPU time or memory: the kernel counts how long it held the tests back, and how long they waited for memory. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { changedKeys } from '../changed-files.ts';
import type { Part } from '../part.ts';
import type { Trial, Trials } from './trial.ts';

/** Below this share of the difference it is not named. */
const SMALLEST_SHARE = 0.15;

/** The parts without what a limit explains of them, and the limit. */
export function withLimit(trials: Trials, parts: readonly Part[]): Part[] {
  const limit = limitPart(trials, 'cpus') ?? limitPart(trials, 'memory');
  if (limit === null) return [...parts];
  const left = 1 - limit.seconds / trials.difference;
  return [limit, ...parts.map((part) => ({ ...part, seconds: part.seconds * left }))];
}

/** Waiting for memory has other reasons as well: without a changed limit it is not named. */
function limitPart(trials: Trials, name: keyof typeof LIMITS): Part | null {
  const { base, head, difference } = trials;
  const [before, now] = name === 'cpus' ? [throttledOf(base), throttledOf(head)] : [stalledOf(base), stalledOf(head)];
  const held = (now ?? 0) - (before ?? 0);
  const keys = changedKeys(trials.runs, ['services']).filter(({ key }) => LIMITS[name].test(key));
  if (held < SMALLEST_SHARE * difference || (name === 'memory' && keys.length === 0)) return null;
  const throttled: CauseEvidence = { kind: 'throttled', baseSeconds: before, headSeconds: now };
  return {
    class: 'limit',
    name,
    baseSeconds: before,
    headSeconds: now,
    seconds: Math.min(difference, held),
    evidence: [...keys, throttled],
  };
}

function stalledOf({ record }: Trial): number | null {
  const ratio = record.profile?.resources?.memoryPressureRatio ?? null;
  return ratio === null || record.seconds === null ? null : ratio * record.seconds;
}

function throttledOf({ record }: Trial): number | null {
  const resources = record.profile?.resources;
  if (resources === undefined) return null;
  const all = resources.containers
    .map(({ throttledSeconds }) => throttledSeconds)
    .filter((seconds) => seconds !== null);
  return all.length === 0 ? resources.total.throttledSeconds : Math.max(...all);
}

const LIMITS = {
  cpus: /\.(?:cpus|cpu_quota|cpu_period|cpu_count|cpu_percent|cpuset)$/,
  memory: /\.(?:mem_limit|memswap_limit|memory)$/,
};
