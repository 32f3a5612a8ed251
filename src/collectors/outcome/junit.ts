/** Test counts from a JUnit XML report, as pytest writes it with `--junitxml`, read as a stream: a report may be of any size. */
import sax from 'sax';
import { figure } from '../../format/figure.ts';
import { type TestCounts, sumOfCounts } from '../../model/test-counts.ts';

export type JunitReport =
  | {
      readonly kind: 'counts';
      readonly counts: TestCounts;
      /** The sum of the suites' own times, i.e. the session without imports and collection; null if none is given. */
      readonly seconds: number | null;
    }
  /** No report, a report cut off in the middle, or something else. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Half a minute of reading. A report that is larger than this is not read to its end. */
export const LARGEST_REPORT_BYTES = 2 ** 30;
/** The size of one piece for the parser: well below `LONGEST_PART`, which is checked after each piece. */
const PIECE_CHARACTERS = 16_384;
/** Limit for an attribute or a comment. Nothing that is counted is longer; sax itself stops at 65,536. */
const LONGEST_PART = 32_768;
/** JUnit nests three elements. */
const DEEPEST = 100;
const MOST_ATTRIBUTES = 1_000;

/**
 * Counts the test cases of all suites. An expected failure counts as skipped, as pytest reports it; a test that failed and
 * then broke in its tear-down counts as both, as in pytest's own summary line.
 * @throws what reading `chunks` throws; nothing for what they hold
 */
export async function readJunit(chunks: AsyncIterable<Uint8Array>): Promise<JunitReport> {
  const reader = createReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > LARGEST_REPORT_BYTES)
      return unreadable(`the JUnit report has more than ${figure(LARGEST_REPORT_BYTES, 'byte')} and was not read`);
    if (!reader.add(decoder.decode(chunk, { stream: true }))) break;
  }
  return reader.end();
}

/** The beginning of an unfinished part, as sax keeps it; public in its JavaScript, missing in its types. */
interface OpenParts {
  attribValue: string;
  comment: string;
}

interface Reader {
  /** @returns whether more could change anything */
  readonly add: (text: string) => boolean;
  readonly end: () => JunitReport;
}

function createReader(): Reader {
  const parser = new sax.SAXParser(true) as sax.SAXParser & OpenParts;
  const counted = createCounter();
  const found: { problem: string | null } = { problem: null };
  let isEmpty = true;
  let attributes = 0;
  const giveUp = (reason: string) => {
    found.problem ??= reason;
  };
  parser.onopentagstart = ({ name }) => {
    attributes = 0;
    if (!counted.opens(name)) giveUp('the file is not a JUnit report: it has no test suites');
    if (counted.depth() > DEEPEST) giveUp(`the JUnit report nests more than ${DEEPEST} elements`);
  };
  parser.onattribute = ({ name, value }) => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES)
      giveUp(`an element of the JUnit report has more than ${MOST_ATTRIBUTES} attributes`);
    counted.attribute(name, value);
  };
  parser.onclosetag = (name) => counted.closes(name);
  // sax has no other way than a property.
  // oxlint-disable-next-line prefer-add-event-listener
  parser.onerror = ({ message }) => {
    giveUp(`the JUnit report is incomplete or damaged: ${message.split('\n')[0]} (line ${parser.line + 1})`);
    // Otherwise the parser throws the error that it has reported.
    parser.resume();
  };

  const pass = (piece: string) => {
    parser.write(piece);
    if (parser.attribValue.length > LONGEST_PART) parser.attribValue = '';
    if (parser.comment.length > LONGEST_PART) parser.comment = '';
  };
  return {
    add: (text) => {
      isEmpty &&= text.trim() === '';
      for (let at = 0; at < text.length && found.problem === null; at += PIECE_CHARACTERS) {
        pass(text.slice(at, at + PIECE_CHARACTERS));
      }
      return found.problem === null;
    },
    end: () => {
      if (isEmpty) return unreadable('the JUnit report is empty');
      if (found.problem === null) parser.close();
      return found.problem === null ? counted.report() : unreadable(found.problem);
    },
  };
}

/** Follows the elements: which test case is open, and what it holds. */
function createCounter() {
  const open: string[] = [];
  let counts = { passed: 0, failed: 0, skipped: 0, errors: 0 };
  let seconds: number | null = null;
  let held = new Set<string>();
  return {
    depth: () => open.length,
    /** @returns whether this may be a report */
    opens: (name: string): boolean => {
      const isRoot = open.length === 0;
      if (open.at(-1) === 'testcase') held.add(name);
      open.push(name);
      if (name === 'testcase') held = new Set();
      return !isRoot || name === 'testsuites' || name === 'testsuite';
    },
    attribute: (name: string, value: string): void => {
      // Suites in suites are part of them.
      if (name !== 'time' || open.at(-1) !== 'testsuite' || open.indexOf('testsuite') !== open.length - 1) return;
      const own = Number.parseFloat(value);
      if (Number.isFinite(own) && own >= 0) seconds = (seconds ?? 0) + own;
    },
    closes: (name: string): void => {
      open.pop();
      if (name === 'testcase' && open.at(-1) === 'testsuite') counts = sumOfCounts(counts, outcomeOf(held));
    },
    report: (): JunitReport => ({ kind: 'counts', counts, seconds }),
  };
}

function outcomeOf(held: ReadonlySet<string>): TestCounts {
  const failed = held.has('failure') ? 1 : 0;
  const errors = held.has('error') ? 1 : 0;
  const skipped = failed + errors === 0 && held.has('skipped') ? 1 : 0;
  return { passed: failed + errors + skipped === 0 ? 1 : 0, failed, skipped, errors };
}

function unreadable(reason: string): JunitReport {
  return { kind: 'unreadable', reason };
}
