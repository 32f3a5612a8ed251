import { describe, expect, it } from 'vitest';
import { concludeParts, type Compared } from '../../src/analysis/regression/compare.ts';
import { decidePairs } from '../../src/analysis/regression/pairs.ts';
import type { ComparedPart } from '../../src/model/comparison.ts';
import type { Measured, Pair } from '../../src/model/regression.ts';
import { comparisonHtml } from '../../src/report/files.ts';
import { renderComparison, renderComparisonMarkdown } from '../../src/report/comparison.ts';

const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });

function part(title: string, ratio: number, count = 5): ComparedPart {
  const pairs = Array.from({ length: count }, (_, index): Pair => {
    const base = 10 + index * 0.02;
    const noise = index % 2 === 0 ? 1.01 : 0.99;
    return { base: measured(base), head: measured(base * ratio * noise), first: index % 2 === 0 ? 'base' : 'head' };
  });
  const comparison = decidePairs(pairs, { threshold: 0.2 });
  const suspect = { phase: 'test', scenario: title } as const;
  return { suspect, title, comparison, baseSeconds: 10, headSeconds: 10 * ratio, pairs };
}

function compared(parts: readonly ComparedPart[], more: Partial<Compared> = {}) {
  return concludeParts({
    run: { workflowId: 'compare/shop', runId: 'r' },
    project: 'shop',
    startedAt: '2026-01-01T00:00:00.000Z',
    base: { ref: 'main', commit: '1a2b3c4d' },
    head: { ref: 'topic', commit: '5e6f7a8b' },
    parts,
    errors: [],
    notes: [],
    cancelled: false,
    ...more,
  });
}

const unwrapped = (text: string) => text.replaceAll(/\n */g, ' ');

describe('a comparison', () => {
  it.each([
    [[part('A', 1), part('B', 1.5)], 'regressed'],
    [[part('A', 1), part('B', 0.6)], 'improved'],
    [[part('A', 1)], 'noChange'],
    [[part('A', 0.6), part('B', 1, 1)], 'inconclusive'],
    [[], 'inconclusive'],
  ] as const)('has the first verdict that a part of it has (%#)', (parts, verdict) => {
    expect(compared(parts).verdict).toBe(verdict);
  });

  it('that was cancelled or could not be made has no verdict of its parts', () => {
    const errors = [{ type: 'BuildFailed', what: 'The image could not be built.', next: 'Correct it.' }] as const;
    expect(compared([part('A', 1.5)], { errors }).verdict).toBe('error');
    expect(compared([part('A', 1.5)], { errors, cancelled: true }).verdict).toBe('cancelled');
  });

  it('is a table with ratio, interval, number of pairs and what they could show', () => {
    expect(
      renderComparison(compared([part('Full Suite', 1.5), part('Quick', 1), part('Once', 1, 1)]), {
        color: false,
        width: 100,
      }),
    ).toMatchInlineSnapshot(`
      "regressed  shop: main (1a2b3c4) against topic (5e6f7a8)

      Full Suite: slower: +50 %, 95 % interval +48 % to +52 %, n 5 pairs on one host, threshold 20 %.

                  Base  Head  Change          Interval  n  Could show  Verdict
      Full Suite  10 s  15 s   +50 %    +48 % to +52 %  5       1.8 %  regressed
      Quick       10 s  10 s  +0.2 %  −1.2 % to +1.6 %  5       1.8 %  no change
      Once        10 s  10 s       –                 –  1           –  inconclusive

        · Once: One pair of base and head was measured; an interval needs at least two, a verdict five.
        · Change: head against base, from pairs of measurements. Interval: where the true change is, with
          the noise of this machine. n: number of pairs. Could show: the smallest change that this number
          of pairs would find.
      "
    `);
  });

  it('is the same table as Markdown, where no text of others can break out', () => {
    const text = renderComparisonMarkdown(compared([part('a|b <script>', 1)]));
    expect(text).toContain('no change');
    expect(text).not.toContain('<script>');
  });

  it('is a page with each pair, which no text of others can break out of', async () => {
    const page = await comparisonHtml(compared([part('a|b <script>', 1.5)]));
    expect(page.match(/<tr id="pairs--\d/g)).toHaveLength(5);
    expect(page).toContain('regressed');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });

  const MOVED = [
    { kind: 'test', name: 'tests/test_a.py::test_<b>', baseSeconds: 2, headSeconds: 4, share: 0.92 },
    { kind: 'fixture', name: 'db', baseSeconds: 0.1, headSeconds: 0.4, share: 0.15 },
  ] as const;

  it('lists under the table what moved', () => {
    const result = compared([{ ...part('Full Suite', 1.5), moved: MOVED }, part('Quick', 1)]);
    const words =
      'Full Suite: 92 % in test tests/test_a.py::test_<b> (2 s before, 4 s now); 15 % in fixture db (100 ms before, 400 ms now).';
    expect(unwrapped(renderComparison(result, { color: false, width: 100 }))).toContain(`· ${words}`);
    expect(renderComparisonMarkdown(result)).toContain('- Full Suite: 92 % in test');
    expect(renderComparisonMarkdown(result)).not.toContain('<b>');
  });

  it('counts the tests of each side', () => {
    const withTests = (base: number, head: number): ComparedPart => {
      const all = part('Full Suite', 1);
      const counted = (side: Measured, count: number) => ({ ...side, tests: { count, digest: `${count}` } });
      const pairs = all.pairs.map((pair) => ({
        ...pair,
        base: counted(pair.base, base),
        head: counted(pair.head, head),
      }));
      return { ...all, pairs };
    };
    const shown = (each: ComparedPart) => unwrapped(renderComparison(compared([each]), { color: false, width: 100 }));
    expect(shown(withTests(312, 312))).toContain('Full Suite: 312 tests on each side.');
    expect(shown(withTests(312, 310))).toContain('Full Suite: 312 tests at the base, 310 at the head.');
  });

  it('says what to do where nothing is decided', () => {
    const noisy = part('Full Suite', 1);
    const pairs = noisy.pairs.map((pair, index) => ({ ...pair, head: measured(index % 2 === 0 ? 20 : 6) }));
    const undecided = { ...noisy, pairs, comparison: decidePairs(pairs, { threshold: 0.2 }) };
    const text = unwrapped(renderComparison(compared([undecided]), { color: false, width: 100 }));
    expect(text).toContain('Compare again on a quieter machine, or with more pairs (--pairs 10).');
  });

  it('says what was changed of each commit', () => {
    const patch = '--- a/tests/a.py\n+++ b/tests/a.py\n@@ -1 +1 @@\n-a\n+b\n';
    const result = compared([part('A', 1)], {
      base: { ref: 'main', commit: '1a2b3c4d', set: { 'lanes.cpus': 2, 'trials.repeat': 3 } },
      head: { ref: 'main', commit: '1a2b3c4d', patch, set: { 'scenarios[0].command': 'pytest -n 4' } },
    });
    const text = unwrapped(renderComparison(result, { color: false, width: 100 }));
    expect(text).toContain(
      'shop: main (1a2b3c4) with 2 plan overrides against main (1a2b3c4) with a patch and 1 plan override',
    );
    expect(text).toContain('Base: lanes.cpus is 2.');
    expect(text).toContain('Head: a patch changes tests/a.py.');
    expect(text).toContain('Head: scenarios[0].command is "pytest -n 4".');
    expect(result.head.patch).toBe(patch);
  });
});
