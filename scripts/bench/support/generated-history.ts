/** A generated history: 8 series of plausible noise, the same in every run of a script. */
import type { MetricName } from '../../../src/model/measurement.ts';
import type { SeriesEntry, SeriesKey } from '../../../src/model/regression.ts';

export function generatedRunId(index: number): string {
  return `bench-${String(index).padStart(6, '0')}`;
}

/** @param year of the first run: there is one an hour */
export function generatedTime(index: number, year: number): string {
  return new Date(Date.UTC(year, 0, 1) + index * 3_600_000).toISOString();
}

/** The points of one run. @param more.level 1: the level of the first runs */
export function generatedEntries(
  index: number,
  { at, commit, level }: { readonly at: string; readonly commit: string; readonly level: number },
): SeriesEntry[] {
  return keys().map((key, series) => ({
    key,
    point: {
      runId: generatedRunId(index),
      commit,
      dirty: false,
      at,
      value: (60 + 20 * series) * level * Math.exp(0.05 * noise(index * 8 + series)),
      samples: 3,
      disturbed: null,
      tests: null,
      alertState: null,
    },
  }));
}

export function secondsSince(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}

function keys(): SeriesKey[] {
  const key = (metric: MetricName, scenario: string | null): SeriesKey => ({
    project: 'shop',
    metric,
    scenario,
    lane: scenario === null ? null : { cpus: 2, memoryBytes: null },
    fingerprint: { cpuModel: 'AMD EPYC 7B13', cores: 4, memoryGib: 15.6, engineMajor: '28' },
    source: 'bench',
  });
  return [
    key('build.cold.duration', null),
    key('build.warm.duration', null),
    key('startup.duration', null),
    ...['full', 'unit', 'integration', 'slow'].map((scenario) => key('trial.duration', scenario)),
    key('total.duration', null),
  ];
}

/** A sum of hashed digits, approximately normal. The same in every run of this script. */
function noise(seed: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) {
    const hash = Math.sin(seed * 12.9898 + i * 78.233) * 43_758.5453;
    sum += hash - Math.floor(hash);
  }
  return sum;
}
