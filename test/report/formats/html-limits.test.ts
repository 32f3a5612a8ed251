import { expect, test } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { renderHtml } from '../../../src/report/formats/html.ts';
import { largeRun, TRIALS } from '../../support/large-run.ts';

const MOST_BYTES = 5_000_000;

test('the page of 20,000 tests and 1,000 trials is small enough to open, and says where the rest is', () => {
  const facts = largeRun();
  const page = renderHtml(analyze(facts), { facts, trends: [] });
  expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
  expect(facts.trials).toHaveLength(TRIALS);
  expect(page).toContain('facts.json');
}, 120_000);
