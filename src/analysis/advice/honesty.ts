/** How good the predictions of each audit were: predicted over verified, of all remedies that were verified. */
import type { StoredVerification } from '../../model/advice.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';

/** Fewer verified remedies say little about an audit. */
const FEWEST = 3;
/** A prediction within this share of what was measured is a good one. */
const TOLERANCE = 0.3;

export interface AuditHonesty {
  readonly audit: string;
  /** Verified remedies with a prediction. */
  readonly n: number;
  /** Median of predicted over verified: 2 is twice too high. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** `few`: too few to tell. */
  readonly judgement: 'good' | 'tooHigh' | 'tooLow' | 'few';
}

/** One row an audit, by name. Each piece of advice counts once, by its newest verification. */
export function honestyOf(stored: readonly StoredVerification[]): readonly AuditHonesty[] {
  const newest = new Map<string, StoredVerification>();
  for (const each of stored.toSorted((a, b) => (a.at < b.at ? -1 : 1)))
    newest.set(`${each.project}/${each.audit}/${each.fingerprint}`, each);
  const ratios = new Map<string, number[]>();
  for (const { audit, predicted, verification } of newest.values()) {
    const measured = verification.saving?.value ?? 0;
    if (verification.state !== 'verified' || predicted === null || !(measured > 0)) continue;
    ratios.set(audit, [...(ratios.get(audit) ?? []), predicted.value / measured]);
  }
  return [...ratios]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([audit, each]) => {
      const samples = samplesOf(each);
      return samples === null ? [] : [honesty(audit, each, median(samples))];
    });
}

function honesty(audit: string, ratios: readonly number[], ratio: number): AuditHonesty {
  const judgement =
    ratios.length < FEWEST ? 'few' : ratio > 1 + TOLERANCE ? 'tooHigh' : ratio < 1 - TOLERANCE ? 'tooLow' : 'good';
  return { audit, n: ratios.length, ratio, lowest: Math.min(...ratios), highest: Math.max(...ratios), judgement };
}
