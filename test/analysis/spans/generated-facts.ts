/** Facts of any shape for properties of span trees: also with clocks that disagree and parts that overlap. */
import * as fc from 'fast-check';
import type { PytestPath } from '../../../src/model/profile/pytest-profile.ts';
import type { TestTable } from '../../../src/model/profile/test-table.ts';
import type { BuildFacts, RunFacts, ServiceStartup, StartupFacts, TrialRecord } from '../../../src/model/run.ts';
import type { StagePart, StagePartKind, StageTimes } from '../../../src/model/stage-times.ts';
import { buildOf, factsOf, FULL, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

const STARTED = '2026-01-01T00:00:00.000Z';
const seconds = (max: number) => fc.double({ min: 0, max, noNaN: true });
const iso = (at: number) => new Date(Date.parse(STARTED) + at * 1_000).toISOString();

/** The parts of a stage come one after another, with gaps. */
function times(kinds: readonly StagePartKind[]): fc.Arbitrary<{ readonly from: number; readonly times: StageTimes }> {
  const lengths = fc.array(fc.tuple(seconds(3), seconds(20)), { minLength: kinds.length, maxLength: kinds.length });
  return fc.tuple(seconds(200), lengths, seconds(3)).map(([from, parts, rest]) => {
    let at = 0;
    const placed = parts.map(([gap, length], index): StagePart => {
      const part = { kind: kinds[index]!, name: null, fromSeconds: at + gap, toSeconds: at + gap + length };
      at = part.toSeconds;
      return part;
    });
    return { from, times: { startedAt: iso(from), finishedAt: iso(from + at + rest), parts: placed } };
  });
}

const steps = fc.array(fc.tuple(fc.constantFrom('RUN a', 'RUN b', 'COPY . .'), seconds(20), seconds(20), fc.nat(9)), {
  maxLength: 6,
});

const builds: fc.Arbitrary<BuildFacts> = fc
  .tuple(fc.option(times(['waitForLane', 'waitForQuiet', 'build'])), seconds(60), steps, seconds(5))
  .map(([stage, length, made, context]) => {
    const build = buildOf('cold', length, 0);
    const profile = {
      steps: made.map(([name, own]) => ({ name, seconds: own, ofDockerfile: true, onCriticalPath: true })),
      stepsLeftOut: 0,
      firstMiss: null,
      criticalPathSeconds: null,
      contextBytes: 1,
      contextSeconds: context,
      exportSeconds: context / 2,
      context: null,
      layers: [],
      allSteps: made.map(([name, own, startSeconds, after], index) => ({
        name,
        cached: false,
        seconds: own,
        startSeconds,
        after: after < index ? [after] : [],
        onCriticalPath: true,
      })),
    };
    return {
      ...build,
      images: build.images.map((image) => ({ ...image, profile })),
      ...(stage === null ? {} : { times: stage.times }),
    };
  });

const service = (name: string): fc.Arbitrary<ServiceStartup> =>
  fc
    .tuple(fc.option(seconds(5)), fc.option(seconds(9)), fc.option(seconds(20)), fc.option(seconds(20)))
    .map(([createdSeconds, startedSeconds, readySeconds, healthySeconds]) => ({
      service: name,
      seconds: healthySeconds,
      state: 'healthy' as const,
      timeline: {
        createdSeconds,
        startedSeconds,
        readySeconds,
        ready: 'seen',
        healthySeconds,
        healthcheck: null,
        waitedFor: name === 'db' ? null : { service: 'db', condition: 'service_healthy', seconds: 0.3 },
      },
    }));

const startups: fc.Arbitrary<StartupFacts> = fc
  .tuple(fc.option(times(['waitForQuiet', 'startServices', 'tearDown'])), service('db'), service('api'), seconds(12))
  .map(([stage, db, api, end]) => ({
    seconds: 20,
    services: [db, api],
    tearDown: {
      seconds: end,
      services: [
        {
          service: 'db',
          fromSeconds: 0,
          seconds: end,
          killed: false,
          exitCode: 0,
          signal: 'SIGTERM',
          graceSeconds: 10,
        },
      ],
    },
    ...(stage === null ? {} : { times: stage.times }),
  }));

const tables: fc.Arbitrary<TestTable> = fc
  .array(fc.record({ at: seconds(20), setup: seconds(2), call: seconds(3), worker: fc.nat(1), name: fc.nat(5) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((rows) => ({
    files: ['tests/test_a.py'],
    file: rows.map(() => 0),
    name: rows.map(({ name }) => `test_${name}`),
    worker: rows.map(({ worker }) => worker),
    workers: ['gw0', 'gw1'],
    at: rows.map(({ at }) => at),
    seconds: rows.map(({ setup, call }) => setup + call),
    setup: rows.map(({ setup }) => setup),
    call: rows.map(({ call }) => call),
    teardown: rows.map(() => 0),
    cpu: null,
    fixtures: ['db|session|tests'],
    uses: rows.map(() => [0]),
    leftOut: 0,
  }));

const paths: fc.Arbitrary<PytestPath> = fc.record({
  start: seconds(3),
  collection: seconds(5),
  tests: seconds(30),
  report: seconds(3),
  outside: seconds(1),
});

const DB = { name: 'db', scope: 'session', where: 'tests', count: 2, seconds: 1, slowest: 1, teardown: null };

const KINDS = ['waitForLane', 'copySource', 'startServices', 'prepareTests', 'tests', 'collect'] as const;
const trials = (trial: number): fc.Arbitrary<TrialRecord> =>
  fc
    .tuple(fc.option(times(KINDS)), seconds(250), seconds(40), fc.option(fc.tuple(paths, tables)))
    .map(([stage, from, length, pytest]) => {
      const record = trialOf(FULL, { trial, startedAt: iso(from), finishedAt: iso(from + length) });
      return {
        ...record,
        profile: pytest === null ? null : profileOf({ path: pytest[0], table: pytest[1], fixtures: [DB] }),
        ...(stage === null ? {} : { times: stage.times }),
      };
    });

export const generatedFacts: fc.Arbitrary<RunFacts> = fc
  .tuple(fc.array(builds, { maxLength: 2 }), fc.option(startups), trials(1), trials(2), fc.option(seconds(400)))
  .map(([made, startup, one, two, end]) => ({
    ...factsOf({ builds: made, startup, trials: [one, two] }),
    startedAt: STARTED,
    finishedAt: end === null ? null : iso(end),
  }));
