import { expect, test } from 'vitest';
import type { PytestDetails, PytestSummary, RunResult } from '../../../src/model/result.ts';
import { seconds } from '../../../src/report/blocks.ts';
import { RESULT_ALONE } from '../../../src/report/context.ts';
import { time } from '../../../src/report/sections/time.ts';
import { plain } from '../../../src/report/text/plain.ts';
import { profileOf } from '../../analysis/pytest-profiles.ts';

/** What the section reads of a result. */
function resultOf(path: PytestSummary['path']): RunResult {
  const profile = { ...profileOf().pytest!, path, ofFailedTrial: false };
  const pytest: PytestDetails = { ...profile, scenario: 'All', trial: 1 };
  return {
    pytest,
    scenarios: [{ name: 'All', primary: true, pytest: { ...profile, trial: 1 } }],
  } as unknown as RunResult;
}

const PATH = { start: 1, collection: 2, tests: 30, report: 1, outside: 0.5 };

function pathCells(result: RunResult) {
  const [block] = time.make(result, RESULT_ALONE).details ?? [];
  return block?.kind === 'chart' ? block.table?.rows[0] : null;
}

test('the path of the tests is shown in seconds', () => {
  const [list] = time.make(resultOf(PATH), RESULT_ALONE).summary ?? [];
  expect(list?.kind === 'list' ? plain(list.items[0]!.text) : null).toBe(
    'start and imports 1 s, collection 2 s, tests 30 s, end 1.5 s',
  );
  expect(pathCells(resultOf(PATH))).toMatchObject([
    'All',
    seconds(1),
    seconds(2),
    seconds(30),
    seconds(1),
    null,
    seconds(0.5),
    '312 tests',
    expect.any(String),
  ]);
});

test('where the clock was wrong, what ran is shown without a time', () => {
  const [chart] = time.make(resultOf(null), RESULT_ALONE).details ?? [];
  expect(chart).toMatchObject({ chart: { rows: [{ label: 'All', parts: null }] } });
  expect(time.make(resultOf(null), RESULT_ALONE).summary).toEqual([]);
  expect(pathCells(resultOf(null))).toMatchObject([
    'All',
    null,
    null,
    null,
    null,
    null,
    null,
    '312 tests',
    expect.any(String),
  ]);
});
