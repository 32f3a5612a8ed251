/** What the end of a test container means. Only a run that passed is ever a sample, so this is strict. */
import type { TrialOutcomeKind } from '../../model/run.ts';
import { type TestCounts, totalOf } from '../../model/test-counts.ts';
import { hintWords, type OutputHint } from '../../model/output-hint.ts';
import type { SuiteEnd } from '../../model/suite-end.ts';
import { hintIn, timeoutHintIn } from './exit-hints.ts';
import { crashWords, stopJudgement, stopMessage } from './suite-stop.ts';

export interface ExitFacts {
  /** null if the container never came to run. */
  readonly exitCode: number | null;
  /** From the engine; also true if only one process of the container was killed for memory. */
  readonly oomKilled: boolean;
  /** From JUnit; null if there is no report. */
  readonly tests: TestCounts | null;
  /** Paceline stopped the container because its time was over. */
  readonly timedOut: boolean;
  /** The signal that ended it, if known. */
  readonly killedBySignal?: string | null;
  /** The engine's message if it could not start the container. */
  readonly engineError: string | null;
  /** The end of the tests' output; a reason is looked for in it. */
  readonly outputTail?: string;
  /** How the instrumented pytest ended; null if there was none. */
  readonly end?: SuiteEnd | null;
  /** No pytest was instrumented, and the command's pytest did not write the report that was asked for. */
  readonly reportMissing?: boolean;
}

export interface Judgement {
  readonly outcome: TrialOutcomeKind;
  /** One sentence; null for `passed` alone. */
  readonly reason: string | null;
  /** What the output says about the end; null for `passed`, and where nothing was recognised. */
  readonly hint: OutputHint | null;
}

type Verdict = Omit<Judgement, 'hint'>;

/**
 * Judges by exit code, the engine's facts and the tests that ran. The meaning of pytest's codes 0 to 5 is from its
 * documentation (pytest.ExitCode); 126, 127 and 128 + signal are the shell's and the engine's.
 */
export function judgeExit(facts: ExitFacts): Judgement {
  const verdict = verdictOf(facts);
  return { ...verdict, hint: verdict.outcome === 'passed' ? null : hintOf(facts) };
}

/** An internal error that pytest reported comes first: the output's end may show another error that followed from it. */
function hintOf({ exitCode, outputTail = '', end, engineError }: ExitFacts): OutputHint | null {
  const error = exitCode === INTERNAL_ERROR ? (end?.internalError ?? null) : null;
  return (
    (error === null ? null : hintIn(error)) ??
    hintIn(outputTail) ??
    timeoutHintIn(outputTail) ??
    hintIn(engineError ?? '')
  );
}

function verdictOf(facts: ExitFacts): Verdict {
  const { exitCode, tests } = facts;
  if (facts.timedOut)
    return { outcome: 'timedOut', reason: 'The tests did not end within their time limit and were stopped.' };
  if (facts.engineError !== null && facts.engineError !== '') return judgeEngineError(facts.engineError);
  const end = facts.end ?? null;
  // A wrapper may end with 0 although pytest, or its worker, was killed.
  const died = end !== null && (end.stop?.cause.kind === 'processEnded' || end.crashes.length > 0);
  if (facts.oomKilled && (exitCode !== 0 || died)) return outOfMemory(exitCode, end);
  if (exitCode === null) return { outcome: 'infrastructure', reason: 'The test container never started.' };
  if (exitCode === 126 || exitCode === 127) return commandNotFound(facts.outputTail, exitCode);
  if (exitCode > 128) return killed(exitCode, facts.killedBySignal ?? null);
  const stopped = end === null ? null : stopJudgement(end, { exitCode, tests, said: saidIn(facts.outputTail ?? '') });
  if (stopped !== null) return stopped;
  if (exitCode === 0) return judgeSuccess(facts, end);
  return judgeTestExit(exitCode, tests, facts.outputTail ?? '', end);
}

function judgeEngineError(error: string): Verdict {
  const message = plainEngineError(error);
  return /executable file not found|no such file or directory|permission denied/i.test(error) && /exec/i.test(error)
    ? { outcome: 'commandNotFound', reason: `The test command cannot be run: ${message}.` }
    : { outcome: 'infrastructure', reason: `The engine could not start the test container: ${message}.` };
}

/** The runtime repeats the names of its own parts before what matters: `OCI runtime create failed: runc create failed: … exec: …`. */
function plainEngineError(error: string): string {
  const [, program, why] = /\bexec: "([^"]+)":\s*(.*)/s.exec(error) ?? [];
  if (program === undefined || why === undefined) return error.trim().replace(/\.$/, '');
  return /executable file not found|no such file/i.test(why)
    ? `there is no program \`${program}\` in the image (executable file not found)`
    : `\`${program}\`: ${why.trim().replace(/(?:: unknown)?\.?$/, '')}`;
}

function outOfMemory(exitCode: number | null, end: SuiteEnd | null): Verdict {
  const killed =
    exitCode === 137 || exitCode === null
      ? 'The tests were killed because they ran out of memory.'
      : `A process of the tests was killed because it ran out of memory; the command then ended with exit code ${exitCode}.`;
  const crashed = end === null ? null : crashWords(end);
  return { outcome: 'outOfMemory', reason: crashed === null ? killed : `${killed} ${crashed}.` };
}

/** A wrapper may end with 0 although pytest did not, so the tests' counts decide too. */
function judgeSuccess({ tests, reportMissing }: ExitFacts, end: SuiteEnd | null): Verdict {
  if (reportMissing === true) {
    const reason =
      'The command ended with exit code 0, but its pytest left no report of its tests, so it did not end normally.';
    return { outcome: 'testsBroken', reason };
  }
  if (tests === null) return { outcome: 'passed', reason: null };
  if (tests.failed + tests.errors > 0) {
    const reason = `${failures(tests, end)}, although the command ended with exit code 0.`;
    return { outcome: 'testsFailed', reason };
  }
  if (totalOf(tests) === 0)
    return { outcome: 'noTests', reason: 'No test ran, although the command ended with exit code 0.' };
  return { outcome: 'passed', reason: null };
}

function commandNotFound(outputTail: string | undefined, exitCode: number): Verdict {
  const said = /^.*(?:not found|No such file|[Pp]ermission denied).*$/m.exec(outputTail ?? '')?.[0]?.trim();
  const what = exitCode === 127 ? 'The test command was not found' : 'The test command cannot be executed';
  return {
    outcome: 'commandNotFound',
    reason: `${what} (exit code ${exitCode}${said === undefined ? '' : `: ${said}`}).`,
  };
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

const OWN_FAULT = new Set(['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV']);

function killed(exitCode: number, knownSignal: string | null): Verdict {
  const signal = knownSignal ?? SIGNALS[exitCode - 128] ?? `signal ${exitCode - 128}`;
  return {
    outcome: 'killed',
    reason: OWN_FAULT.has(signal)
      ? `The tests crashed with ${signal} (exit code ${exitCode}).`
      : `The tests were killed by ${signal} (exit code ${exitCode}); the engine does not report that memory ran out.`,
  };
}

function judgeTestExit(exitCode: number, tests: TestCounts | null, output: string, end: SuiteEnd | null): Verdict {
  const why = explanation(exitCode, output, end);
  const because = why === null ? '' : `: ${why}`;
  const crashed = end === null ? null : crashWords(end);
  const also = crashed === null ? '' : ` ${crashed}.`;
  const broken = (sentence: string): Verdict => ({ outcome: 'testsBroken', reason: `${sentence}${because}.${also}` });
  if (exitCode === 5 && (tests === null || totalOf(tests) === 0)) {
    const deselected = /(\d+) deselected/.exec(output)?.[1];
    const all = deselected === undefined ? because : `: all ${deselected} were deselected`;
    return { outcome: 'noTests', reason: `No tests were collected (exit code 5)${all}.` };
  }
  switch (exitCode) {
    case 1:
      return judgeExitOne(tests, output, why, end);
    case 2:
      return broken('The test run was interrupted (exit code 2)');
    case 3:
      return broken('pytest failed with an internal error (exit code 3), so not every test ran');
    case 4:
      return broken('pytest could not start (exit code 4)');
    default:
      return tests !== null && tests.failed + tests.errors > 0
        ? { outcome: 'testsFailed', reason: `${failures(tests, end)} (exit code ${exitCode}).` }
        : broken(`The test command ended with exit code ${exitCode}`);
  }
}

/** Half a sentence that explains the end: a recognised hint, else the words of pytest or a plugin. */
function explanation(exitCode: number, output: string, end: SuiteEnd | null): string | null {
  const error = end?.internalError ?? null;
  if (exitCode === INTERNAL_ERROR && error !== null) return saidIn(error) ?? error.replace(/\.$/, '');
  return saidIn(output) ?? (end === null ? null : stopMessage(end));
}

function saidIn(output: string): string | null {
  const hint = hintIn(output);
  return hint === null ? null : hintWords(hint);
}

/** pytest.ExitCode.INTERNAL_ERROR */
const INTERNAL_ERROR = 3;

function judgeExitOne(tests: TestCounts | null, output: string, why: string | null, end: SuiteEnd | null): Verdict {
  const because = why === null ? '' : `: ${why}`;
  if (/Different tests were collected|INTERNALERROR/.test(output)) {
    return { outcome: 'testsBroken', reason: `The test run stopped early (exit code 1)${because}.` };
  }
  if (tests === null) return { outcome: 'testsFailed', reason: `The test command ended with exit code 1${because}.` };
  const crashed = end?.crashes.length ?? 0;
  if (tests.errors > crashed && tests.errors === totalOf(tests)) {
    return {
      outcome: 'testsBroken',
      reason: `No test ran, for ${tests.errors} ${plural(tests.errors, 'error')}${because}.`,
    };
  }
  // Failures explain themselves. An error outside of the tests has a reason that the counts do not show.
  if (tests.errors > crashed) return { outcome: 'testsFailed', reason: `${failures(tests, end)}${because}.` };
  const inTime = timeoutHintIn(output);
  const timeout = inTime === null ? '' : `: ${hintWords(inTime)}`;
  if (tests.failed + tests.errors > 0) return { outcome: 'testsFailed', reason: `${failures(tests, end)}${timeout}.` };
  const ran = totalOf(tests) === 0 ? 'No test failed' : 'Every test passed';
  return { outcome: 'testsBroken', reason: `${ran}, but the command ended with exit code 1${because}.` };
}

/** A test that crashed its worker comes first: xdist reports it as failed, and JUnit as an error. */
function failures(tests: TestCounts, end: SuiteEnd | null): string {
  const crashed = end === null ? null : crashWords(end);
  if (end === null || crashed === null) return countedFailures(tests);
  const count = Math.min(tests.errors, end.crashes.length);
  return `${crashed}. ${countedFailures({ ...tests, failed: tests.failed + count, errors: tests.errors - count })}`;
}

function countedFailures({ failed, errors, ...rest }: TestCounts): string {
  const failedTests = `${failed} of ${totalOf({ failed, errors, ...rest })} tests failed`;
  const others = `${errors} ${plural(errors, 'error')} outside of the tests themselves`;
  const verb = errors === 1 ? 'was' : 'were';
  if (errors === 0) return failedTests;
  return failed === 0 ? `There ${verb} ${others}` : `${failedTests}, and there ${verb} ${others}`;
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
