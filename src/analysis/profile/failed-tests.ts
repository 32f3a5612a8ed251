/** Which tests failed and how, of one trial of each red scenario: what the probe saw, and the end of the output. */
import type { FailedTests } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { judgedTrials } from '../trials/trials.ts';

/** Of each scenario. */
const MOST = 5;
/** A message of this many characters fills two lines of a terminal. */
const MOST_CHARACTERS = 200;

/** Empty if no test failed, or none is known by name. */
export function failedTestsOf(facts: RunFacts): readonly FailedTests[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id, name }) => {
    const red = judgedTrials(facts, id).findLast(({ outcome }) => outcome === 'testsFailed');
    const output = plainText(red?.logTail ?? '');
    const ids = red === undefined ? [] : failedIds(red, output);
    if (red === undefined || ids.length === 0) return [];
    const tests = ids.slice(0, MOST).map((test) => ({ id: test, message: messageOf(test, output) }));
    return [{ scenario: name, trial: red.trial, total: Math.max(ids.length, failures(red)), tests }];
  });
}

/** The probe's list is whole; pytest's own summary may be cut off. */
function failedIds({ profile }: TrialRecord, output: string): readonly string[] {
  const seen = profile?.pytest?.failedTests ?? [];
  return seen.length > 0 ? seen : [...new Set([...output.matchAll(SUMMARY)].map(([, id = '']) => id))];
}

/** A line of pytest's "short test summary info". An id may have spaces within its brackets. */
const SUMMARY = /^(?:FAILED|ERROR) ([^\s[]+(?:\[.*\])?)(?: - .*)?$/gm;

function failures({ tests }: TrialRecord): number {
  return tests === null ? 0 : tests.failed + tests.errors;
}

/** The first `E` line of its failure, else what the summary says of it; null if the output has neither. */
function messageOf(id: string, output: string): string | null {
  const message = errorLine(id, output) ?? summaryLine(id, output);
  return message === null || message === '' ? null : message.slice(0, MOST_CHARACTERS);
}

/** The failure of `tests/a.py::TestA::test_b[1]` begins with `____ TestA.test_b[1] ____`. */
function errorLine(id: string, output: string): string | null {
  const name = id.split('::').slice(1).join('.');
  const lines = output.split('\n');
  const start = lines.findIndex((line) => /^_+ (.*) _+$/.exec(line)?.[1] === name);
  if (start === -1) return null;
  const length = lines.slice(start + 1).findIndex((line) => /^(?:_+ .* _+|=+ .* =+)$/.test(line));
  const own = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  return (
    own
      .find((line) => /^E\s+\S/.test(line))
      ?.replace(/^E\s+/, '')
      .trim() ?? null
  );
}

function summaryLine(id: string, output: string): string | null {
  const start = ['FAILED', 'ERROR'].map((word) => `${word} ${id} - `);
  const line = output.split('\n').find((each) => start.some((words) => each.startsWith(words)));
  return line?.slice(line.indexOf(`${id} - `) + id.length + 3).trim() ?? null;
}

/** Without the colours of a terminal. */
function plainText(output: string): string {
  // oxlint-disable-next-line no-control-regex
  return output.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll('\r', '');
}
