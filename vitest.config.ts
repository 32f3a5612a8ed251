import { homedir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * As `bin/start.js` does, for the processes of vitest and for each `paceline` that a test starts: half of what such a process
 * computes is the compilation of libraries.
 */
process.env['NODE_COMPILE_CACHE'] ??= join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'paceline',
  'compile-cache',
);

/** These compare seconds, CPU or memory. */
export const FIGURES = [
  'test/collectors/cgroup/parents.docker.test.ts',
  'test/collectors/pytest/probe.docker.test.ts',
  'test/collectors/resources/sampling.docker.test.ts',
  'test/collectors/startup/readiness.docker.test.ts',
];

/** The files that take minutes, the longest first: one of them that began last would be waited for alone. */
export const LONGEST = [
  'test/e2e/advice.test.ts',
  'test/e2e/traps.test.ts',
  'test/e2e/durability.test.ts',
  'test/e2e/tune.test.ts',
  'test/e2e/chaos.test.ts',
  'test/scripts/benchmark-ci.docker.test.ts',
  'test/cli/run.docker.test.ts',
  'test/e2e/disk-full.test.ts',
];

/** Vitest orders the files by what they took before, which a fresh clone does not know, or else by their size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return found < 0 ? LONGEST.length : found;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted(
      (a, b) =>
        (a.project.config.sequence.groupOrder ?? 0) - (b.project.config.sequence.groupOrder ?? 0) || rank(a) - rank(b),
    );
  }
}

/** A browser uses both cores by itself. */
const ONE_AFTER_ANOTHER = { fileParallelism: false, sequence: { groupOrder: 4 } };
/** Groups of their own, one after the other: vitest counts the workers of a group together. */
const TWO_AT_A_TIME = { maxWorkers: 2, sequence: { groupOrder: 1 } };
/** Files that run projects wait for most of their time: for containers, intervals and pairs. */
const THREE_AT_A_TIME = { maxWorkers: 3, sequence: { groupOrder: 2 } };

/**
 * `unit` needs nothing but Node; `browser` Chromium or Chrome; `temporal` a real dev server, which all its files share; `docker` a real engine. Files of `temporal` run two
 * at a time, those of `docker` three. `figures` also needs an engine and compares what was measured: one file at a time, after all others,
 * because a second file would disturb the figures. `production` needs images that may take minutes to make, and `live`
 * a machine that is quiet for a quarter of an hour: they are there only for `npm run test:production` and `test:live`.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Most files load the same libraries, which takes longer than their tests: a process loads them once.
          isolate: false,
          // A process that a test starts may have to wait for a busy machine.
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/**/*.temporal.test.ts',
            'test/**/*.docker.test.ts',
            'test/**/*.browser.test.ts',
            'test/e2e/**',
            'test/production/**',
            'test/live/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...ONE_AFTER_ANOTHER,
        },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          include: ['test/**/*.temporal.test.ts'],
          globalSetup: ['test/support/shared-temporal.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...TWO_AT_A_TIME,
        },
      },
      {
        extends: true,
        test: {
          name: 'docker',
          include: ['test/**/*.docker.test.ts', 'test/e2e/**/*.test.ts'],
          exclude: FIGURES,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          ...THREE_AT_A_TIME,
        },
      },
      {
        extends: true,
        test: {
          name: 'figures',
          include: FIGURES,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      ...(process.env['PACELINE_TEST_ONLY_ASKED'] === undefined ? [] : ['production', 'live'].map(askedFor)),
    ],
  },
});

function askedFor(name: string) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: 900_000,
      hookTimeout: 600_000,
      fileParallelism: false,
      sequence: { groupOrder: 5 },
    },
  };
}
