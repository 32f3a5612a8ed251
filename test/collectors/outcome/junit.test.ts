import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JunitReport, readJunit } from '../../../src/collectors/outcome/junit.ts';

/** The report as it comes from a file, cut at arbitrary places. */
function read(xml: string, chunkBytes = 7): Promise<JunitReport> {
  const bytes = Buffer.from(xml);
  const starts = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) => index * chunkBytes);
  async function* chunks() {
    for (const start of starts) yield bytes.subarray(start, start + chunkBytes);
  }
  return readJunit(chunks());
}

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
  test("counts as pytest's own summary does: 1 passed, 2 failed, 2 skipped or xfailed, 2 errors", async () => {
    expect(await read(PYTEST)).toEqual({
      kind: 'counts',
      counts: { passed: 1, failed: 2, skipped: 2, errors: 2 },
      seconds: 1.234,
    });
  });

  test('adds up its suites, also nested ones', async () => {
    const suite =
      '<testsuite time="2"><testcase name="a"/><testsuite><testcase name="b"><failure/></testcase></testsuite></testsuite>';
    expect(await read(`<testsuites>${suite}${suite}</testsuites>`)).toEqual({
      kind: 'counts',
      counts: { passed: 2, failed: 2, skipped: 0, errors: 0 },
      seconds: 4,
    });
  });

  test.each([
    ['a suite as the root', '<testsuite tests="1"><testcase name="a"/></testsuite>', 1, null],
    ['no test at all', '<testsuites><testsuite tests="0" time="0.1"/></testsuites>', 0, 0.1],
    ['no suite at all', '<testsuites/>', 0, null],
  ])('may have %s', async (_, xml, passed, seconds) => {
    expect(await read(xml)).toEqual({ kind: 'counts', counts: { passed, failed: 0, skipped: 0, errors: 0 }, seconds });
  });

  test.each([
    ['is empty', '  \n', /empty/],
    ['is cut off', PYTEST.slice(0, PYTEST.length - 60), /incomplete or damaged/],
    ['is something else', '<html><body/></html>', /no test suites/],
    ['is not XML', 'FAILED tests', /incomplete or damaged|no test suites/],
  ])('that %s is unreadable, with the reason', async (_, xml, reason) => {
    expect(await read(xml)).toEqual({ kind: 'unreadable', reason: expect.stringMatching(reason) });
  });

  test('of any content is read without an exception', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (xml) => void (await read(xml))));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: PYTEST.length }), fc.string({ maxLength: 5 }), async (at, noise) => {
        const { kind } = await read(PYTEST.slice(0, at) + noise + PYTEST.slice(at));
        expect(['counts', 'unreadable']).toContain(kind);
      }),
    );
  });

  test.each([
    { what: 'a message of 1 MB', inside: `<failure message="${'m'.repeat(1_000_000)}"/>`, failed: 1 },
    { what: 'output of 1 MB', inside: `<system-out>${'o'.repeat(1_000_000)}</system-out>`, failed: 0 },
    { what: 'CDATA', inside: `<system-out><![CDATA[${'<c>'.repeat(300_000)}]]></system-out>`, failed: 0 },
    { what: 'a comment of 1 MB', inside: `<!--${'c'.repeat(1_000_000)}-->`, failed: 0 },
    { what: 'escaped characters', inside: `<system-out>${'&lt;&#10;'.repeat(10_000)}</system-out>`, failed: 0 },
  ])('is counted whatever its tests have: $what', async ({ inside, failed }) => {
    const xml = `<testsuite time="1"><testcase name="a">${inside}</testcase><testcase name="b"/></testsuite>`;
    expect(await read(xml, 65_536)).toEqual({
      kind: 'counts',
      counts: { passed: 2 - failed, failed, skipped: 0, errors: 0 },
      seconds: 1,
    });
  });

  const attributes = Array.from({ length: 2_000 }, (_, index) => `a${index}="1"`).join(' ');
  test.each([
    { what: 'nests elements without an end', inside: '<a>'.repeat(10_000), reason: /nests more than 100 elements/ },
    { what: 'has thousands of attributes', inside: `<b ${attributes}/>`, reason: /more than 1000 attributes/ },
    { what: 'has a name without an end', inside: `<${'n'.repeat(1_000_000)}`, reason: /incomplete or damaged/ },
    { what: 'names an entity of its own', inside: '&lol9;', reason: /incomplete or damaged/ },
  ])('that $what is not read on', async ({ inside, reason }) => {
    expect(await read(`<testsuite>${inside}`, 65_536)).toEqual({
      kind: 'unreadable',
      reason: expect.stringMatching(reason),
    });
  });
});
