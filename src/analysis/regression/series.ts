/** The series of a run, and its figure in each. */
import type { LaneShape } from '../../model/lanes.ts';
import type { MetricName } from '../../model/measurement.ts';
import { hashOf } from '../../model/hash.ts';
import type { BuildMode, Scenario } from '../../model/plan.ts';
import type { SeriesEntry, SeriesKey, SeriesPoint, Suspect, TestsRun } from '../../model/regression.ts';
import type { Fingerprint, Lane, RunFacts } from '../../model/run.ts';
import { seriesId } from '../../model/series-id.ts';
import { testSetOf } from '../trials/same-tests.ts';
import { buildSeconds } from '../judge/phases.ts';
import { median } from '../statistics/median.ts';
import { samplesOf } from '../statistics/samples.ts';
import { type CleanTrial, cleanTrials, isDisturbed, judgedTrials, OUTCOMES } from '../trials/trials.ts';

/** The figure of each kind of build. */
export const BUILD_METRICS: Readonly<Record<BuildMode, MetricName>> = {
  cold: 'build.cold.duration',
  warm: 'build.warm.duration',
  'source-change': 'build.sourceChange.duration',
  'dependency-change': 'build.dependencyChange.duration',
  'base-change': 'build.baseChange.duration',
};

/**
 * One entry for each figure that later runs may be compared with: builds, start-up, tear-down, each scenario, and the test phase
 * and the total, which are made of them.
 * A scenario with a red, broken or lost trial has no entry, nor has a figure that is made of it: a broken run is often
 * the fastest one. A cancelled run has none at all.
 */
export function seriesOf(facts: RunFacts): SeriesEntry[] {
  const host = facts.hosts[0];
  if (host === undefined || facts.plan === null || facts.cancelled) return [];
  const series = new SeriesMaker(facts, host.fingerprint.key);
  const builds = facts.builds.filter(({ images }) => images.length > 0);
  const scenarios = facts.plan.scenarios.map((scenario) => ({ scenario, entry: series.scenario(scenario) }));
  const primary = scenarios.find(({ scenario }) => scenario.primary)?.entry ?? null;
  return [
    ...builds.map((build) => series.wholeHost(BUILD_METRICS[build.mode], buildSeconds(build), 'buildkit')),
    ...(facts.startup?.seconds == null ? [] : [series.wholeHost('startup.duration', facts.startup.seconds, 'compose')]),
    ...(facts.startup?.tearDown == null
      ? []
      : [series.wholeHost('teardown.duration', facts.startup.tearDown.seconds, 'engine')]),
    ...scenarios.flatMap(({ entry }) => entry ?? []),
    ...(primary === null ? [] : [series.madeOf('test.duration', primary, primary.point.value)]),
    ...series.total(primary),
  ];
}

/** Made of series and run: the same suspicion has the same id however often it is judged. */
export function alertId(key: SeriesKey, runId: string): string {
  return hashOf(`${seriesId(key)}/${runId}`);
}

/** The part of a benchmark to run again, to decide about a series; null if the figure is made of others. */
export function suspectOf({ metric, scenario }: SeriesKey): Suspect | null {
  const build = (Object.keys(BUILD_METRICS) as BuildMode[]).find((mode) => BUILD_METRICS[mode] === metric);
  if (build !== undefined) return { phase: 'build', mode: build };
  if (metric === 'startup.duration') return { phase: 'startup' };
  if (metric === 'teardown.duration') return { phase: 'teardown' };
  return metric === 'trial.duration' && scenario !== null ? { phase: 'test', scenario } : null;
}

/**
 * What differs between two series of the same figure, one sentence each; none if they are one series.
 * @param before the other series, as it was measured before
 */
export function differencesOf(before: SeriesKey, now: SeriesKey): string[] {
  const [a, b] = [before.fingerprint, now.fingerprint];
  const rows: (readonly [what: string, before: string, now: string])[] = [
    ['CPU model', a.cpuModel, b.cpuModel],
    ['number of CPUs', String(a.cores), String(b.cores)],
    ['memory', `${a.memoryGib} GiB`, `${b.memoryGib} GiB`],
    ["engine's major version", a.engineMajor, b.engineMajor],
    ['CPUs of a lane', shapeOf(before.lane), shapeOf(now.lane)],
    ['source of the figure', before.source, now.source],
  ];
  return rows
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `The ${what} was ${was} before and is ${is} now.`);
}

function shapeOf(lane: LaneShape | null): string {
  if (lane === null) return 'the whole host';
  return `${lane.cpus}${lane.memoryBytes === null ? '' : ` with ${lane.memoryBytes} bytes of memory`}`;
}

class SeriesMaker {
  private readonly facts: RunFacts;
  private readonly fingerprint: Fingerprint['key'];

  constructor(facts: RunFacts, fingerprint: Fingerprint['key']) {
    this.facts = facts;
    this.fingerprint = fingerprint;
  }

  wholeHost(metric: MetricName, value: number, source: string): SeriesEntry {
    return { key: this.key(metric, { scenario: null, lane: null, source }), point: this.point({ value }) };
  }

  /** null if it has no clean trial, or one that is red. */
  scenario({ id }: Scenario): SeriesEntry | null {
    const judged = judgedTrials(this.facts, id);
    if (judged.some(({ outcome }) => OUTCOMES[outcome].means !== 'clean')) return null;
    const trials = cleanTrials(this.facts, id);
    const seconds = samplesOf(trials.map((trial) => trial.seconds));
    const [first] = trials;
    if (seconds === null || first === undefined) return null;
    const host = this.facts.hosts.find((each) => each.id === first.hostId);
    return {
      key: {
        ...this.key('trial.duration', { scenario: id, lane: laneOf(first.lane), source: 'engine' }),
        ...(host === undefined ? {} : { fingerprint: host.fingerprint.key }),
      },
      point: this.point({
        value: median(seconds),
        samples: seconds.length,
        disturbed: trials.find(isDisturbed)?.disturbed?.reason ?? null,
        tests: testsOf(first),
      }),
    };
  }

  madeOf(metric: MetricName, { key, point }: SeriesEntry, value: number): SeriesEntry {
    return { key: { ...key, metric, scenario: null, source: 'trials' }, point: { ...point, value } };
  }

  /** Absent if a part is. */
  total(primary: SeriesEntry | null): SeriesEntry[] {
    const { plan, builds, startup } = this.facts;
    const cold = builds.find(({ mode }) => mode === 'cold');
    if (primary === null || cold === undefined || !plan?.build.modes.includes('cold')) return [];
    const value = buildSeconds(cold) + (startup?.seconds ?? 0) + primary.point.value;
    return [
      {
        ...this.madeOf('total.duration', primary, value),
        key: { ...primary.key, metric: 'total.duration', scenario: null, source: 'phases' },
      },
    ];
  }

  private key(
    metric: MetricName,
    { scenario, lane, source }: Pick<SeriesKey, 'scenario' | 'lane' | 'source'>,
  ): SeriesKey {
    return { project: this.facts.project, metric, scenario, lane, fingerprint: this.fingerprint, source };
  }

  private point(own: Pick<SeriesPoint, 'value'> & Partial<SeriesPoint>): SeriesPoint {
    const { run, source, startedAt } = this.facts;
    return {
      runId: run.runId,
      commit: source?.commit ?? null,
      dirty: source?.dirty ?? false,
      at: startedAt,
      samples: 1,
      disturbed: null,
      tests: null,
      alertState: null,
      ...own,
    };
  }
}

function laneOf({ cpus, memoryBytes }: Lane): LaneShape | null {
  return cpus.length === 0 ? null : { cpus: cpus.length, memoryBytes };
}

/** If pytest could not be instrumented, the counts of outcomes identify the set of tests. */
export function testsOf(trial: CleanTrial): TestsRun | null {
  const set = testSetOf(trial);
  if (set !== null) return { count: set.count, digest: set.digest };
  if (trial.tests === null) return null;
  const { passed, failed, skipped, errors } = trial.tests;
  return { count: passed + failed + errors, digest: `counts:${passed}/${failed}/${skipped}/${errors}` };
}
