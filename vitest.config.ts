import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but Node; `temporal` a real dev server; `docker` a real engine, one test file at a time, because a
 * second file would be the noise in the first one's figures. `production` needs images that may take minutes to make: it
 * is there only for `npm run test:production`.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.temporal.test.ts', 'test/**/*.docker.test.ts', 'test/e2e/**', 'test/production/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          include: ['test/**/*.temporal.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'docker',
          include: ['test/**/*.docker.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      ...(process.env['PACELINE_TEST_PRODUCTION'] === undefined
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: 'production',
                include: ['test/production/**/*.test.ts'],
                testTimeout: 600_000,
                hookTimeout: 600_000,
                fileParallelism: false,
              },
            },
          ]),
    ],
  },
});
