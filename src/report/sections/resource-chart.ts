/** What the primary scenario's trial used over time, aligned with the phases of pytest. */
import { trialCurves, type TrialCurves } from '../../analysis/profile/trial-curves.ts';
import { namedTrial } from '../../analysis/trials/typical-trial.ts';
import type { CurveColumn } from '../../model/profile/trial-resources.ts';
import type { RunResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { type Block, quantityOrNull, seconds, table } from '../blocks.ts';
import type { CurveLine, CurvePanel, CurvesData } from '../charts/chart.ts';

/** @returns no block where no curve was stored */
export function resourceChart({ scenarios, resources }: RunResult, facts: RunFacts | null): readonly Block[] {
  const primary = scenarios.find((scenario) => scenario.primary)?.name;
  const number = resources.find(({ scenario }) => scenario === primary)?.trial;
  if (facts === null || primary === undefined || number === undefined) return [];
  const trial = namedTrial(facts, primary, number);
  const seen = trial === null ? null : trialCurves(trial);
  if (seen === null) return [];
  const chart = curves(seen, primary);
  return chart.panels.length === 0 ? [] : [{ kind: 'chart', id: 'over-time', chart, table: figures(seen) }];
}

function curves(seen: TrialCurves, scenario: string): CurvesData {
  const { curves: of, memory } = seen;
  const line = (label: string, column: CurveColumn | undefined): readonly CurveLine[] => {
    if (column == null || column.every((value) => value === null)) return [];
    return [{ label, points: seen.atSeconds.map((at, i) => ({ at, value: column[i] ?? null })) }];
  };
  const panels: readonly CurvePanel[] = [
    { label: 'CPUs in use', unit: 'count', lines: line('all containers', of.cpusInUse) },
    { label: 'Memory', unit: 'byte', lines: line('working set', memory?.workingSetBytes) },
    {
      label: 'Network',
      unit: 'byte',
      perSecond: true,
      lines: [...line('received', of.networkReceivedBytesPerSecond), ...line('sent', of.networkSentBytesPerSecond)],
    },
    {
      label: 'Disk',
      unit: 'byte',
      perSecond: true,
      lines: [...line('read', of.blockReadBytesPerSecond), ...line('written', of.blockWrittenBytesPerSecond)],
    },
    {
      label: 'Time waited for',
      unit: 'ratio',
      lines: [
        ...line('a CPU', of.cpuPressureRatio),
        ...line('IO', of.ioPressureRatio),
        ...line('memory', of.memoryPressureRatio),
      ],
    },
  ];
  const shaded = seen.phases.length > 0 ? seen.phases : seen.stages;
  return {
    kind: 'curves',
    title: `Resources over time: ${scenario}`,
    panels: panels.filter(({ lines }) => lines.length > 0),
    phases: shaded.map(({ name, fromSeconds, toSeconds }) => ({ label: name, from: fromSeconds, to: toSeconds })),
  };
}

function figures({ atSeconds, curves: of, memory }: TrialCurves) {
  const [made] = table(
    ['>Until', '>CPUs in use', '>Memory', '>Received a second', '>Sent a second'],
    atSeconds.map((at, i) => [
      seconds(at),
      of.cpusInUse?.[i]?.toFixed(2) ?? null,
      quantityOrNull(memory?.workingSetBytes[i], 'byte'),
      quantityOrNull(of.networkReceivedBytesPerSecond?.[i], 'byte'),
      quantityOrNull(of.networkSentBytesPerSecond?.[i], 'byte'),
    ]),
  );
  return made ?? null;
}
