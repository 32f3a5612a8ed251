import type { Plan } from '../../../model/plan.ts';
import type { Remedy, ScenarioResult } from '../../../model/result.ts';
import type { TestCounts } from '../../../model/test-counts.ts';
import { commandText } from '../../../plan/command-text.ts';
import { figure } from '../../../format/figure.ts';
import { allDisturbed } from '../../trials/trials.ts';
import {
  isWorth,
  placeOfWorkers,
  predictedEvidence,
  predictionOf,
  remedyOf as remedyByPrediction,
  savesByPrediction,
} from '../../xdist/finding.ts';
import { type Audit, type AuditContext, type Finding, sameTests, savesSeconds, testsOf } from '../audit.ts';
import { effectiveWorkers, type Workers, workerWords } from '../workers.ts';

interface Sample {
  readonly scenario: ScenarioResult;
  readonly seconds: number;
  readonly tests: TestCounts;
  readonly workers: Workers;
}

/**
 * Compares scenarios that differ by their number of workers alone, ran the same tests and were clean. No rule of thumb
 * such as "one worker a core" holds: suites that wait gain from more, suites that compute lose.
 */
export const workerCount: Audit = {
  id: 'worker-count',
  title: 'Another number of workers is faster',
  ok: 'No other measured number of workers is faster.',
  requires: ['trials'],
  audit: (context) => {
    const { scenarios, plan } = context;
    const samples = scenarios.flatMap(sampleOf);
    const primary = samples.find(({ scenario }) => scenario.primary);
    if (primary === undefined) return [{ kind: 'inconclusive', reason: NO_SAMPLE }];
    const others = samples.filter((other) => other !== primary && isAlike(other, primary));
    if (others.length === 0) return bySimulation(context);
    const best = others.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const { regressionRatio, floorSeconds } = plan.alerts;
    const isFaster = primary.seconds - best.seconds > Math.max(floorSeconds, regressionRatio * primary.seconds);
    return isFaster
      ? [faster(best, primary, plan)]
      : others.filter((other) => isWasteful(other, primary)).map((other) => noFaster(other, primary));
  },
};

/** Where a single count was measured: the best of the others, with the distribution that ran where there is one. */
function bySimulation(context: AuditContext): Finding[] {
  const read = predictionOf(context);
  if (read.kind === 'notApplicable') return [{ ...read, reason: `${NO_OTHER} ${read.reason}` }];
  if (read.kind === 'inconclusive') return [read];
  const { prediction } = read;
  const { way } = prediction;
  const best = prediction.others.find(
    ({ workers, distribution }) =>
      workers !== way.workers && (workers < 2 || distribution === (way.distribution ?? 'load')),
  );
  if (best === undefined || !isWorth(prediction, best, context)) return [];
  return [
    {
      kind: 'opportunity',
      message: `Run the tests with ${workerWords(best.workers)} and not with ${workerWords(way.workers)}. This was simulated from the times of all tests; \`paceline tune\` measures it.`,
      evidence: predictedEvidence(prediction, best),
      where: placeOfWorkers(context),
      saves: savesByPrediction(prediction, best),
      remedy: remedyByPrediction(context, best),
    },
  ];
}

const NO_SAMPLE = 'The primary scenario has no clean trial without disturbance whose tests were counted.';
const NO_OTHER = 'No clean scenario differs from the primary one by its number of workers alone.';

function sampleOf(scenario: ScenarioResult): Sample[] {
  const { command, seconds, verdict } = scenario;
  const tests = testsOf(scenario);
  if (command === null || seconds === null || tests === null || (verdict !== 'pass' && verdict !== 'missed')) return [];
  // A figure of disturbed trials alone says how busy the machine was, and not how many workers are right.
  if (allDisturbed(scenario)) return [];
  return [{ scenario, seconds, tests, workers: effectiveWorkers(scenario) }];
}

function isAlike(a: Sample, b: Sample): boolean {
  return isSameSet(a, b) && a.workers.rest.join('\0') === b.workers.rest.join('\0');
}

/** By the names of the tests where they are known: equal counts may be of other tests. */
function isSameSet(a: Sample, b: Sample): boolean {
  const [one, other] = [a.scenario.pytest?.testSet, b.scenario.pytest?.testSet];
  return one && other ? one.digest === other.digest : sameTests(a.tests, b.tests);
}

function isWasteful(other: Sample, primary: Sample): boolean {
  return countOf(other) > countOf(primary) && other.seconds >= primary.seconds;
}

/** `auto` cannot be put in order without knowing the lane. */
function countOf({ workers: { count } }: Sample): number {
  return count === 'auto' ? Number.NaN : (count ?? 0);
}

function faster(best: Sample, primary: Sample, plan: Plan): Finding {
  const saved = primary.seconds - best.seconds;
  return {
    kind: 'opportunity',
    message: `Run the tests with ${workerWords(best.workers.count)}, as ${best.scenario.name} does, and not with ${workerWords(primary.workers.count)}.`,
    evidence: [evidence(best), evidence(primary)],
    saves: savesSeconds('trial.duration', saved),
    remedy: remedyOf(best, plan),
  };
}

/** The primary scenario gets the command that was faster. */
function remedyOf({ scenario: { command } }: Sample, { scenarios }: Plan): Remedy | null {
  const index = scenarios.findIndex(({ primary }) => primary);
  if (command === null || index === -1) return null;
  return { kind: 'planOverride', set: { [`scenarios[${index}].command`]: commandText(command) } };
}

function noFaster(other: Sample, primary: Sample): Finding {
  return {
    kind: 'opportunity',
    message: `More workers do not help here: ${other.scenario.name} is no faster than ${primary.scenario.name}.`,
    evidence: [evidence(other), evidence(primary)],
    saves: null,
  };
}

function evidence({ scenario, seconds, tests, workers }: Sample): string {
  const trials = scenario.trials.filter(({ kind, outcome }) => kind === 'measured' && outcome === 'passed').length;
  const median = trials === 1 ? '1 trial' : `median of ${trials} trials`;
  return `${scenario.name}, ${workerWords(workers.count)}: ${figure(seconds, 'second')} (${median}), ${tests.passed} passed`;
}
