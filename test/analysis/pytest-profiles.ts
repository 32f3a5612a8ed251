/** Profiles of trials with an instrumented pytest, in which only the subject of the test differs. */
import type { TrialProfile } from '../../src/model/profile/trial-profile.ts';
import type { PytestConfiguration, PytestProfile } from '../../src/model/profile/pytest-profile.ts';

type Change = Partial<Omit<PytestProfile, 'configuration'>> & { readonly configuration?: Partial<PytestConfiguration> };

export function profileOf({ configuration, ...change }: Change = {}): TrialProfile {
  return {
    notes: [],
    pytest: {
      sessions: 1,
      configuration: {
        python: '3.11.7',
        pytest: '9.2.0',
        plugins: ['pytest-cov 7.1.0', 'pytest-xdist 3.8.0'],
        workers: 0,
        distribution: null,
        coverage: false,
        markers: null,
        keyword: null,
        randomOrder: null,
        strictMarkers: false,
        maxFailures: 0,
        addopts: [],
        file: '/app/pyproject.toml',
        ...configuration,
      },
      path: { start: 1, collection: 2, tests: 30, report: 1, outside: 0.5 },
      tests: { passed: 312, failed: 0, skipped: 4, errors: 0 },
      testSet: { count: 312, digest: 'aaaa' },
      coverageReportSeconds: null,
      workers: [{ worker: 'main', tests: 316, busySeconds: 29 }],
      slowestTests: [],
      fixtures: [],
      markers: [],
      directories: [],
      files: [],
      failedTests: [],
      unfinishedTest: null,
      ...change,
    },
  };
}
