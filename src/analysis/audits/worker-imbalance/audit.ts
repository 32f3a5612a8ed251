import { figure } from '../../../format/figure.ts';
import type { Place } from '../../../model/project-files.ts';
import { isWorth, recordedOf, savesByPrediction } from '../../xdist/finding.ts';
import type { Prediction } from '../../xdist/predict.ts';
import { simulate } from '../../xdist/simulate.ts';
import type { Suite, SuiteTest } from '../../xdist/suite.ts';
import type { Audit, Finding } from '../audit.ts';
import { caveatsOf, conditionOf } from '../../trials/serves.ts';
import { placeOfTest } from '../support/primary.ts';
import { pytestStartedBy, waitingEvidence } from '../support/waiting.ts';

/** A unit that takes more than this part of the time of all tests decides when they end. */
const DOMINATES = 0.4;

/** One test, or one file that its distribution keeps together, takes so long that the other workers wait for it. */
export const workerImbalance: Audit = {
  id: 'worker-imbalance',
  title: 'One worker is busy long after the others',
  ok: 'No single test or file decides when the tests end.',
  requires: ['trials', 'pytest'],
  audit: (context) => {
    const read = recordedOf(context);
    if (read.kind !== 'predicted') return [read];
    const { prediction } = read;
    const { way, suite, now, cpus } = prediction;
    if (way.workers < 2) return [{ kind: 'notApplicable', reason: 'The tests run in a single process.' }];
    // Where another distribution helps, its own check gives that advice.
    const other = prediction.others.find(({ workers }) => workers === way.workers);
    if (other !== undefined && isWorth(prediction, other, context)) return [];
    const longest = longestUnit(prediction);
    // What to do about a test that starts pytest, slow-tests says.
    if (longest === null || startsPytest(prediction, longest) || longest.seconds < DOMINATES * now.testsSeconds)
      return [];
    const split = { workers: way.workers, distribution: way.distribution ?? 'load', cpus } as const;
    const after = simulate(inHalves(suite, longest.tests), split).seconds;
    const predicted = { ...way, seconds: (prediction.seconds * after) / now.seconds, low: 0, high: 0 };
    const isFaster = prediction.seconds - predicted.seconds > context.plan.alerts.floorSeconds;
    return isFaster ? [finding(prediction, longest, predicted)] : [];
  },
};

function startsPytest({ profile, suite }: Prediction, { tests }: Unit): boolean {
  return tests.length === 1 && pytestStartedBy(profile, suite.tests[tests[0]!]!.id) !== null;
}

interface Unit {
  readonly name: string;
  readonly seconds: number;
  /** Indexes into the suite's tests. */
  readonly tests: readonly number[];
}

function longestUnit({ suite, way }: Prediction): Unit | null {
  const units = new Map<string, number[]>();
  for (const [index, test] of suite.tests.entries()) {
    const name = unitOf(test, way.distribution, index);
    units.set(name, [...(units.get(name) ?? []), index]);
  }
  return [...units]
    .map(([name, tests]) => ({
      name,
      tests,
      seconds: tests.reduce((sum, test) => sum + lengthOf(suite.tests[test]!), 0),
    }))
    .reduce<Unit | null>((best, each) => (best !== null && best.seconds >= each.seconds ? best : each), null);
}

function unitOf(test: SuiteTest, distribution: Prediction['way']['distribution'], index: number): string {
  if (distribution === 'loadfile') return test.file;
  return distribution === 'loadscope' ? test.scope : `${test.id} ${index}`;
}

function lengthOf({ busy, wait }: SuiteTest): number {
  return busy + wait;
}

/** A file or class in two of them, a single test as two of half its time. */
function inHalves(suite: Suite, tests: readonly number[]): Suite {
  const [first] = tests;
  if (tests.length > 1) {
    const second = new Set(tests.slice(Math.ceil(tests.length / 2)));
    const moved = (test: SuiteTest) => ({ ...test, file: `${test.file} 2`, scope: `${test.scope} 2` });
    return { ...suite, tests: suite.tests.map((test, index) => (second.has(index) ? moved(test) : test)) };
  }
  // The second half comes last: a worker that begins a test already holds the next one.
  const half = (test: SuiteTest) => ({ ...test, busy: test.busy / 2, wait: test.wait / 2 });
  return {
    ...suite,
    tests: [...suite.tests.map((test, index) => (index === first ? half(test) : test)), half(suite.tests[first!]!)],
  };
}

function finding(prediction: Prediction, { name, seconds, tests }: Unit, after: { readonly seconds: number }): Finding {
  const { suite, now, way, trial, profile } = prediction;
  const isTest = tests.length === 1;
  const what = isTest ? `\`${suite.tests[tests[0]!]!.id}\`` : `${name} (${tests.length} tests)`;
  const ends = now.perWorker.map(({ endsAt }) => endsAt);
  const condition = conditionOf(trial);
  const step = isTest
    ? `Split ${what} into tests that can run at the same time, or make it shorter.`
    : `Split ${what} into two files, or use \`--dist worksteal\` where its tests do not depend on each other.`;
  return {
    kind: 'opportunity',
    message: `${step} It takes ${figure(seconds, 'second')}${condition === null ? '' : ` ${condition}`}, and the other workers wait for the one that runs it.`,
    evidence: [
      `all tests: ${figure(now.testsSeconds, 'second')} with ${way.workers} workers`,
      `the last worker ends after ${figure(Math.max(...ends), 'second')}, the first one after ${figure(Math.min(...ends), 'second')}`,
      ...(isTest ? waitingEvidence(profile, { id: suite.tests[tests[0]!]!.id, seconds }) : []),
      ...caveatsOf(trial),
    ],
    where: placeOfUnit(prediction, tests),
    saves: savesByPrediction(prediction, after),
    remedy: { kind: 'steps', steps: [step] },
  };
}

/** A test, the first one of a class, or a file from its top. */
function placeOfUnit({ suite, way, trial }: Prediction, tests: readonly number[]): Place {
  const { id, file } = suite.tests[tests[0]!]!;
  const pytest = trial.profile?.pytest;
  return way.distribution === 'loadfile' || pytest == null ? { file, line: 1 } : placeOfTest(pytest, id);
}
