/** Test counts from a JUnit XML report, as pytest writes it with `--junitxml`. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { TestCounts } from '../model/run.ts';

export type JunitReport =
  | {
      readonly kind: 'counts';
      readonly counts: TestCounts;
      /** The sum of the suites' own times, i.e. the session without imports and collection; null where none is given. */
      readonly seconds: number | null;
    }
  /** No report, a report cut off in the middle, or something else. */
  | { readonly kind: 'unreadable'; readonly reason: string };

interface XmlNode {
  readonly [name: string]: unknown;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  parseTagValue: false,
  // Test names and outputs may hold any number of entities; none of them is looked at.
  processEntities: false,
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
});

/**
 * Counts the test cases of all suites. An expected failure counts as skipped, as pytest reports it; a test that failed and
 * then broke in its tear-down counts as both, as in pytest's own summary line. Never throws.
 */
export function readJunit(xml: string): JunitReport {
  if (xml.trim() === '') return unreadable('the JUnit report is empty');
  try {
    const valid = XMLValidator.validate(xml);
    if (valid !== true) return unreadable(`the JUnit report is not whole: ${valid.err.msg} (line ${valid.err.line})`);
    const suites = suitesOf(parser.parse(xml) as XmlNode);
    if (suites === null) return unreadable('the file is no JUnit report: it has no test suites');
    return {
      kind: 'counts',
      counts: suites.map(countsOf).reduce(sum, NONE),
      seconds: suites.map(secondsOf).reduce((a, b) => (a === null ? b : b === null ? a : a + b), null),
    };
  } catch (error) {
    return unreadable(`the JUnit report cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const NONE: TestCounts = { passed: 0, failed: 0, skipped: 0, errors: 0 };

function unreadable(reason: string): JunitReport {
  return { kind: 'unreadable', reason };
}

function suitesOf(root: XmlNode): readonly XmlNode[] | null {
  if ('testsuites' in root) return nodes(asNode(root['testsuites'])['testsuite']);
  return 'testsuite' in root ? nodes(root['testsuite']) : null;
}

function countsOf(suite: XmlNode): TestCounts {
  const own = nodes(suite['testcase']).map(outcomeOf);
  const inner = nodes(suite['testsuite']).map(countsOf);
  return [...own, ...inner].reduce(sum, NONE);
}

function outcomeOf(test: XmlNode): TestCounts {
  const failed = 'failure' in test ? 1 : 0;
  const errors = 'error' in test ? 1 : 0;
  const skipped = failed + errors === 0 && 'skipped' in test ? 1 : 0;
  return { passed: failed + errors + skipped === 0 ? 1 : 0, failed, skipped, errors };
}

function secondsOf(suite: XmlNode): number | null {
  const seconds = Number.parseFloat(typeof suite['@time'] === 'string' ? suite['@time'] : '');
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

function sum(a: TestCounts, b: TestCounts): TestCounts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    errors: a.errors + b.errors,
  };
}

function nodes(value: unknown): readonly XmlNode[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).map(asNode);
}

function asNode(value: unknown): XmlNode {
  return typeof value === 'object' && value !== null ? (value as XmlNode) : {};
}
