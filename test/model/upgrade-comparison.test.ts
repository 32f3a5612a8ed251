import { expect, test } from 'vitest';
import { concludeParts } from '../../src/analysis/regression/compare.ts';
import { decidePairs } from '../../src/analysis/regression/pairs.ts';
import type { ComparedPart } from '../../src/model/comparison.ts';
import type { Measured, Pair } from '../../src/model/regression.ts';
import {
  type ComparedPartOne,
  type CompareResultOne,
  upgradeComparison,
  upgradePart,
} from '../../src/model/upgrade-comparison.ts';
import { renderComparisonMarkdown } from '../../src/report/comparison.ts';

const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });
const PAIRS: readonly Pair[] = [10, 10.1, 10.2, 9.9, 10].map((base, index) => ({
  base: measured(base),
  head: measured(base * (index % 2 === 0 ? 1.6 : 1.5)),
  first: 'base',
}));

function partOf(pairs: readonly Pair[]): ComparedPart {
  return {
    suspect: { phase: 'startup' },
    title: 'Start-up',
    comparison: decidePairs(pairs, { threshold: 0.2 }),
    baseSeconds: 10,
    headSeconds: 15,
    pairs,
  };
}

/** As version 1 stored it. */
function partOne(part: ComparedPart): ComparedPartOne {
  if (part.comparison.kind === 'refused') return { ...part, comparison: part.comparison };
  const { minimumDetectableEffect: smallestDetectable, ...rest } = part.comparison;
  return { ...part, comparison: { ...rest, smallestDetectable } };
}

const PARTS = [partOf(PAIRS), partOf(PAIRS.slice(0, 1))];
const RESULT = concludeParts({
  run: { workflowId: 'compare/shop', runId: 'r' },
  project: 'shop',
  startedAt: '2026-01-01T00:00:00.000Z',
  base: { ref: 'main', commit: null },
  head: { ref: 'topic', commit: null },
  parts: PARTS,
  errors: [],
  notes: [],
  cancelled: false,
});

test('a comparison of version 1 becomes one of this version, with judged and refused parts', () => {
  expect(PARTS.map(({ comparison }) => comparison.kind)).toEqual(['judged', 'refused']);
  const stored: CompareResultOne = { ...RESULT, schemaVersion: 1, parts: PARTS.map(partOne) };
  expect(upgradeComparison(stored)).toEqual(RESULT);
  expect(renderComparisonMarkdown(upgradeComparison(stored))).toBe(renderComparisonMarkdown(RESULT));
});

test('a comparison of this version stays as it is', () => {
  expect(upgradeComparison(RESULT)).toBe(RESULT);
  expect(PARTS.map(upgradePart)).toEqual(PARTS);
});
