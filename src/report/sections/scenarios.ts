/** Each scenario of the matrix against its target. */
import { allDisturbed } from '../../analysis/trials/trials.ts';
import type { RunResult, ScenarioResult, TrialResult } from '../../model/result.ts';
import type { TestCounts } from '../../model/test-counts.ts';
import {
  type Block,
  figures,
  type Inline,
  joined,
  type KeyFigure,
  keyFigure,
  limitOrNull,
  quantityOrNull,
  seconds,
} from '../blocks.ts';
import type { IntervalRow, IntervalsData } from '../charts/chart.ts';
import { testCounts } from '../text/test-counts.ts';
import type { SectionMaker } from './section.ts';
import { PART_MARKS } from './verdict-marks.ts';

export const scenarios: SectionMaker = {
  id: 'scenarios',
  title: 'Scenarios',
  make: (result) => ({
    summary: figures('Scenario', [...result.scenarios.map(row), ...leftOut(result)]),
    details: intervalChart(result),
  }),
};

/** Each trial next to its scenario's figure; none where no scenario has several trials. */
function intervalChart({ scenarios: all }: RunResult): readonly Block[] {
  const repeated = all.filter(({ trials }) => trials.filter(isMeasured).length > 1);
  if (repeated.length === 0) return [];
  const rows = repeated.map(
    ({ name, seconds: point, interval, target, trials, verdict }): IntervalRow => ({
      label: name,
      interval: point === null ? null : { point, low: interval?.low ?? point, high: interval?.high ?? point },
      trials: trials.filter(isMeasured).map((trial) => trial.seconds),
      target,
      verdict: verdict === 'pass' ? 'met' : verdict === 'missed' ? 'missed' : null,
    }),
  );
  return [{ kind: 'chart', id: 'trials-of-scenarios', table: null, chart: intervals(rows) }];
}

function intervals(rows: readonly IntervalRow[]): IntervalsData {
  return { kind: 'intervals', title: 'Trials of each scenario', unit: 'second', rows };
}

function isMeasured({ kind, seconds: took }: TrialResult): boolean {
  return kind === 'measured' && took !== null;
}

function row(scenario: ScenarioResult): KeyFigure {
  return {
    mark: PART_MARKS[scenario.verdict],
    title: scenario.name,
    value: quantityOrNull(scenario.seconds, 'second'),
    target: limitOrNull(scenario.target, 'second'),
    note: trialsNote(scenario),
    reason: scenario.reason,
    parts: [],
  };
}

/** Which default scenarios the image cannot run, and what would enable them. */
function leftOut({ scenariosLeftOut }: RunResult): readonly KeyFigure[] {
  // Results of older versions lack the key.
  const title = (scenariosLeftOut as RunResult['scenariosLeftOut'] | undefined)?.message;
  return title === undefined ? [] : [keyFigure(title)];
}

/** "312 passed, 4 skipped", of the last trial that has counts; with several trials "±1.2 s, median of 5 trials, 312 passed". */
function trialsNote(scenario: ScenarioResult): Inline {
  const measured = scenario.trials.filter(({ kind }) => kind === 'measured');
  const numbers = new Set(measured.map(({ trial }) => trial)).size;
  const last = measured.findLast(({ tests }) => tests !== null);
  return joined([
    ...(numbers > 1 ? [spread(scenario) ?? `${numbers} trials`] : []),
    ...outcomeNote(scenario, last?.tests ?? null),
    ...(numbers > 0 && measured.every(passedUncounted) ? ['exit code 0, no tests counted'] : []),
    ...(allDisturbed(scenario) ? ['disturbed by other programs'] : []),
  ]);
}

/** Judged by its exit code alone. */
function passedUncounted({ outcome, tests }: TrialResult): boolean {
  return outcome === 'passed' && tests === null;
}

/** A failed scenario has no figure, since none of its trials is a sample: how long its tests took is shown here. */
function outcomeNote({ verdict, seconds: value, trials }: ScenarioResult, tests: TestCounts | null): readonly Inline[] {
  const counts = tests === null ? null : testCounts(tests);
  const ran = trials.findLast((trial) => trial.kind === 'measured' && trial.seconds !== null)?.seconds ?? null;
  if (verdict !== 'failed' || value !== null || ran === null) return counts === null ? [] : [counts];
  return [counts === null ? ['ended after ', seconds(ran)] : [`${counts} in `, seconds(ran)]];
}

/** The interval's farther end, since the median need not be in its middle. */
function spread({ seconds: value, interval, samples }: ScenarioResult): Inline | null {
  if (value === null || interval === null) return null;
  return ['±', seconds(Math.max(interval.high - value, value - interval.low)), `, median of ${samples} trials`];
}
