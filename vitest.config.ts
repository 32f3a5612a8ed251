import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but Node; `temporal` a real dev server; `docker` a real engine, one test file at a time, because a
 * second file would be the noise in the first one's figures. `production` needs images that may take minutes to make, and `live`
 * a machine that is quiet for a quarter of an hour: they are there only for `npm run test:production` and `test:live`.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // A process that a test starts may have to wait for a busy machine.
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/**/*.temporal.test.ts',
            'test/**/*.docker.test.ts',
            'test/e2e/**',
            'test/production/**',
            'test/live/**',
          ],
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
    },
  };
}
