/** The one definition of result.json: what docs/result.schema.json is made of. The compiler holds it against `RunResult`. */
import { z } from 'zod';
import { resources } from './resource-schemas.ts';
import { build, serviceStartup, tearDown } from './stage-schemas.ts';
import { METRICS, type MetricName } from '../../model/measurement.ts';
import { ofFailedTrial } from './failed-trial-schema.ts';
import { pytestDetails, pytestSummary, testSet } from './pytest-schema.ts';
import { RESULT_SCHEMA_VERSION, type RunResult, VERDICTS } from '../../model/result.ts';

const partVerdict = z
  .enum(['pass', 'missed', 'failed', 'error', 'notApplicable', 'notMeasured'])
  .describe('Whether a part met its target; without a target it passes if it is measured.');
const outcome = z.enum([
  'passed',
  'testsFailed',
  'testsBroken',
  'noTests',
  'outOfMemory',
  'killed',
  'timedOut',
  'commandNotFound',
  'infrastructure',
  'lost',
]);
const metric = z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]]);
const count = z.number().int().nonnegative();
const ordinal = z.number().int().positive();
const seconds = z.number().nonnegative().nullable();
const reason = z.string().nullable().describe('Why the figure next to it is null, or why it failed.');

const phase = z.strictObject({
  seconds,
  reason,
  target: seconds.describe('Seconds; must not be reached.'),
  verdict: partVerdict,
});

const lane = z
  .strictObject({
    cpus: z.array(count).describe('CPU numbers; empty where CPUs cannot be pinned.'),
    memoryBytes: count.nullable(),
  })
  .describe('What the trial had to itself.');

const tests = z.strictObject({ passed: count, failed: count, skipped: count, errors: count });

const trial = z.strictObject({
  trial: ordinal.describe('From 1 within its scenario; warm-ups come first.'),
  try: ordinal.describe('The number of the attempt: 2 after the first one was lost, and so on.'),
  kind: z.enum(['warmup', 'measured']),
  seconds: seconds.describe("The tests' own running time; null where they did not run."),
  exitCode: z.number().int().nullable(),
  outcome: outcome.describe('Only a measured trial that `passed` is ever a sample.'),
  reason,
  hostId: z.string(),
  lane,
  tests: tests.nullable(),
  testsReason: z.string().nullable().describe('Why `tests` is null.'),
  testSet: testSet.nullable(),
  unfinishedTest: z.string().nullable().describe('What was running when the tests were killed or stopped.'),
  reattached: z.boolean().describe('Another worker took it over while the tests continued.'),
  disturbed: z
    .string()
    .nullable()
    .describe(
      'What disturbed it, with figures; null: nothing was noticed. A disturbed trial is a sample only if no other trial is.',
    ),
  concurrentWith: z
    .array(z.strictObject({ scenario: z.string(), trial: ordinal }))
    .describe('The trials of this run that ran at the same time, in other lanes.'),
});

const scenario = z.strictObject({
  name: z.string(),
  command: z.array(z.string()).nullable().describe("The argument vector; null: the test service's own command."),
  seconds: seconds.describe('The median of its clean measured trials.'),
  reason,
  target: seconds,
  verdict: partVerdict,
  primary: z.boolean().describe('Its trials are the test phase.'),
  pytest: pytestSummary.nullable().describe('From the instrumented pytest of one of its trials.'),
  samples: count.describe('How many clean trials `seconds` is the median of.'),
  interval: z
    .strictObject({ low: z.number(), high: z.number(), coverage: z.number() })
    .nullable()
    .describe('Of the median, with the probability that such an interval holds it; null for a single sample.'),
  minimumDetectableEffect: seconds.describe(
    'Two such medians must differ by this much for the difference to be detected; null below three samples.',
  ),
  trials: z.array(trial).describe('Every attempt, also those that were lost.'),
});

const lack = z
  .strictObject({ kind: z.enum(['command', 'package', 'plugin', 'marker']), name: z.string() })
  .describe('`plugin`: it is installed, but pytest does not load it with the configuration of the project.');

const scenariosLeftOut = z
  .strictObject({
    message: z.string().describe('One sentence: how many, why, and what enables them.'),
    scenarios: z.array(z.strictObject({ name: z.string(), lacks: z.array(lack) })),
  })
  .describe('Default scenarios that the image of the tests cannot run.');

const metricRow = z.strictObject({
  metric,
  unit: z.enum(['second', 'byte', 'ratio']),
  value: z.number().nullable(),
  reason,
  source: z.string().describe('Where the figure comes from; a change of source is a change of series.'),
  scenario: z.string().nullable(),
  trial: ordinal.nullable(),
  service: z.string().nullable(),
  ofFailedTrial,
  target: z.number().nullable(),
  verdict: partVerdict,
});

const timing = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('measured'),
      calls: ordinal,
      medianSeconds: z.number().nonnegative(),
      p95Seconds: z.number().nonnegative(),
    }),
    z.strictObject({ kind: z.literal('notMeasured'), reason: z.string() }),
  ])
  .describe('Calls one after another.');

const statement = z.strictObject({
  text: z.string().describe('Its values left out; cut off where it is long.'),
  calls: z.number().nonnegative(),
  seconds: z.number().nonnegative().describe('Of all calls.'),
  longestSeconds: z.number().nonnegative(),
});

const services = z.strictObject({
  scenario: z.string(),
  trial: ordinal,
  ofFailedTrial,
  timings: z.array(
    z.strictObject({
      from: z.string().describe("The service from whose network it was probed; the test service's first."),
      service: z.string(),
      port: count,
      dns: timing,
      tcp: timing,
      postgres: z
        .strictObject({
          auth: z.string().nullable().describe('`trust`, `password`, `md5` or `scram-sha-256`.'),
          connect: timing,
          select: timing.describe('`SELECT 1` in an open session.'),
          write: timing.describe('One row into a temporary table.'),
        })
        .nullable()
        .describe('null if it is not PostgreSQL.'),
    }),
  ),
  queries: z.array(
    z.strictObject({
      service: z.string(),
      source: z.enum(['pg_stat_statements', 'log']),
      calls: z.number().nonnegative(),
      seconds: z.number().nonnegative(),
      slowest: z.array(statement).describe('By seconds in all.'),
      mostFrequent: z.array(statement).describe('By calls.'),
    }),
  ),
  traffic: z
    .array(
      z.strictObject({
        service: z.string(),
        receivedBytes: z.number().nonnegative(),
        sentBytes: z.number().nonnegative(),
      }),
    )
    .describe('By container, while the tests ran.'),
});

const logFinding = z.strictObject({
  scenario: z.string(),
  trial: ordinal,
  service: z.string().describe('Whose log it is.'),
  kind: z.enum([
    'slowQuery',
    'connectionFailed',
    'connectionLimit',
    'retry',
    'timeout',
    'lock',
    'outOfMemory',
    'diskFull',
    'ended',
    'deprecation',
  ]),
  count: ordinal,
  example: z.string().describe('The first such line, of slow queries the slowest.'),
  longestSeconds: seconds,
});

const alert = z.strictObject({
  kind: z.enum(['target', 'regression', 'change', 'schedule', 'failure']),
  state: z.enum(['raised', 'candidate', 'confirmed', 'cleared', 'inconclusive']),
  metric: metric.nullable(),
  scenario: z.string().nullable(),
  message: z.string(),
  gate: z.boolean().describe('Whether it decides the verdict.'),
});

const saves = z
  .strictObject({
    figure: metric,
    scenario: z
      .string()
      .nullable()
      .exactOptional()
      .describe('The scenario whose figure it is; null if it belongs to none.'),
    unit: z.enum(['second', 'byte', 'ratio']),
    predicted: z
      .strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
      .nullable()
      .describe('`low` and `high` are null where the prediction has no interval.'),
    verified: z
      .strictObject({ value: z.number(), low: z.number(), high: z.number(), pairs: count })
      .nullable()
      .describe('Measured in pairs on one host; null until `paceline advise --verify` has measured it.'),
  })
  .describe('What the remedy takes away from one figure.');

const remedy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('patch'), patch: z.string().describe('A unified diff of the project.') }),
  z.strictObject({ kind: z.literal('planOverride'), set: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal('steps'), steps: z.array(z.string()) }),
]);

const tried = z.strictObject({
  at: z.string(),
  ofRun: z.string().describe('The run whose advice was tried: this one, or an earlier one with the same advice.'),
  reason: z.enum([
    'gain',
    'noGain',
    'slower',
    'testsRed',
    'testsChanged',
    'broken',
    'doesNotApply',
    'testsUnstable',
    'baseRed',
    'notMeasured',
    'budget',
    'noise',
    'folderChanged',
  ]),
  detail: z.string().nullable().describe('What the tests or the engine said; null where the reason says it all.'),
  ratio: z
    .strictObject({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe('The figure with the remedy over the figure without it; null where it was not measured.'),
});

const startupChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('earlier'), service: z.string(), seconds: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('withoutEdge'), from: z.string(), to: z.string() }),
  z.strictObject({ kind: z.literal('withoutService'), service: z.string() }),
]);

const advice = z.strictObject({
  id: z.string(),
  kind: z.enum(['opportunity', 'problem']).describe('Something could be faster, or a failure is explained.'),
  state: z.enum(['predicted', 'verified', 'rejected', 'inconclusive']),
  message: z.string(),
  evidence: z.array(z.string()),
  where: z
    .strictObject({ file: z.string(), line: ordinal })
    .nullable()
    .describe('In a file of the project; null where the place is not known.'),
  saves: saves.nullable().describe('null unless it follows from clean trials of the same tests, or from the start-up.'),
  remedy: remedy.nullable().describe('null where only the message says what to do.'),
  startup: z
    .array(startupChange)
    .exactOptional()
    .describe('What the remedy changes of the start-up, where savings of several remedies overlap.'),
  tried: tried.exactOptional().describe('Absent until `paceline advise --verify` has tried the remedy.'),
});

const failedTests = z.strictObject({
  scenario: z.string(),
  trial: ordinal,
  total: count.describe('How many failed; `tests` has the first five.'),
  tests: z.array(
    z.strictObject({
      id: z.string(),
      message: z.string().nullable().describe('The first line of its error; null if the end of the output has none.'),
    }),
  ),
});

const check = z.strictObject({
  id: z.string().describe('docs/audits.md explains each.'),
  title: z.string().describe('The state that it looks for.'),
  outcome: z
    .enum(['found', 'ok', 'notApplicable', 'inconclusive', 'failed'])
    .describe('`failed`: a bug in Paceline; the other checks are not affected.'),
  reason: z.string().nullable().describe('null for `found`, which `advice` explains.'),
});

const error = z.strictObject({ type: z.string(), what: z.string(), next: z.string(), detail: z.string().nullable() });

const host = z.strictObject({
  id: z.string(),
  fingerprint: z.strictObject({
    key: z
      .strictObject({
        cpuModel: z.string(),
        cores: count,
        memoryGib: z.number().nonnegative(),
        engineMajor: z.string(),
      })
      .describe('Parts baselines.'),
    detail: z.record(z.string(), z.string()).describe('Recorded, and offered as a cause.'),
  }),
  standIns: z.array(z.strictObject({ image: z.string(), standIn: z.string() })),
});

export const resultSchema = z.strictObject({
  schemaVersion: z.literal(RESULT_SCHEMA_VERSION),
  runId: z.string(),
  workflowId: z.string(),
  project: z.string(),
  startedAt: z.string().describe('ISO 8601.'),
  source: z.strictObject({
    origin: z.string().nullable().describe('A path or a git URL; null when the run ended before it was read.'),
    commit: z.string().nullable(),
    branch: z.string().nullable(),
    dirty: z.boolean().nullable().describe('Uncommitted changes were there; null outside git.'),
  }),
  hosts: z.array(host),
  verdict: z.enum(VERDICTS).describe('The first that applies, in this order.'),
  summary: z.string().describe('One sentence that explains the verdict.'),
  phases: z.strictObject({ build: phase, startup: phase, test: phase, total: phase }),
  scenarios: z.array(scenario),
  scenariosLeftOut: scenariosLeftOut
    .nullable()
    .describe('null where the plan names its scenarios, or the image can run all default ones.'),
  failedTests: z
    .array(failedTests)
    .exactOptional()
    .describe('One row for each scenario whose tests failed; absent if none is known by name.'),
  metrics: z.array(metricRow),
  builds: z.array(build).describe('Step by step, in the order in which they were made.'),
  startup: z.array(serviceStartup).describe('Of the start-up that is judged.'),
  tearDown: tearDown
    .nullable()
    .exactOptional()
    .describe('How they ended when they were asked to stop; null if that was not measured. Older versions wrote none.'),
  pytest: pytestDetails
    .nullable()
    .describe('Where the time of the primary scenario goes; null if it was not recorded.'),
  services: services
    .nullable()
    .describe('From one trial of the primary scenario; null if no trial reached that point.'),
  resources: z
    .array(resources)
    .describe('What the trials used, and how busy the host was: one trial of each scenario.'),
  logs: z.array(logFinding).describe('What costs time or hides problems, the most important first.'),
  alerts: z.array(alert),
  advice: z.array(advice),
  checks: z.array(check).exactOptional().describe('Every check that was made. Older versions wrote none.'),
  errors: z.array(error),
  notes: z.array(z.string()),
});

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
type Schema = Frozen<z.infer<typeof resultSchema>>;

/** Fails to compile where schema and model part ways, in either direction. */
type Agree<A extends B, B> = A;
export type ResultOfSchema = Agree<Schema, RunResult> & Agree<RunResult, Schema>;

/** JSON Schema (draft 2020-12) of result.json, as docs/result.schema.json publishes it. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: 'Paceline result', ...z.toJSONSchema(resultSchema) };
}
