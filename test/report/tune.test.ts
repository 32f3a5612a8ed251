import { expect, test } from 'vitest';
import { tuneResult } from '../../src/analysis/xdist/tune.ts';
import type { Tried } from '../../src/model/tune.ts';
import { renderTuning, renderTuningMarkdown } from '../../src/report/tune.ts';

const TRIED: Tried = {
  number: 1,
  workers: 4,
  distribution: 'worksteal',
  set: { 'scenarios[0].command': 'python -m pytest -n 4 --dist worksteal' },
  predictedSeconds: 6,
  seconds: 5,
  samples: 5,
  state: 'open',
  reason: null,
  comparison: {
    kind: 'judged',
    verdict: 'improved',
    ratio: 0.5,
    interval: { low: 0.4, high: 0.6, coverage: 0.95 },
    n: 5,
    minimumDetectableEffect: 0.1,
    threshold: 0.05,
    message: '',
  },
};
const PLAN = {
  scenario: 'full',
  title: 'Full',
  workers: 2,
  distribution: 'load',
  candidates: [TRIED],
  simulated: 24,
  reason: null,
  patches: {},
};
const conclude = (tried: readonly Tried[], patches: Record<number, string> = {}) =>
  tuneResult({
    run: { workflowId: 'w', runId: 'r' },
    startedAt: '2026-03-01T02:00:00.000Z',
    project: 'shop',
    plan: { ...PLAN, patches },
    nowSeconds: 10,
    tried,
    errors: [],
    notes: [],
    cancelled: false,
  });

test('says what to change and what it saves, with the interval and the pairs', () => {
  const result = conclude([TRIED]);
  expect(result.best?.savesSeconds).toEqual({ value: 5, low: 4, high: 6, pairs: 5 });
  const text = renderTuning(result, { color: false, width: 120 });
  expect(text).toContain('Run Full with 4 workers with `--dist worksteal`: it saves 5 s (4 s to 6 s, 5 pairs).');
  expect(text).toContain('paceline.yml: scenarios[0].command = python -m pytest -n 4 --dist worksteal');
  expect(text).toContain('24 ways were simulated');
  expect(renderTuningMarkdown(result)).toContain('| -n 4 --dist worksteal |');
});

test('gives a patch where the addopts name the workers', () => {
  expect(conclude([TRIED], { 1: '--- a/pytest.ini\n' }).best?.remedy).toEqual({
    kind: 'patch',
    patch: '--- a/pytest.ini\n',
  });
});

test.each<[string, readonly Tried[], string]>([
  ['nothing was judged', [], 'inconclusive'],
  ['the budget ended before one was measured', [{ ...TRIED, comparison: null, state: 'left' }], 'inconclusive'],
  ['all were slower', [{ ...TRIED, comparison: null, state: 'slower' }], 'noChange'],
  ['all were red', [{ ...TRIED, comparison: null, state: 'failed', reason: 'It was red.' }], 'noChange'],
])('promises nothing where %s', (_, tried, verdict) => {
  expect(conclude(tried)).toMatchObject({ verdict, best: null });
});
