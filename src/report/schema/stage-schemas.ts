/** The parts of result.json that tell builds and start-up step by step. */
import { z } from 'zod';
import { BUILD_MODES } from '../../model/plan.ts';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative().nullable();
const sizedPath = z.strictObject({ path: z.string(), bytes: count });

const step = z.strictObject({
  name: z.string().describe('As BuildKit writes it.'),
  seconds: z.number().nonnegative(),
  ofDockerfile: z.boolean().describe("A step of the Dockerfile, as against BuildKit's own."),
  onCriticalPath: z.boolean(),
});

const context = z.strictObject({
  files: count,
  bytes: count,
  largest: z.array(sizedPath).describe("The largest entries of the context's own folder."),
  writtenByTools: z.array(sizedPath).describe('What tools write and no build needs.'),
  changed: z.array(z.string()).describe("Written since the run's first build."),
});

const stepState = z.strictObject({
  name: z.string().describe('As BuildKit writes it.'),
  cached: z.boolean(),
  seconds: seconds.describe('null where it came from the cache or was not needed.'),
  startSeconds: seconds.describe('From the start of the build.'),
  after: z.array(count).describe('Indexes of the steps that it builds on.'),
  onCriticalPath: z.boolean(),
});

const buildProfile = z.strictObject({
  steps: z.array(step).describe('Those that took longest, at most 30, in the order in which they began.'),
  stepsLeftOut: count,
  firstMiss: z.string().nullable().describe('The first step that the cache did not have; null where it had them all.'),
  criticalPathSeconds: seconds.describe('The build cannot be faster than these steps one after the other.'),
  contextBytes: count.nullable().describe('Sent this time; the builder keeps what it got before.'),
  contextSeconds: seconds,
  exportSeconds: seconds,
  context: context.nullable().describe('null where the build context is not a folder.'),
  layers: z
    .array(z.strictObject({ createdBy: z.string(), bytes: count }))
    .describe("Those that hold something, at most 30, the base image's first."),
  allSteps: z
    .array(stepState)
    .exactOptional()
    .describe('Every step of the Dockerfile, at most 200. Older versions had none.'),
  cacheImportSeconds: seconds.exactOptional().describe('Reading of an imported cache; null without one.'),
  cacheExportSeconds: seconds.exactOptional().describe('Writing of an exported cache; null without one.'),
});

export const build = z.strictObject({
  mode: z.enum(BUILD_MODES),
  images: z.array(
    z.strictObject({
      services: z.array(z.string()),
      tag: z.string(),
      seconds: z.number().nonnegative(),
      steps: z
        .strictObject({ total: count, cached: count })
        .describe('Steps of the Dockerfile that do work (RUN, COPY, ADD), and how many came from the cache.'),
      imageBytes: count.nullable(),
      profile: buildProfile.nullable(),
    }),
  ),
  change: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('changed'), file: z.string() }),
      z.strictObject({ kind: z.literal('changedBase'), image: z.string() }),
      z.strictObject({ kind: z.literal('none'), reason: z.string() }),
      z.strictObject({ kind: z.literal('failed'), file: z.string(), reason: z.string() }),
    ])
    .nullable()
    .describe('What was changed before a build of the modes that are named after a change; null in the other modes.'),
});

const timeline = z
  .strictObject({
    createdSeconds: seconds,
    startedSeconds: seconds,
    readySeconds: seconds.describe(
      'When its healthcheck would first have passed, or it could first be used where it has none.',
    ),
    ready: z.string().describe('How that was seen, or why not.'),
    healthySeconds: seconds,
    healthcheck: z
      .strictObject({
        intervalSeconds: z.number().nonnegative(),
        startPeriodSeconds: z.number().nonnegative(),
        startIntervalSeconds: z.number().nonnegative(),
      })
      .nullable(),
    endedSeconds: seconds
      .exactOptional()
      .describe('When a one-shot whose end another service waits for had done its work; null for others.'),
    waitedFor: z
      .strictObject({
        service: z.string(),
        condition: z.string(),
        seconds: seconds.describe('From there to its own start.'),
      })
      .nullable()
      .describe('The dependency that let it start last.'),
  })
  .describe('Seconds since the first `up`.');

export const serviceStartup = z.strictObject({
  service: z.string(),
  seconds: seconds.describe('Until it was healthy, or ready where it has no healthcheck; null for one-shots.'),
  state: z.enum(['healthy', 'ready', 'running', 'completed']),
  timeline: timeline.nullable(),
});

export const tearDown = z.strictObject({
  seconds: z.number().nonnegative().describe('From the first signal until all had stopped.'),
  services: z.array(
    z.strictObject({
      service: z.string(),
      fromSeconds: z
        .number()
        .nonnegative()
        .exactOptional()
        .describe('When it was sent its signal, since the first one.'),
      seconds: z.number().nonnegative().describe('From the signal until it had stopped.'),
      killed: z.boolean().describe('It ignored the signal, and the engine killed it when its grace period was over.'),
      exitCode: z.number().int().nullable(),
      signal: z.string(),
      graceSeconds: z.number(),
    }),
  ),
});
