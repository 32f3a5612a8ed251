import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJunit } from '../../src/collectors/junit.ts';

/** As pytest 8 writes it: one of each outcome, one expected failure, one test that failed and broke in its tear-down. */
const PYTEST = `<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="2" failures="2" skipped="2" tests="6" time="1.234" timestamp="2026-11-24T14:00:00" hostname="x">
<testcase classname="tests.test_a" name="test_passes[a&lt;b]" time="0.001" />
<testcase classname="tests.test_a" name="test_fails" time="0.002"><failure message="assert 1 == 2">def test(): &gt; assert</failure></testcase>
<testcase classname="tests.test_a" name="test_skips" time="0.000"><skipped type="pytest.skip" message="no">x</skipped></testcase>
<testcase classname="tests.test_a" name="test_xfails" time="0.000"><skipped type="pytest.xfail" message="" /></testcase>
<testcase classname="tests.test_a" name="test_setup_breaks" time="0.000"><error message="failed on setup">y</error></testcase>
<testcase classname="tests.test_a" name="test_fails_twice" time="0.000"><failure message="a">b</failure><error message="failed on teardown">c</error></testcase>
</testsuite></testsuites>`;

describe('a JUnit report', () => {
  test("counts as pytest's own summary does: 1 passed, 2 failed, 2 skipped or xfailed, 2 errors", () => {
    expect(readJunit(PYTEST)).toEqual({
      kind: 'counts',
      counts: { passed: 1, failed: 2, skipped: 2, errors: 2 },
      seconds: 1.234,
    });
  });

  test('adds up its suites, also nested ones', () => {
    const suite =
      '<testsuite time="2"><testcase name="a"/><testsuite><testcase name="b"><failure/></testcase></testsuite></testsuite>';
    expect(readJunit(`<testsuites>${suite}${suite}</testsuites>`)).toEqual({
      kind: 'counts',
      counts: { passed: 2, failed: 2, skipped: 0, errors: 0 },
      seconds: 4,
    });
  });

  test.each([
    ['a suite as the root', '<testsuite tests="1"><testcase name="a"/></testsuite>', 1, null],
    ['no test at all', '<testsuites><testsuite tests="0" time="0.1"/></testsuites>', 0, 0.1],
    ['no suite at all', '<testsuites/>', 0, null],
  ])('may have %s', (_, xml, passed, seconds) => {
    expect(readJunit(xml)).toEqual({ kind: 'counts', counts: { passed, failed: 0, skipped: 0, errors: 0 }, seconds });
  });

  test.each([
    ['is empty', '  \n', /empty/],
    ['is cut off', PYTEST.slice(0, PYTEST.length - 60), /not whole/],
    ['is something else', '<html><body/></html>', /no test suites/],
    ['is no XML', 'FAILED tests', /not whole|no test suites/],
  ])('that %s is unreadable, with the reason', (_, xml, reason) => {
    expect(readJunit(xml)).toEqual({ kind: 'unreadable', reason: expect.stringMatching(reason) });
  });

  test('of any content is read without an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (xml) => void readJunit(xml)));
    fc.assert(
      fc.property(fc.nat({ max: PYTEST.length }), fc.string({ maxLength: 5 }), (at, noise) => {
        expect(['counts', 'unreadable']).toContain(readJunit(PYTEST.slice(0, at) + noise + PYTEST.slice(at)).kind);
      }),
    );
  });
});
