/** Comparisons of older versions, in the form of this one. docs/regressions.md lists the changes. */
import { COMPARISON_SCHEMA_VERSION, type ComparedPart, type CompareResult } from './comparison.ts';
import type { Comparison } from './regression.ts';

type Judged = Extract<Comparison, { kind: 'judged' }>;
type JudgedOne = Omit<Judged, 'minimumDetectableEffect'> & { readonly smallestDetectable: number | null };

export type ComparedPartOne = Omit<ComparedPart, 'comparison'> & {
  readonly comparison: JudgedOne | Extract<Comparison, { kind: 'refused' }>;
};

/** The keys of version 1 that have changed since. */
export type CompareResultOne = Omit<CompareResult, 'schemaVersion' | 'parts'> & {
  readonly schemaVersion: 1;
  readonly parts: readonly ComparedPartOne[];
};

export function upgradeComparison(stored: CompareResult | CompareResultOne): CompareResult {
  if (stored.schemaVersion === COMPARISON_SCHEMA_VERSION) return stored;
  return { ...stored, schemaVersion: COMPARISON_SCHEMA_VERSION, parts: stored.parts.map(upgradePart) };
}

/** A comparison that one worker begins and a newer one concludes has parts of both versions. */
export function upgradePart(part: ComparedPart | ComparedPartOne): ComparedPart {
  const { comparison } = part;
  if (comparison.kind === 'refused' || !('smallestDetectable' in comparison)) return part as ComparedPart;
  const { smallestDetectable, ...rest } = comparison;
  return { ...part, comparison: { ...rest, minimumDetectableEffect: smallestDetectable } };
}
