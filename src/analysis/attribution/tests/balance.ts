/** How the tests were spread over the workers: what is left of the growth where no test explains it. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { changedOptions } from '../changed-files.ts';
import { type Part, sum } from '../part.ts';
import { commandEvidence } from './phases.ts';
import { busiestOf, busySeconds, type Trials } from './trial.ts';

/** Tests that explain this much of the growth also explain that the others were spread differently. */
const EXPLAINED = 0.5;

/** @param left seconds that the phase grew and no test explains @param named the tests that grew */
export function balanceParts(trials: Trials, left: number, named: readonly Part[]): Part[] {
  const { base, head } = trials;
  if (left <= 0 || (base.workers === 1 && head.workers === 1)) return [];
  const [before, now] = [base.pytest.configuration, head.pytest.configuration];
  const part = {
    baseSeconds: busiestOf(base).seconds,
    headSeconds: busiestOf(head).seconds,
    seconds: left,
  };
  const loads = loadsOf(trials);
  if (before.workers !== now.workers) {
    const option = optionOf('-n', String(before.workers), String(now.workers));
    return [{ class: 'workers', name: '-n', ...part, evidence: [option, ...optionPlaces(trials), ...loads] }];
  }
  if (before.distribution !== now.distribution) {
    const option = optionOf('--dist', before.distribution, now.distribution);
    return [{ class: 'imbalance', name: '--dist', ...part, evidence: [option, ...optionPlaces(trials), ...loads] }];
  }
  const explained = sum(named.map(({ seconds }) => seconds));
  const [most] = named.toSorted((a, b) => b.seconds - a.seconds);
  if (most !== undefined && explained >= EXPLAINED * (explained + left)) return [{ ...most, seconds: left }];
  const worse = spreadOf(head) - spreadOf(base);
  if (worse <= 0) return [];
  return [{ class: 'imbalance', name: 'workers', ...part, seconds: Math.min(left, worse), evidence: loads }];
}

/** By how much the busiest worker has more to do than each has on average. */
function spreadOf(trial: Trials['head']): number {
  return busiestOf(trial).seconds - busySeconds(trial) / trial.workers;
}

function loadsOf({ base, head }: Trials): CauseEvidence[] {
  return [
    {
      kind: 'workers',
      baseBusiest: busiestOf(base).seconds,
      headBusiest: busiestOf(head).seconds,
      baseMean: busySeconds(base) / base.workers,
      headMean: busySeconds(head) / head.workers,
    },
  ];
}

function optionOf(name: string, base: string | null, head: string | null): CauseEvidence {
  return { kind: 'option', name, base, head };
}

/** Where options of pytest are written: its file, or the command. */
export function optionPlaces(trials: Trials): CauseEvidence[] {
  return [
    ...changedOptions(trials.runs).filter(({ key }) => /addopts|cov|xdist|numprocesses/.test(key)),
    ...commandEvidence(trials),
  ];
}
