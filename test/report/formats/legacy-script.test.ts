import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderSeedReason, renderSeedResults } from '../../../src/report/formats/legacy-script.ts';

function results(build: number | null, startup: number | null, tests: number | null) {
  const parts = [build, startup, tests];
  const totalSeconds = parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + part!, 0);
  return renderSeedResults({ buildSeconds: build, startupSeconds: startup, testSeconds: tests, totalSeconds });
}

describe('the closing block of the original script', () => {
  test('stands line for line', () => {
    expect(results(41, 6, 38)).toBe(
      [
        '=== Performance Results ===',
        'Docker Build Time: 41s',
        'Service Startup Time: 6s',
        'Test Execution Time: 38s',
        'Total Time: 85s',
        '✅ Performance target met (< 5 minutes)',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [299.9, '✅ Performance target met (< 5 minutes)'],
    [300, '❌ Performance target exceeded (> 5 minutes)'],
    [412, '❌ Performance target exceeded (> 5 minutes)'],
  ])('judges %d s of tests against 300 s', (seconds, line) => {
    expect(results(0, 0, seconds).split('\n').at(-2)).toBe(line);
  });

  test('never puts a number where none was measured', () => {
    expect(results(41, 6, null)).toContain(
      'Test Execution Time: n/a\nTotal Time: n/a\n❌ Performance target could not be judged',
    );
  });

  test('without services counts start-up as nothing', () => {
    const text = renderSeedResults({ buildSeconds: 41.6, startupSeconds: null, testSeconds: 38.6, totalSeconds: 80.2 });
    expect(text).toMatch(
      /Build Time: (41|42)s\nService Startup Time: n\/a\nTest Execution Time: (38|39)s\nTotal Time: 80s/,
    );
  });

  test('has whole seconds that add up, each within a second of what was measured', () => {
    const seconds = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, (build, startup, tests) => {
        const [b, s, t, total] = [...results(build, startup, tests).matchAll(/: (\d+)s/g)].map((match) =>
          Number(match[1]),
        );
        expect(b! + s! + t!).toBe(total);
        for (const [shown, exact] of [
          [b, build],
          [s, startup],
          [t, tests],
        ] as const) {
          expect(Math.abs(shown! - exact)).toBeLessThan(1.001);
        }
      }),
    );
  });
});

describe('what the block does not tell', () => {
  const error = {
    type: 'BuildFailed',
    what: 'RUN make failed.',
    next: 'Run the build by hand.',
    detail: 'make: no rule',
  };
  test.each([
    ['pass', [], ''],
    ['missed', [], 'missed: The summary.\n'],
    ['failed', [], 'failed: The summary.\n'],
    ['error', [error], 'error: RUN make failed.\nRun the build by hand.\n    make: no rule\n'],
  ] as const)('is said of a run with verdict %s', (verdict, errors, text) => {
    expect(renderSeedReason({ verdict, summary: 'The summary.', errors })).toBe(text);
  });
});
