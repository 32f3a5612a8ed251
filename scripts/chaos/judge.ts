/** Compares the result of a disturbed run with that of the undisturbed one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../src/model/result.ts';
import type { TestCounts } from '../../src/model/test-counts.ts';
import type { Played } from './moments.ts';
import type { Point } from './points.ts';

/** The parts of a result that must not depend on faults. */
export interface Essence {
  readonly verdict: string;
  readonly errors: readonly string[];
  /** Scenario → the counts of its planned trial. */
  readonly tests: Readonly<Record<string, TestCounts | null>>;
  readonly measured: readonly string[];
  /** Default scenarios that the image cannot run. */
  readonly leftOut: readonly string[];
}

export function essenceOf(result: RunResult): Essence {
  return {
    verdict: result.verdict,
    errors: result.errors.map(({ what }) => what),
    tests: Object.fromEntries(
      result.scenarios.map(({ name, trials }) => [
        name,
        trials.find(({ trial, outcome }) => trial === 1 && outcome !== 'lost')?.tests ?? null,
      ]),
    ),
    measured: Object.entries(result.phases)
      .filter(([, { seconds }]) => seconds !== null)
      .map(([name]) => name),
    leftOut: result.scenariosLeftOut?.scenarios.map(({ name }) => name) ?? [],
  };
}

export interface Judgement {
  /** What is wrong. Empty for a run that survived. */
  readonly wrong: readonly string[];
  /** Stages that were made more than once. */
  readonly again: readonly string[];
}

interface TrialRow {
  readonly scenario_name: string;
  readonly trial: number;
  readonly try: number;
  readonly outcome: string;
}

/** @param status the end of the workflow */
export function judge(played: Played, point: Point, status: string, hit: boolean, undisturbed: Essence): Judgement {
  const { world, run } = played;
  const trials = world.query(
    'select scenario_name, trial, try, outcome from trial where run_id = ?',
    run.runId,
  ) as readonly TrialRow[];
  const again = madeAgain(world.runFolder(run.runId), trials);
  const stored = resultOf(played);
  const doubled = [...doubledTrials(trials), ...doubledMeasurements(played), ...doubledExecutions(played, trials)];
  const common = [...doubled, ...wasted(again, point)];
  switch (status) {
    case 'TERMINATED':
      return { wrong: point.fault === 'terminated' ? doubled : ['it was terminated', ...common], again };
    case 'CANCELLED': {
      const wrong = point.fault === 'cancelled' ? [] : ['it was cancelled'];
      const verdict = stored?.verdict === 'cancelled' ? [] : [`the result of a cancelled run says ${stored?.verdict}`];
      return { wrong: [...wrong, ...verdict, ...doubled], again };
    }
    case 'COMPLETED': {
      if (stored === null) return { wrong: ['there is no result.json', ...common], again };
      const killed = point.fault === 'testsKilled' && hit;
      const wrong = killed ? killedTests(stored, trials) : differences(undisturbed, essenceOf(stored));
      return { wrong: [...wrong, ...common], again };
    }
    default:
      return { wrong: [`the run ended as ${status}`, ...common], again };
  }
}

function resultOf({ world, run }: Played): RunResult | null {
  const file = join(world.runFolder(run.runId), 'result.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunResult) : null;
}

function differences(undisturbed: Essence, disturbed: Essence): readonly string[] {
  return (Object.keys(undisturbed) as (keyof Essence)[]).flatMap((key) => {
    const [before, after] = [undisturbed[key], disturbed[key]].map((value) => JSON.stringify(value));
    return before === after ? [] : [`${key}: ${after} instead of ${before}`];
  });
}

/** A kill by the engine is data: one trial ended by it, with the reason, and the run continues. */
function killedTests(result: RunResult, trials: readonly TrialRow[]): readonly string[] {
  const killed = trials.filter(({ outcome }) => outcome === 'killed');
  return [
    ...(killed.length === 1 ? [] : [`${killed.length} trials are recorded as killed (${JSON.stringify(trials)})`]),
    ...(result.verdict === 'failed' ? [] : [`the verdict is ${result.verdict}, with tests that were killed`]),
    ...(result.errors.length === 0 ? [] : [`errors: ${result.errors[0]?.what}`]),
  ];
}

function doubledTrials(trials: readonly TrialRow[]): readonly string[] {
  const counted = trials.filter(({ outcome }) => outcome !== 'lost').map((row) => `${row.scenario_name} ${row.trial}`);
  return [...new Set(counted)]
    .filter((name) => counted.filter((other) => other === name).length > 1)
    .map((name) => `trial ${name} counts twice`);
}

/** Each stage has one measurement. */
function doubledMeasurements({ world, run }: Played): readonly string[] {
  const rows = world.query(
    `select metric from measurement where run_id = ? and metric in ('build.cold.duration', 'startup.duration')`,
    run.runId,
  ) as readonly { readonly metric: string }[];
  const metrics = rows.map(({ metric }) => metric);
  return metrics
    .filter((metric, index) => metrics.indexOf(metric) !== index)
    .map((metric) => `${metric} is there twice`);
}

/** Adopted or recorded tests are not executed again. Only lost or unfinished ones may be restarted. */
function doubledExecutions({ world }: Played, trials: readonly TrialRow[]): readonly string[] {
  const lost = trials.filter(({ outcome }) => outcome === 'lost').length;
  const recorded = trials.length - lost;
  const ended = world.executions().filter((execution) => execution.endsWith(' ended')).length;
  return recorded > 0 && ended > recorded + lost ? [`${ended} executions of ${recorded} recorded suites`] : [];
}

function madeAgain(runFolder: string, trials: readonly TrialRow[]): readonly string[] {
  const folder = join(runFolder, 'commands');
  const aside = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.includes('.lost-'));
  const lost = trials.filter(({ outcome }) => outcome === 'lost');
  return [
    ...aside.map((name) => name.slice(0, name.indexOf('.lost-'))),
    ...lost.map((row) => `${row.scenario_name} try ${row.try}`),
  ];
}

/** A fault may cost one stage. */
function wasted(again: readonly string[], { second }: Point): readonly string[] {
  const allowed = second === null ? 1 : 2;
  return again.length <= allowed ? [] : [`${again.length} stages were made again: ${again.join(', ')}`];
}
