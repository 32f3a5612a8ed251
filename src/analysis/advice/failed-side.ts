import type { SideFailure, Verification, VerificationReason } from '../../model/advice.ts';
import type { FailureType } from '../../model/failure.ts';

/** What a remedy can break. The other types are about the machine. */
const OF_THE_PROJECT: readonly FailureType[] = [
  'WrongUsage',
  'BuildFailed',
  'ServiceUnhealthy',
  'ComposeFailed',
  'CommandNotFound',
];

/** How a remedy ended if its side could not be made or measured. */
export function endOfFailure({ side, activity, problem }: SideFailure): Pick<Verification, 'state' | 'reason'> {
  const reason = reasonOf({ side, activity, problem });
  return { state: reason.kind === 'broken' ? 'rejected' : 'inconclusive', reason };
}

function reasonOf({ side, activity, problem }: SideFailure): VerificationReason {
  if (side === 'head' && activity === 'prepareSource') return { kind: 'doesNotApply', problem };
  if (side === 'head' && OF_THE_PROJECT.includes(problem.type)) return { kind: 'broken', problem };
  return { kind: 'notMeasured', reason: problem.what };
}
