/** The charts of a comment and of GitHub's step summary, as Mermaid. */
import { verdictOf } from '../../analysis/regression/compare.ts';
import { METRICS } from '../../model/measurement.ts';
import type { CompareResult } from '../../model/comparison.ts';
import type { RunResult, ScenarioResult } from '../../model/result.ts';
import type { ServiceStartup } from '../../model/run.ts';
import type { Trend } from '../../model/trend.ts';
import { type MermaidBar, mermaidGantt, mermaidLines } from './mermaid.ts';

/** The phases that the total is made of, one after another: the build, the services' start-up, each scenario's median. */
export function timelineChart({ phases, startup, scenarios }: RunResult): readonly string[] {
  const startsAt = phases.build.seconds ?? 0;
  const testsAt = startsAt + (phases.startup.seconds ?? 0);
  return mermaidGantt({
    title: 'Build, start-up, and the median of each scenario',
    sections: [
      { title: 'Build', bars: [{ label: 'build', fromSeconds: 0, toSeconds: startsAt }] },
      { title: 'Services', bars: startup.flatMap((service) => serviceBar(service, startsAt)) },
      { title: 'Tests', bars: scenarioBars(scenarios, testsAt) },
    ],
  });
}

function serviceBar({ service, seconds, timeline }: ServiceStartup, startsAt: number): readonly MermaidBar[] {
  const to = seconds ?? timeline?.endedSeconds ?? null;
  if (to === null) return [];
  return [{ label: service, fromSeconds: startsAt + (timeline?.startedSeconds ?? 0), toSeconds: startsAt + to }];
}

function scenarioBars(scenarios: readonly ScenarioResult[], testsAt: number): readonly MermaidBar[] {
  let at = testsAt;
  return scenarios.flatMap(({ name, seconds }) => {
    if (seconds === null) return [];
    const bar = { label: name, fromSeconds: at, toSeconds: at + seconds };
    at += seconds;
    return [bar];
  });
}

/** Base and head, pair by pair, of the part that moved most; empty where none did. */
export function pairsChart({ parts }: CompareResult): readonly string[] {
  const [most] = parts
    .filter((part) => ['regressed', 'improved'].includes(verdictOf(part)))
    .toSorted((a, b) => distance(b) - distance(a));
  if (most === undefined) return [];
  return mermaidLines({
    title: `${most.title}, seconds of base and head, pair by pair`,
    labels: most.pairs.map((_, i) => String(i + 1)),
    unit: 'seconds',
    lines: [{ values: most.pairs.map(({ base }) => base.value) }, { values: most.pairs.map(({ head }) => head.value) }],
  });
}

function distance({ baseSeconds, headSeconds }: CompareResult['parts'][number]): number {
  return Math.abs((headSeconds ?? 0) - (baseSeconds ?? 0));
}

/** The newest runs of one series, by their commits. */
export function trendChart({ title, key, points }: Trend): readonly string[] {
  const { unit } = METRICS[key.metric];
  return mermaidLines({
    title: `${title} over the newest runs`,
    labels: points.map(({ commit }, i) => commit?.slice(0, 7) ?? `run ${i + 1}`),
    unit: unit === 'second' ? 'seconds' : unit,
    lines: [{ values: points.map(({ value }) => value) }],
  });
}
