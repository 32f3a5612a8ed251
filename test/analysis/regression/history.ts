/** Histories for tests: one series, a run a day, in which only what a test is about differs. */
import { seriesOf } from '../../../src/analysis/regression/series.ts';
import { seriesId } from '../../../src/model/series-id.ts';
import type { History } from '../../../src/analysis/regression/judge-run.ts';
import type {
  Measured,
  Pair,
  RegressionAlert,
  SeriesEvent,
  SeriesHistory,
  SeriesKey,
  SeriesPoint,
} from '../../../src/model/regression.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { createRandom } from '../../../src/plan/random.ts';

export const KEY: SeriesKey = {
  project: 'shop',
  metric: 'build.cold.duration',
  scenario: null,
  lane: null,
  fingerprint: { cpuModel: 'AMD EPYC 7763', cores: 2, memoryGib: 8, engineMajor: '28' },
  source: 'buildkit',
};

export function dayOf(day: number): string {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
}

export function pointOf(day: number, value: number, change: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    runId: `run-${day}`,
    commit: `c${day}`.padEnd(40, '0'),
    dirty: false,
    at: dayOf(day),
    value,
    samples: 1,
    disturbed: null,
    tests: null,
    alertState: null,
    ...change,
  };
}

export function historyOf(
  values: readonly number[],
  { events = [], alerts = [], points = values.map((value, day) => pointOf(day, value)) }: Partial<SeriesHistory> = {},
): SeriesHistory {
  return { points, events, alerts };
}

/** Noise by a seeded generator: normal on ln. */
export function noisy(level: number, cv: number, count: number, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return level * Math.exp(cv * normal);
  });
}

export function measuredOf(value: number, change: Partial<Measured> = {}): Measured {
  return { value, hostId: 'host-1', startedAt: null, disturbed: null, tests: null, ...change };
}

export function pairsOf(base: readonly number[], head: readonly number[]): Pair[] {
  return base.map((value, index) => ({
    base: measuredOf(value),
    head: measuredOf(head[index]!),
    first: index % 2 === 0 ? 'base' : 'head',
  }));
}

/** A store in memory, as the real one answers: every run that was added, and what was said of it. */
export class Nights implements History {
  private readonly series = new Map<string, SeriesHistory>();
  private readonly keys: SeriesKey[] = [];
  readonly facts = new Map<string, RunFacts>();

  add(facts: RunFacts, alerts: readonly RegressionAlert[] = []): void {
    this.facts.set(facts.run.runId, facts);
    for (const { key, point } of seriesOf(facts)) {
      this.keys.push(key);
      this.change(key, (known) => ({ ...known, points: [...known.points, point] }));
    }
    for (const alert of alerts) this.change(alert.key, (known) => ({ ...known, alerts: [...known.alerts, alert] }));
  }

  say(key: SeriesKey, event: SeriesEvent): void {
    this.change(key, (known) => ({ ...known, events: [...known.events, event] }));
  }

  of = (key: SeriesKey): SeriesHistory => this.series.get(seriesId(key)) ?? { points: [], events: [], alerts: [] };

  underOtherConditions = ({ metric, scenario }: SeriesKey): readonly SeriesKey[] =>
    this.keys.filter((key) => key.metric === metric && key.scenario === scenario);

  testsOf = (runId: string, scenario: string) =>
    this.facts.get(runId)?.trials.find(({ scenarioId }) => scenarioId === scenario)?.profile?.pytest ?? null;

  factsOf = (runId: string): RunFacts | null => this.facts.get(runId) ?? null;

  private change(key: SeriesKey, change: (known: SeriesHistory) => SeriesHistory): void {
    this.series.set(seriesId(key), change(this.of(key)));
  }
}
