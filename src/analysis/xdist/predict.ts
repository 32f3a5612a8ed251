/** What the primary scenario would take with other workers and distributions, from the trial that stands for it. Pure. */
import type { Plan, Scenario } from '../../model/plan.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import { typicalTrial } from '../trials/typical-trial.ts';
import { serves } from '../trials/serves.ts';
import { isClean } from '../trials/trials.ts';
import type { Way } from './options.ts';
import { DISTRIBUTIONS } from './schedulers/scheduler.ts';
import { type Simulated, simulate } from './simulate.ts';
import { suiteOf } from './suite-of.ts';
import type { Suite } from './suite.ts';

/** A predicted time may be off by this share of it: 90 % of the predictions of `npm run bench:predict` were nearer. */
export const ERROR = 0.25;

/** More workers need memory that was not measured. */
const COUNTS = [0, 1, 2, 3, 4, 6, 8];

export interface Predicted extends Way {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

export interface Prediction {
  readonly trial: TrialRecord;
  readonly profile: PytestProfile;
  readonly suite: Suite;
  readonly cpus: number;
  /** As it ran. */
  readonly way: Way;
  readonly now: Simulated;
  /** Of the trial; predictions are given relative to it. */
  readonly seconds: number;
  /** All ways but its own, the fastest first. */
  readonly others: readonly Predicted[];
}

export type PredictionRead =
  | { readonly kind: 'predicted'; readonly prediction: Prediction }
  /** As a sentence. */
  | { readonly kind: 'unknown'; readonly reason: string };

const known = new WeakMap<RunFacts, Map<string, PredictionRead>>();

/** Of clean trials alone: what they predict may be recommended. Several audits ask for the same. */
export function predict(facts: RunFacts, scenario: Scenario): PredictionRead {
  const read = predictRecorded(facts, scenario);
  if (read.kind === 'unknown' || isClean(read.prediction.trial)) return read;
  return { kind: 'unknown', reason: NO_CLEAN };
}

const NO_CLEAN = 'No clean trial has a profile of pytest.';

/** Also of a red trial in which every test came to its end: its tests took as long as they did. */
export function predictRecorded(facts: RunFacts, scenario: Scenario): PredictionRead {
  const ofRun = known.get(facts) ?? new Map<string, PredictionRead>();
  known.set(facts, ofRun);
  const found = ofRun.get(scenario.id) ?? predictAnew(facts, scenario);
  ofRun.set(scenario.id, found);
  return found;
}

export function primaryScenario({ scenarios }: Plan): Scenario | null {
  return scenarios.find(({ primary }) => primary) ?? null;
}

function predictAnew(facts: RunFacts, { id }: Scenario): PredictionRead {
  const trial = typicalTrial(facts, id, (each) => serves(each, 'allTests'));
  const profile = trial?.profile?.pytest;
  if (!trial || !profile || trial.seconds === null) return { kind: 'unknown', reason: NO_CLEAN };
  const { seconds } = trial;
  if (profile.configuration.workers === 0 && usesBenchmarks(profile)) return { kind: 'unknown', reason: BENCHMARKS };
  const cpus = trial.lane.cpus.length;
  const read = suiteOf({ profile, cpus, servicesCpuSeconds: servicesCpuSeconds(trial, facts.service) });
  if (read.kind === 'unknown') return read;
  const { suite, distribution } = read;
  const { workers } = profile.configuration;
  const way = { workers, distribution: workers === 0 ? null : distribution };
  const run = (other: Way) => simulate(suite, { ...other, distribution: other.distribution ?? 'load', cpus });
  const now = run(way);
  const others = waysOf(profile, cpus)
    .filter((other) => other.workers !== way.workers || other.distribution !== way.distribution)
    .map((other) => predicted(other, (seconds * run(other).seconds) / now.seconds))
    .toSorted((a, b) => a.seconds - b.seconds);
  return { kind: 'predicted', prediction: { trial, profile, suite, cpus, way, now, seconds, others } };
}

/** Without workers it repeats each benchmark; with them it runs each once. */
const BENCHMARKS =
  'pytest-benchmark repeats tests without workers and runs them once with workers, so these times say nothing of those.';

function usesBenchmarks({ configuration, table }: PytestProfile): boolean {
  const isUsed = table?.fixtures.some((fixture) => fixture.startsWith('benchmark|')) === true;
  return isUsed && configuration.plugins.some((plugin) => plugin.startsWith('pytest-benchmark '));
}

function predicted(way: Way, seconds: number): Predicted {
  return { ...way, seconds, low: seconds * (1 - ERROR), high: seconds * (1 + ERROR) };
}

/** Groups of `loadgroup` are named by marks, which the table does not have. */
function waysOf(profile: PytestProfile, cpus: number): Way[] {
  const { configuration } = profile;
  const alone = usesBenchmarks(profile) ? [] : [{ workers: 0, distribution: null }];
  if (!hasXdist(configuration)) return alone;
  const counts = [...new Set([...COUNTS, cpus, configuration.workers])].filter((count) => count > 0);
  const distributions = DISTRIBUTIONS.filter((each) => each !== 'loadgroup');
  return [
    ...alone,
    ...counts.flatMap((workers) =>
      distributions
        // With one worker all are the same.
        .filter((each) => workers > 1 || each === 'load')
        .map((distribution) => ({ workers, distribution })),
    ),
  ];
}

function hasXdist({ plugins, workers }: PytestProfile['configuration']): boolean {
  return workers > 0 || plugins.some((plugin) => plugin.startsWith('pytest-xdist '));
}

/** Services share the lane's CPUs with the tests. */
function servicesCpuSeconds({ profile }: TrialRecord, service: string | null): number {
  const containers = profile?.resources?.containers ?? [];
  return containers
    .filter((container) => container.service !== service)
    .reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0);
}
