/** Puts what `advise --verify` has found on the advice that it was about. */
import type { StoredVerification, VerificationReason } from '../../model/advice.ts';
import type { Advice, TriedAdvice } from '../../model/result.ts';
import { adviceKey, keyText } from './advice-key.ts';

/**
 * The newest verification of each piece of advice, whichever run of the project it was made for: the key has the place and the remedy,
 * with the lines around a change.
 * @param stored of the project, in any order
 */
export function verificationsOf(
  advice: readonly Advice[],
  stored: readonly StoredVerification[],
): readonly StoredVerification[] {
  const newest = new Map<string, StoredVerification>();
  for (const each of stored.toSorted((a, b) => (a.at < b.at ? -1 : 1))) newest.set(keyText(each), each);
  return advice.flatMap((each) => newest.get(keyText(adviceKey(each))) ?? []);
}

/** The same advice, with how it ended where it was tried. */
export function withVerifications(advice: readonly Advice[], stored: readonly StoredVerification[]): readonly Advice[] {
  const found = new Map(verificationsOf(advice, stored).map((each) => [keyText(each), each]));
  return advice.map((each) => {
    const verified = found.get(keyText(adviceKey(each)));
    return verified === undefined ? each : withVerification(each, verified);
  });
}

function withVerification(advice: Advice, { verification, at, runId }: StoredVerification): Advice {
  const { state, reason, ratio, saving } = verification;
  const tried: TriedAdvice = {
    at,
    ofRun: runId,
    reason: reason.kind,
    detail: detailOf(reason),
    ratio: ratio === null ? null : { value: ratio.value, low: ratio.low, high: ratio.high },
  };
  return {
    ...advice,
    state,
    tried,
    saves: advice.saves === null ? null : { ...advice.saves, verified: saving },
  };
}

/** What the tests or the engine said; null where the kind of the reason says it all. */
export function detailOf(reason: VerificationReason): string | null {
  switch (reason.kind) {
    case 'testsRed':
    case 'baseRed':
    case 'notMeasured':
      return reason.reason;
    case 'testsChanged':
      return `${reason.base} tests without the remedy, ${reason.head} with it`;
    case 'broken':
    case 'doesNotApply':
      return reason.problem.what;
    case 'gain':
    case 'noGain':
    case 'slower':
    case 'testsUnstable':
    case 'budget':
    case 'noise':
    case 'folderChanged':
      return null;
  }
}
