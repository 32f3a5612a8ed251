/** What every report shows of a result, in words and figures, before any form is given to it. */
import { figure } from '../analysis/figure.ts';
import type { Unit } from '../model/measurement.ts';
import type { Alert, MetricResult, PartVerdict, RunResult, ScenarioResult, TrialResult } from '../model/result.ts';
import type { BuildFacts, TestCounts } from '../model/run.ts';
import { cacheNote, slowestSteps } from './build-notes.ts';
import { testCounts } from './text/test-counts.ts';

export interface Row {
  readonly mark: Mark;
  readonly title: string;
  /** "38.2 s", or "–" where there is no figure. */
  readonly figure: string;
  /** "< 3 min", or empty without a target. */
  readonly target: string;
  /** A few words beside the figures. */
  readonly note: string;
  /** One sentence: why it failed or has no figure. */
  readonly reason: string | null;
  /** What it is made of, at most a few lines; the terminal shows them, report.md has tables. */
  readonly parts?: readonly string[];
}

export type Mark = 'good' | 'bad' | 'warning' | 'none';

/** Each takes two columns of a terminal. */
export const MARKS: Readonly<Record<Mark, string>> = { good: '✅', bad: '❌', warning: '❗', none: '– ' };

export const NO_FIGURE = '–';

/** Stands next to figures that are no samples. */
export const OF_FAILED_TRIAL = 'of a failed trial';

export const MARK_OF: Readonly<Record<PartVerdict, Mark>> = {
  pass: 'good',
  missed: 'bad',
  failed: 'bad',
  error: 'bad',
  notApplicable: 'none',
  notMeasured: 'none',
};

/** The four phases, and the other builds beside the cold one that is judged. */
export function phaseRows({ phases, scenarios, builds }: RunResult): Row[] {
  const primary = scenarios.find((scenario) => scenario.primary);
  const titles = [
    ['build', 'Build (cold)', ''],
    ['startup', 'Start-up', ''],
    ['test', 'Tests', primary?.name ?? ''],
    ['total', 'Total', ''],
  ] as const;
  const [build, ...others] = titles.map(([name, title, note]) => {
    const { verdict, seconds, target, reason } = phases[name];
    // The reason of the test phase is its scenario's, which stands below.
    const isSaidBelow = name === 'test' && reason !== null && reason === primary?.reason;
    return { title, note, reason: isSaidBelow ? null : reason, ...figures(verdict, seconds, target, 'second') };
  });
  return [{ ...build!, parts: slowestSteps(builds) }, ...repeatedBuildRows(builds), ...others];
}

function repeatedBuildRows(builds: readonly BuildFacts[]): Row[] {
  const titles = { warm: 'Build (warm)', 'source-change': 'Build (one edit)' } as const;
  return builds.flatMap(({ mode, images, change }) => {
    if (mode === 'cold') return [];
    if (change?.kind === 'none') return [notMade('none', titles[mode], change.reason)];
    if (change?.kind === 'failed') return [notMade('warning', titles[mode], change.reason)];
    if (images.length === 0) return [];
    const seconds = images.reduce((sum, image) => sum + image.seconds, 0);
    const note = cacheNote(images);
    return [{ ...figures('notApplicable', seconds, null, 'second'), title: titles[mode], note, reason: null }];
  });
}

function notMade(mark: Mark, title: string, reason: string | null): Row {
  return { mark, title, figure: NO_FIGURE, target: '', note: '', reason };
}

/** The last row, where it applies, says which default scenarios there are not. */
export function scenarioRows({ scenarios, scenariosLeftOut }: RunResult): Row[] {
  const rows = scenarios.map((scenario) => {
    const { name, verdict, seconds, target, reason } = scenario;
    return { title: name, note: trialsNote(scenario), reason, ...figures(verdict, seconds, target, 'second') };
  });
  // Results from before there was such a key lack it.
  const leftOut = (scenariosLeftOut as RunResult['scenariosLeftOut'] | undefined)?.message;
  return leftOut === undefined ? rows : [...rows, notMade('none', leftOut, null)];
}

/**
 * The secondary metrics that have a target; a miss that does not decide is a warning. Those that have no figure for the
 * same reason share a row.
 */
export function secondaryRows({ metrics, alerts }: RunResult): Row[] {
  const rows = metrics.filter(isSecondary);
  const reasons = new Set(rows.filter(hasNoFigure).map(({ reason }) => reason));
  return [
    ...rows.filter((row) => !hasNoFigure(row)).map((row) => secondaryRow(row, alerts)),
    ...[...reasons].map((reason) => missingRow(rows.filter((row) => hasNoFigure(row) && row.reason === reason))),
  ];
}

function secondaryRow(row: MetricResult, alerts: readonly Alert[]): Row {
  const { metric, verdict, value, target, unit, reason } = row;
  const decides = alerts.some((alert) => alert.metric === metric && alert.gate);
  const shown = figures(verdict, value, target, unit);
  const title = SECONDARY_TITLES[metric] ?? metric;
  // It informs: a target that a failed trial kept is not met.
  if (row.ofFailedTrial)
    return { ...shown, mark: verdict === 'missed' ? 'warning' : 'none', title, note: OF_FAILED_TRIAL, reason };
  return { ...shown, mark: shown.mark === 'bad' && !decides ? 'warning' : shown.mark, title, note: '', reason };
}

function missingRow(rows: readonly MetricResult[]): Row {
  const title = rows.map(({ metric }) => SECONDARY_TITLES[metric] ?? metric).join(', ');
  return { mark: 'none', title, figure: NO_FIGURE, target: '', note: '', reason: rows[0]?.reason ?? null };
}

function hasNoFigure({ value }: MetricResult): boolean {
  return value === null;
}

const SECONDARY_TITLES: Partial<Record<MetricResult['metric'], string>> = {
  'memory.workingSet.peak': 'Peak memory',
  'cpu.host.utilization': 'CPU of the host',
  'network.latency': 'Latency between services',
  'coverage.report.duration': 'Coverage report',
};

function isSecondary({ metric, target }: MetricResult): boolean {
  return target !== null && metric in SECONDARY_TITLES;
}

function figures(verdict: PartVerdict, value: number | null, target: number | null, unit: Unit) {
  return {
    mark: MARK_OF[verdict],
    figure: value === null ? NO_FIGURE : figure(value, unit),
    target: target === null ? '' : `< ${figure(target, unit)}`,
  };
}

/** "312 passed, 4 skipped", of the last trial that has counts; with several trials "±1.2 s (n 5), 312 passed". */
function trialsNote(scenario: ScenarioResult): string {
  const { trials } = scenario;
  const measured = trials.filter(({ kind }) => kind === 'measured');
  const numbers = new Set(measured.map(({ trial }) => trial)).size;
  const last = measured.findLast(({ tests }) => tests !== null);
  return [
    ...(numbers > 1 ? [spread(scenario) ?? `${numbers} trials`] : []),
    ...outcomeNote(scenario, last?.tests ?? null),
    ...(numbers > 0 && measured.every(passedUncounted) ? ['exit code 0, no tests counted'] : []),
    ...(isDisturbed(scenario) ? ['disturbed'] : []),
  ].join(', ');
}

/** Judged by its exit code alone. */
function passedUncounted({ outcome, tests }: TrialResult): boolean {
  return outcome === 'passed' && tests === null;
}

/** A failed scenario has no time of its own, since none of its trials is a sample: how long its tests took stands here. */
function outcomeNote({ verdict, seconds, trials }: ScenarioResult, tests: TestCounts | null): string[] {
  const counts = tests === null ? null : testCounts(tests);
  const ran = trials.findLast((trial) => trial.kind === 'measured' && trial.seconds !== null)?.seconds ?? null;
  if (verdict !== 'failed' || seconds !== null || ran === null) return counts === null ? [] : [counts];
  const time = figure(ran, 'second');
  return [counts === null ? `ended after ${time}` : `${counts} in ${time}`];
}

/** The interval's farther end: it need not lie evenly about the median. */
function spread({ seconds, interval, samples }: ScenarioResult): string | null {
  if (seconds === null || interval === null) return null;
  const farther = Math.max(interval.high - seconds, seconds - interval.low);
  return `±${figure(farther, 'second')} (n ${samples})`;
}

/** Its figure rests on disturbed trials alone. */
function isDisturbed({ trials }: ScenarioResult): boolean {
  const passed = trials.filter(({ kind, outcome }) => kind === 'measured' && outcome === 'passed');
  return passed.length > 0 && passed.every(({ disturbed }) => disturbed !== null);
}
