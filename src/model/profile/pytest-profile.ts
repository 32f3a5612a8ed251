/** What the probe within pytest saw of one trial. Bounded: lists hold the costliest rows, names are cut at 300 characters. */
import type { TestCounts } from '../test-counts.ts';
import type { CollectedFile, ConnectionCost, CoverageSettings, SleepCost, TestTable } from './test-table.ts';

export interface PytestProfile {
  /** Runs of pytest one after another in the command; the lists are about all of them together. */
  readonly sessions: number;
  readonly configuration: PytestConfiguration;
  /** null if the container's clock was wrong; then all lists of times are empty as well. */
  readonly path: PytestPath | null;
  readonly tests: TestCounts;
  /** Tests that were not left out by a mark or an outcome `skipped`, and the SHA-256 of their sorted node ids. */
  readonly testSet: { readonly count: number; readonly digest: string };
  /** null if pytest-cov made no report. */
  readonly coverageReportSeconds: number | null;
  /** The processes that ran tests: xdist's workers by their names, or pytest itself as `main`. */
  readonly workers: readonly WorkerLoad[];
  readonly slowestTests: readonly TestTiming[];
  /** The costliest by their own set-up time, summed over all processes. */
  readonly fixtures: readonly FixtureCost[];
  readonly markers: readonly Category[];
  readonly directories: readonly Category[];
  readonly files: readonly Category[];
  readonly failedTests: readonly string[];
  /** The test that was running when the process ended; null if each came to its end. */
  readonly unfinishedTest: string | null;
  /** Where pytest was when its process was ended from outside; null if it came to its own end. */
  readonly cutOff?: CutOff | null;
  /** All tests, compactly. Older versions stored none. */
  readonly table?: TestTable;
  /** The costliest lines, at most 20. Absent if unknown, as the four below. */
  readonly sleeps?: readonly SleepCost[];
  /** The lines where tests start pytest as another program and wait for it, the costliest 20. */
  readonly startedPytests?: readonly SleepCost[];
  /** The costliest files, at most 20. */
  readonly collectedFiles?: readonly CollectedFile[];
  /** The most used addresses, at most 20. */
  readonly connections?: readonly ConnectionCost[];
  /** null without coverage. */
  readonly coverageSettings?: CoverageSettings | null;
}

export interface CutOff {
  readonly during: 'collection' | 'tests' | 'report';
  /** Those that were running, the longest first, at most five. */
  readonly running: readonly RunningTest[];
}

export interface RunningTest {
  readonly id: string;
  readonly worker: string;
  /** Until the container's end; null if its start is not known. */
  readonly seconds: number | null;
}

/** What was in effect, whether command, environment or a file of the project asked for it. */
export interface PytestConfiguration {
  readonly python: string;
  readonly pytest: string;
  /** "pytest-cov 7.1.0" */
  readonly plugins: readonly string[];
  /** 0: within pytest's own process. */
  readonly workers: number;
  /** xdist's `--dist`; null without workers. */
  readonly distribution: string | null;
  readonly coverage: boolean;
  /** As given to `-m` and `-k`; null: all. */
  readonly markers: string | null;
  readonly keyword: string | null;
  /** The plugin that shuffles the tests. */
  readonly randomOrder: string | null;
  readonly strictMarkers: boolean;
  /** 0: however many fail. */
  readonly maxFailures: number;
  /** Of the project's file, and of PYTEST_ADDOPTS without Paceline's own words. */
  readonly addopts: readonly string[];
  readonly file: string | null;
}

/**
 * The critical path of the test container in seconds; the parts sum to its wall time, as the engine has it. Several
 * sessions of one command are summed up, and the time between them is in `outside`.
 */
export interface PytestPath {
  /** From the container's start: interpreter, imports, plugins, the first conftest. */
  readonly start: number;
  /** With workers: their start, and the collection of the last that was ready. */
  readonly collection: number;
  readonly tests: number;
  /** From the end of the last test to pytest's: coverage and its reports, summaries, workers that shut down. */
  readonly report: number;
  /** Before and after pytest, where the command does more, and the interpreter's own end. */
  readonly outside: number;
}

export interface WorkerLoad {
  readonly worker: string;
  readonly tests: number;
  /** Running tests, their set-up and tear-down included. */
  readonly busySeconds: number;
  /** From the start of its process until it was ready to run tests; null or absent if unknown. */
  readonly startSeconds?: number | null;
  /** Of its process and of the children that it waited for, over the session; null or absent if unknown. */
  readonly cpuSeconds?: number | null;
}

export interface TestTiming {
  readonly id: string;
  /** With what it waited for between its phases. */
  readonly seconds: number;
  readonly setup: number;
  readonly call: number;
  readonly teardown: number;
  readonly outcome: TestOutcome;
  readonly worker: string;
}

export type TestOutcome = 'passed' | 'failed' | 'error' | 'skipped' | 'xfailed' | 'xpassed' | 'unfinished';

export interface FixtureCost {
  readonly name: string;
  readonly scope: string;
  /** The folder or file that defines it; empty for plugins. */
  readonly where: string;
  readonly count: number;
  /** Without the fixtures that it needs. */
  readonly seconds: number;
  readonly slowest: number;
  /** Total of its tear-downs; null if that was not recorded. */
  readonly teardown: number | null;
  /** How many tests use it, by name or through another fixture; absent if unknown, as the rest below. */
  readonly users?: number;
  /** Of its `def`: a path as in node ids, and the lines from its first decorator to the `def`; null for plugins. */
  readonly definition?: { readonly file: string; readonly line: number; readonly lines: readonly string[] } | null;
  /**
   * Whether a test changed what it returned. `differs`: none did, but one set-up gave another value than the one before.
   * `unknown`: its value cannot be compared.
   */
  readonly value?: 'same' | 'changed' | 'differs' | 'unknown';
}

export interface Category {
  readonly name: string;
  readonly tests: number;
  readonly seconds: number;
}
