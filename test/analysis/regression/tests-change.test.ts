import { expect, test } from 'vitest';
import { testsChange } from '../../../src/analysis/regression/tests-change.ts';
import type { KnownTests } from '../../../src/model/regression.ts';
import { many, type SuiteSeen, tested } from '../attribution/sides.ts';

const SUITE = many('tests/test_a.py::x', 30, { call: 0.1 });

function known(tests: SuiteSeen['tests'], listed?: number): KnownTests {
  const facts = tested({ tests, ...(listed === undefined ? {} : { listed }) });
  return facts.trials[0]!.profile!.pytest!;
}

test('the tests that came and went are named, of a suite of any size', () => {
  const added = many('tests/test_b.py::y', 25, { call: 0.2 });
  expect(testsChange(known(SUITE), known({ ...SUITE, ...added }))).toMatchObject({
    addedCount: 25,
    addedSeconds: expect.closeTo(5) as number,
    removedCount: 0,
  });
  expect(testsChange(known({ ...SUITE, ...added }), known(SUITE))).toMatchObject({ addedCount: 0, removedCount: 25 });
});

test('a renamed file changes no tests', () => {
  const renamed = many('tests/test_renamed.py::x', 30, { call: 0.1 });
  expect(testsChange(known(SUITE), known(renamed))).toEqual({ kind: 'same' });
  expect(testsChange(known(SUITE), known({ ...renamed, 'tests/test_b.py::y': { call: 1 } }))).toMatchObject({
    added: ['tests/test_b.py::y'],
    removedCount: 0,
  });
});

test('it is unknown where a list is not complete, or a test is skipped on one side only', () => {
  expect(testsChange(known(SUITE, 20), known({ ...SUITE, 'b.py::y': { call: 1 } }))).toBeNull();
  const base = known(SUITE);
  const skipping = { ...base, testSet: { count: base.testSet.count - 1, digest: 'another' } };
  expect(testsChange(base, skipping)).toBeNull();
});
