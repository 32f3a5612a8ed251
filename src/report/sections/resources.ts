/** Memory, CPU and the like against their targets; then what each trial used, and how busy its host was. */
import type { ResourceUse } from '../../model/profile/trial-resources.ts';
import type { Alert, MetricResult, RunResult } from '../../model/result.ts';
import {
  type Block,
  type Cell,
  figures,
  type KeyFigure,
  keyFigure,
  limitOrNull,
  paragraph,
  quantityOrNull,
  table,
} from '../blocks.ts';
import { named, OF_FAILED_TRIAL } from './failed-trial.ts';
import { resourceChart } from './resource-chart.ts';
import type { SectionMaker } from './section.ts';
import { PART_MARKS } from './verdict-marks.ts';

export const resources: SectionMaker = {
  id: 'resources',
  title: 'Resources',
  make: (result, { facts }) => ({
    summary: figures('Metric', secondaryRows(result)),
    details: [...resourceChart(result, facts), ...totals(result), ...containers(result), ...host(result)],
  }),
};

const TITLES: Partial<Record<MetricResult['metric'], string>> = {
  'memory.workingSet.peak': 'Peak memory',
  'cpu.host.utilization': 'CPU of the host',
  'network.latency': 'Latency between services',
  'coverage.report.duration': 'Coverage report',
};

/** Metrics with a target. Those that have no value for the same reason share a row. */
function secondaryRows({ metrics, alerts }: RunResult): readonly KeyFigure[] {
  const rows = metrics.filter(({ metric, target }) => target !== null && metric in TITLES);
  const measured = rows.filter(({ value }) => value !== null);
  const missing = Map.groupBy(
    rows.filter(({ value }) => value === null),
    ({ reason }) => reason,
  );
  return [
    ...measured.map((row) => measuredRow(row, alerts)),
    ...[...missing].map(([reason, of]) => missingRow(of, reason)),
  ];
}

/** A miss that does not decide the verdict is a warning. */
function measuredRow(row: MetricResult, alerts: readonly Alert[]): KeyFigure {
  const { metric, verdict, value, unit, target, reason } = row;
  const decides = alerts.some((alert) => alert.metric === metric && alert.gate);
  const shown = { value: quantityOrNull(value, unit), target: limitOrNull(target, unit), reason, parts: [] };
  const title = TITLES[metric] ?? metric;
  // It informs: a target that a failed trial kept is not met.
  if (row.ofFailedTrial)
    return { ...shown, mark: verdict === 'missed' ? 'warning' : 'none', title, note: OF_FAILED_TRIAL };
  const mark = PART_MARKS[verdict] === 'bad' && !decides ? 'warning' : PART_MARKS[verdict];
  return { ...shown, mark, title, note: '' };
}

function missingRow(of: readonly MetricResult[], reason: string | null): KeyFigure {
  const title = of.map(({ metric }) => TITLES[metric] ?? metric).join(', ');
  return keyFigure(title, { reason });
}

/** What is read of every container: the columns' titles, and how each value is found. */
const USE: readonly (readonly [title: string, of: (use: ResourceUse) => Cell])[] = [
  ['CPU time', (use) => quantityOrNull(use.cpuSeconds, 'second')],
  ['Working set', (use) => quantityOrNull(use.peakWorkingSetBytes, 'byte')],
  ['Peak with cache', (use) => quantityOrNull(use.peakMemoryBytes, 'byte')],
  ['Received', (use) => quantityOrNull(use.networkReceivedBytes, 'byte')],
  ['Sent', (use) => quantityOrNull(use.networkSentBytes, 'byte')],
  ['Read', (use) => quantityOrNull(use.blockReadBytes, 'byte')],
  ['Written', (use) => quantityOrNull(use.blockWrittenBytes, 'byte')],
  ['Pids', (use) => counted(use.peakPids)],
  ['Refused', (use) => counted(use.refusedPids)],
  ['Throttled', (use) => quantityOrNull(use.throttledSeconds, 'second')],
  ['OOM', (use) => counted(use.oomKills)],
];
const USE_COLUMNS = USE.map(([title]) => `>${title}`);

function totals({ resources: rows }: RunResult): readonly Block[] {
  const seen = rows.flatMap(({ scenario, ofFailedTrial, resources: used }) =>
    used === null ? [] : [{ scenario: named(scenario, ofFailedTrial), used }],
  );
  const reasons = new Set(seen.flatMap(({ used }) => used.fallback ?? []));
  return [
    ...table(
      ['Scenario', '>Of the lane', ...USE_COLUMNS, '>Waited for CPU', 'Source'],
      seen.map(({ scenario, used }) => [
        scenario,
        ratio(used.laneRatio),
        ...useCells(used.total),
        ratio(used.cpuPressureRatio),
        used.source,
      ]),
    ),
    ...[...reasons].map((reason) => paragraph(`No control group for the trial: ${reason}.`)),
  ];
}

/** Of the primary scenario. */
function containers({ resources: rows, scenarios }: RunResult): readonly Block[] {
  const primary = scenarios.find((scenario) => scenario.primary)?.name;
  const used = rows.find(({ scenario }) => scenario === primary)?.resources?.containers ?? [];
  return table(
    ['Container of', ...USE_COLUMNS],
    used.map((container) => [container.service, ...useCells(container)]),
  );
}

function useCells(use: ResourceUse): readonly Cell[] {
  return USE.map(([, of]) => of(use));
}

function host({ resources: rows }: RunResult): readonly Block[] {
  const header = ['The host during', '>Busy', '>Waited for CPU', '>for IO', '>for memory', '>Steal', '>Load'];
  return table(
    [...header, '>Read', '>Written', ">Engine's CPU"],
    rows.flatMap(({ scenario, ofFailedTrial, host: seen }) =>
      seen === null
        ? []
        : [
            [
              named(scenario, ofFailedTrial),
              ratio(seen.busyRatio),
              ratio(seen.cpuPressureRatio),
              ratio(seen.ioPressureRatio),
              ratio(seen.memoryPressureRatio),
              ratio(seen.stealRatio),
              seen.loadAverageMax === null ? null : seen.loadAverageMax.toFixed(1),
              quantityOrNull(seen.diskReadBytes, 'byte'),
              quantityOrNull(seen.diskWrittenBytes, 'byte'),
              quantityOrNull(seen.engineCpuSeconds, 'second'),
            ],
          ],
    ),
  );
}

function counted(value: number | null | undefined): Cell {
  return value === null || value === undefined ? null : String(value);
}

function ratio(value: number | null): Cell {
  return quantityOrNull(value, 'ratio');
}
