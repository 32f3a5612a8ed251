/** The part of result.json that says what was seen within pytest. */
import { z } from 'zod';
import { ofFailedTrial } from './failed-trial-schema.ts';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const ordinal = z.number().int().positive();

export const testSet = z
  .strictObject({ count, digest: z.string() })
  .describe(
    'The tests that ran: their number, and the SHA-256 of their sorted names. Times are comparable only if it is equal.',
  );

const configuration = z
  .strictObject({
    python: z.string(),
    pytest: z.string(),
    plugins: z.array(z.string()),
    workers: count.describe("0: in pytest's own process."),
    distribution: z.string().nullable().describe("xdist's --dist; null without workers."),
    coverage: z.boolean(),
    markers: z.string().nullable().describe('-m'),
    keyword: z.string().nullable().describe('-k'),
    randomOrder: z.string().nullable().describe('The plugin that shuffles the tests.'),
    strictMarkers: z.boolean(),
    maxFailures: count.describe('0: no limit.'),
    addopts: z.array(z.string()).describe("From the project's file and environment."),
    file: z.string().nullable(),
  })
  .describe('The configuration in effect, from the command, the environment or the project.');

const path = z
  .strictObject({
    start: seconds.describe('Interpreter, imports, plugins.'),
    collection: seconds.describe('With workers: their start and the last collection.'),
    tests: seconds,
    report: seconds.describe('After the last test: coverage, reports, workers that shut down.'),
    outside: seconds.describe('Before and after pytest.'),
  })
  .describe("The critical path; its parts sum to the trial's seconds.");

export const pytestSummary = z.strictObject({
  trial: ordinal,
  ofFailedTrial,
  configuration,
  path: path.nullable(),
  testSet,
  coverageReportSeconds: seconds.nullable(),
});

const category = z.strictObject({ name: z.string(), tests: count, seconds });

const sleeps = z
  .array(
    z.strictObject({
      file: z.string(),
      line: ordinal,
      source: z.string().nullable(),
      calls: count,
      seconds,
      tests: z.array(z.string()).describe('Up to three tests that were running.'),
    }),
  )
  .exactOptional()
  .describe('Calls of time.sleep and asyncio.sleep by the calling line; absent if unknown.');

const collectedFiles = z
  .array(z.strictObject({ path: z.string(), seconds, tests: count }))
  .exactOptional()
  .describe('Import and collection of conftest.py and test files; absent if unknown.');

const connections = z
  .array(
    z.strictObject({
      host: z.string(),
      port: count,
      calls: count,
      seconds,
      tests: count,
      opened: z
        .strictObject({ file: z.string(), line: count })
        .nullable()
        .exactOptional()
        .describe('The line of the project that opened most of them; null or absent if unknown.'),
    }),
  )
  .exactOptional()
  .describe('Connections that tests opened; absent if unknown.');

const coverageSettings = z
  .strictObject({
    branch: z.boolean().nullable(),
    source: z.array(z.string()),
    core: z.string().nullable().describe('ctrace, pytrace or sysmon.'),
    reports: z.array(z.string()),
    version: z.string().nullable(),
  })
  .nullable()
  .exactOptional()
  .describe('How coverage measured; null without coverage, absent if unknown.');

export const pytestDetails = z.strictObject({
  scenario: z.string(),
  trial: ordinal,
  ofFailedTrial,
  workers: z.array(z.strictObject({ worker: z.string(), tests: count, busySeconds: seconds })),
  slowestTests: z.array(
    z.strictObject({
      id: z.string(),
      seconds,
      setup: seconds,
      call: seconds,
      teardown: seconds,
      outcome: z.enum(['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed', 'unfinished']),
      worker: z.string(),
    }),
  ),
  fixtures: z
    .array(
      z.strictObject({
        name: z.string(),
        scope: z.string(),
        where: z.string(),
        count,
        seconds,
        slowest: seconds,
        teardown: seconds.nullable(),
        users: count.exactOptional().describe('How many tests use it; absent if unknown.'),
      }),
    )
    .describe('By the time of their own set-up, summed over all processes.'),
  markers: z.array(category),
  directories: z.array(category),
  files: z.array(category),
  failedTests: z.array(z.string()),
  unfinishedTest: z.string().nullable().describe('The test that was running when its process ended.'),
  sleeps,
  collectedFiles,
  connections,
  coverageSettings,
});
