import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import {
  annotation,
  annotations,
  foreignLine,
  groupStart,
  slowTestWarnings,
} from '../../../src/report/formats/github.ts';
import { renderStepSummary } from '../../../src/report/formats/markdown.ts';
import { badTrialOf, factsOf, FULL, planOf, trialOf } from '../../analysis/facts.ts';

describe('the two warnings of the original plan', () => {
  test.each([[301], [301.9]])('stand word for word above 300 s: %d', (seconds) => {
    expect(slowTestWarnings(seconds)).toEqual([
      '::warning::Test execution time exceeded 5 minutes: 301s',
      '::warning::Consider investigating performance regression',
    ]);
  });

  test.each([[300], [12], [null]])('are not there for %s', (seconds) => {
    expect(slowTestWarnings(seconds)).toEqual([]);
  });

  test('come first among the annotations of a slow run', () => {
    const plan = planOf({ scenarios: [FULL] });
    const result = analyze(factsOf({ plan, trials: [trialOf(FULL, { seconds: 312.4 })] }));
    expect(annotations(result)).toEqual([
      '::warning::Test execution time exceeded 5 minutes: 312s',
      '::warning::Consider investigating performance regression',
      '::error title=Paceline::Build, start-up and tests took 6 min; the target is under 5 min.',
      '::error title=Paceline::Test execution took 5 min 12 s; the target is under 3 min.',
    ]);
  });
});

describe('workflow commands', () => {
  test('cannot be ended or forged by their data', () => {
    expect(annotation('error', 'a:b,c%', '50 % of\r\n::error::x')).toBe(
      '::error title=a%3Ab%2Cc%25::50 %25 of%0D%0A::error::x',
    );
    expect(groupStart('Build\n::error::x')).toBe('::group::Build ::error::x');
  });

  test.each([
    ['::error::x', ': :error::x'],
    ['  ::stop-commands::y', '  : :stop-commands::y'],
    ['##[error]x', '# #[error]x'],
    ['tests/a.py::test_b PASSED', 'tests/a.py::test_b PASSED'],
  ])('are not obeyed in the output of the tests: %s', (line, shown) => {
    expect(foreignLine(line)).toBe(shown);
  });

  test('tell an error of the machinery and a red scenario', () => {
    const plan = planOf({ scenarios: [FULL] });
    const trials = [badTrialOf(FULL, 'testsFailed', '100 % of tests failed.')];
    const problems = [{ type: 'EngineUnavailable', what: 'The engine went away.', next: 'Start it.' } as const];
    expect(annotations(analyze(factsOf({ plan, trials, problems })))).toEqual([
      '::error title=Paceline::The engine went away. Start it.',
      '::error title=Paceline::Full Test Suite: 100 %25 of tests failed.',
    ]);
  });
});

test('a run that could not be judged is a warning', () => {
  const result = analyze(factsOf({ plan: planOf({ scenarios: [FULL] }), trials: [] }));
  expect(annotations(result)).toEqual([`::warning title=Paceline::Inconclusive. ${result.summary}`]);
});

test('the step summary has the tables of the report, and not its long lists', () => {
  const summary = renderStepSummary(analyze(factsOf()));
  expect(summary).toContain('## ✅ pass: shop at 1a2b3c4 (main)');
  expect(summary).toContain('| ✅ | Full Test Suite | 38.2 s | &lt; 3 min | 312 passed, 4 skipped |');
  expect(summary).not.toContain('<details>');
});
