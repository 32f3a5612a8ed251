/** How consistently each target was met: its share of the last clean runs. */
import { METRICS, type Unit } from '../../model/measurement.ts';
import type { PartVerdict, RunResult, Verdict } from '../../model/result.ts';
import { allDisturbed } from '../trials/trials.ts';

export const WINDOW = 30;

export interface TargetShare {
  readonly name: string;
  readonly unit: Unit;
  /** As the newest of the runs has it; earlier runs were judged by their own. */
  readonly target: number;
  /** Of the newest run. */
  readonly latest: number | null;
  readonly met: number;
  /** The number of runs in which it was judged. */
  readonly judged: number;
}

interface Part {
  readonly name: string;
  readonly unit: Unit;
  readonly target: number;
  readonly value: number | null;
  readonly verdict: PartVerdict;
}

/** Cancelled, broken and red runs say nothing of how fast a sound one is. */
const CLEAN: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'missed', 'regressed', 'inconclusive']);
const PHASES = { build: 'Build', startup: 'Start-up', test: 'Tests', total: 'Total' } as const;

/**
 * Only the targets that the newest clean run still has, the worst first.
 * @param results the newest first
 */
export function targetShares(results: readonly RunResult[], window: number = WINDOW): TargetShare[] {
  const clean = results.filter(({ verdict }) => CLEAN.has(verdict)).slice(0, window);
  const runs = clean.map(partsOf);
  const [newest = []] = runs;
  return newest
    .map(({ name, unit, target, value }) => {
      const verdicts = runs.flatMap((parts) =>
        parts.filter((part) => part.name === name).map(({ verdict }) => verdict),
      );
      const met = verdicts.filter((verdict) => verdict === 'pass').length;
      return { name, unit, target, latest: value, met, judged: met + verdicts.filter((v) => v === 'missed').length };
    })
    .filter(({ judged }) => judged > 0)
    .sort((a, b) => a.met / a.judged - b.met / b.judged || b.judged - a.judged);
}

function partsOf({ phases, scenarios, metrics }: RunResult): Part[] {
  const ofPhases = (Object.keys(PHASES) as (keyof typeof PHASES)[]).flatMap((phase) =>
    part(PHASES[phase], 'second', phases[phase].target, phases[phase].seconds, phases[phase].verdict),
  );
  const ofScenarios = scenarios
    .filter((scenario) => !allDisturbed(scenario))
    .flatMap(({ name, target, seconds, verdict }) => part(name, 'second', target, seconds, verdict));
  const judgedAlready = new Set(['build.cold.duration', 'startup.duration', 'test.duration', 'total.duration']);
  const ofMetrics = metrics
    .filter(({ metric, trial, service }) => trial === null && service === null && !judgedAlready.has(metric))
    .filter(({ ofFailedTrial }) => !ofFailedTrial)
    .flatMap(({ metric, unit, target, value, verdict }) => part(METRICS[metric].title, unit, target, value, verdict));
  return [...ofPhases, ...ofScenarios, ...ofMetrics];
}

function part(name: string, unit: Unit, target: number | null, value: number | null, verdict: PartVerdict): Part[] {
  return target === null ? [] : [{ name, unit, target, value, verdict }];
}
