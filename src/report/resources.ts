/** What the trials used, and how busy their host was, as tables for report.md. */
import { figure } from '../analysis/figure.ts';
import type { Unit } from '../model/measurement.ts';
import type { ResourcesResult, RunResult } from '../model/result.ts';
import type { ResourceUse } from '../model/resources.ts';
import { NO_FIGURE, OF_FAILED_TRIAL } from './rows.ts';
import { escaped, table } from './text/markdown-text.ts';

const USE = [
  'CPU time',
  'Working set',
  'Peak with cache',
  'Received',
  'Sent',
  'Read',
  'Written',
  'Pids',
  'Refused',
  'Throttled',
  'OOM',
];

/** Scenario by scenario, then the containers of the primary one, then the host. */
export function resourceTables(result: RunResult): string[] {
  const parts = [totals(result), containers(result), host(result)].filter((part) => part.length > 0);
  return parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

function totals({ resources: rows }: RunResult): string[] {
  const seen = rows.flatMap((row) => (row.resources === null ? [] : [{ of: titleOf(row), resources: row.resources }]));
  if (seen.length === 0) return [];
  const cells = seen.map(({ of, resources }) => [
    escaped(of),
    amount(resources.laneRatio, 'ratio'),
    ...useCells(resources.total),
    amount(resources.cpuPressureRatio, 'ratio'),
    resources.source,
  ]);
  const reasons = new Set(seen.flatMap(({ resources }) => resources.fallback ?? []));
  return [
    ...table(
      'lr'.concat('r'.repeat(USE.length), 'rl'),
      ['Scenario', 'Of the lane', ...USE, 'Waited for CPU', 'Source'],
      cells,
    ),
    ...[...reasons].flatMap((reason) => ['', `No control group of its own: ${escaped(reason)}.`]),
  ];
}

function titleOf({ scenario, ofFailedTrial }: Pick<ResourcesResult, 'scenario' | 'ofFailedTrial'>): string {
  return ofFailedTrial ? `${scenario}, ${OF_FAILED_TRIAL}` : scenario;
}

function containers({ resources: rows, scenarios }: RunResult): string[] {
  const primary = scenarios.find((scenario) => scenario.primary)?.name;
  const used = rows.find(({ scenario }) => scenario === primary)?.resources?.containers ?? [];
  if (used.length === 0) return [];
  return table(
    'l'.concat('r'.repeat(USE.length)),
    ['Container of', ...USE],
    used.map((container) => [escaped(container.service), ...useCells(container)]),
  );
}

function useCells(use: ResourceUse): string[] {
  return [
    amount(use.cpuSeconds, 'second'),
    amount(use.peakWorkingSetBytes, 'byte'),
    amount(use.peakMemoryBytes, 'byte'),
    amount(use.networkReceivedBytes, 'byte'),
    amount(use.networkSentBytes, 'byte'),
    amount(use.blockReadBytes, 'byte'),
    amount(use.blockWrittenBytes, 'byte'),
    counted(use.peakPids),
    counted(use.refusedPids),
    amount(use.throttledSeconds, 'second'),
    counted(use.oomKills),
  ];
}

function host({ resources: rows }: RunResult): string[] {
  const cells = rows.flatMap(({ host: seen, ...row }) =>
    seen === null
      ? []
      : [
          [
            escaped(titleOf(row)),
            ...[
              seen.busyRatio,
              seen.cpuPressureRatio,
              seen.ioPressureRatio,
              seen.memoryPressureRatio,
              seen.stealRatio,
            ].map((value) => amount(value, 'ratio')),
            seen.loadAverageMax === null ? NO_FIGURE : seen.loadAverageMax.toFixed(1),
            amount(seen.diskReadBytes, 'byte'),
            amount(seen.diskWrittenBytes, 'byte'),
            amount(seen.engineCpuSeconds, 'second'),
          ],
        ],
  );
  if (cells.length === 0) return [];
  const header = [
    'The host during',
    'Busy',
    'Waited for CPU',
    'for IO',
    'for memory',
    'Steal',
    'Load',
    'Read',
    'Written',
    "Engine's CPU",
  ];
  return table('lrrrrrrrrr', header, cells);
}

function counted(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_FIGURE : String(value);
}

function amount(value: number | null, unit: Unit): string {
  return value === null ? NO_FIGURE : figure(value, unit);
}
