import { describe, expect, it } from 'vitest';
import type { PytestProfile } from '../../../src/model/profile/pytest-profile.ts';
import { simulate } from '../../../src/analysis/xdist/simulate.ts';
import { suiteOf } from '../../../src/analysis/xdist/suite-of.ts';
import { profileOf } from '../pytest-profiles.ts';

/** Eight tests of a second each, one after another; the first one also sets up a session's fixture for three seconds. */
function recorded(change: Partial<PytestProfile> = {}, cpu = 0): PytestProfile {
  const each = <T>(value: (test: number) => T) => Array.from({ length: 8 }, (_, test) => value(test));
  const setup = each((test) => (test === 0 ? 3 : 0));
  const table = {
    files: ['tests/test_a.py'],
    file: each(() => 0),
    name: each((test) => `test_${test}`),
    worker: each(() => 0),
    workers: ['main'],
    at: each((test) => (test === 0 ? 0 : 3 + test)),
    seconds: each((test) => (test === 0 ? 4 : 1)),
    setup,
    call: each(() => 1),
    teardown: each(() => 0),
    cpu: each(() => cpu),
    fixtures: ['database|session|tests'],
    uses: each(() => [0]),
    leftOut: 0,
  };
  const fixtures = [
    { name: 'database', scope: 'session', where: 'tests', count: 1, seconds: 3, slowest: 3, teardown: 0 },
  ];
  const path = { start: 0.5, collection: 0.5, tests: 11, report: 0.25, outside: 0.25 };
  const { pytest } = profileOf({ table, fixtures, path, configuration: { workers: 0, distribution: null } });
  return { ...pytest!, sessions: 1, ...change };
}

const read = (profile: PytestProfile, servicesCpuSeconds = 0) => suiteOf({ profile, cpus: 2, servicesCpuSeconds });

function suite(profile: PytestProfile, servicesCpuSeconds = 0) {
  const found = read(profile, servicesCpuSeconds);
  if (found.kind === 'unknown') throw new Error(found.reason);
  return found.suite;
}

describe('a recorded suite', () => {
  it('takes as long as it did where nothing changes', () => {
    expect(simulate(suite(recorded()), { workers: 0, distribution: 'load', cpus: 2 }).seconds).toBeCloseTo(12.5);
  });

  it('pays for a fixture of the session in each worker', () => {
    const { perWorker } = simulate(suite(recorded()), { workers: 2, distribution: 'load', cpus: 2 });
    expect(perWorker.map(({ busySeconds }) => Math.round(busySeconds))).toEqual([7, 7]);
  });

  it('counts the CPU time of services where tests wait for them', () => {
    const busy = (seconds: number) => suite(recorded(), seconds).tests.reduce((sum, test) => sum + test.busy, 0);
    expect(busy(0)).toBe(0);
    expect(busy(5.5)).toBeCloseTo(4);
  });

  it.each<[string, Partial<PytestProfile>]>([
    ['the container has no path of times', { path: null }],
    ['the command runs pytest twice', { sessions: 2 }],
    ['some tests are left out of the table', { table: { ...recorded().table!, leftOut: 3 } }],
    ['the CPU time of the tests is unknown', { table: { ...recorded().table!, cpu: null } }],
  ])('is unknown where %s', (_, change) => {
    expect(read(recorded(change)).kind).toBe('unknown');
  });

  it('is unknown in what older versions stored, without a table', () => {
    const { table: _, ...older } = recorded();
    expect(read(older).kind).toBe('unknown');
  });

  it('leaves out the wait for a CPU where more workers than CPUs ran', () => {
    const { table, ...rest } = recorded();
    // Four workers on two CPUs, two tests each, that compute for half a second and take a second.
    const four = {
      ...table!,
      worker: table!.worker.map((_, test) => test % 4),
      workers: ['gw0', 'gw1', 'gw2', 'gw3'],
      at: table!.at.map((_, test) => Math.floor(test / 4)),
      seconds: table!.seconds.map(() => 1),
      setup: table!.setup.map(() => 0),
      cpu: table!.cpu!.map(() => 0.5),
      uses: null,
    };
    const configuration = { ...rest.configuration, workers: 4, distribution: 'load' };
    const { tests } = suite({ ...rest, configuration, table: four, path: { ...rest.path!, tests: 2 } });
    for (const { busy, wait } of tests) {
      expect(busy).toBeCloseTo(0.5, 1);
      expect(wait).toBeLessThan(0.1);
    }
  });
});
