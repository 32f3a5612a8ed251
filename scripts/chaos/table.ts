/** The table that chaos prints. */
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import type { PlayedPoint } from './play.ts';
import { describePoint, type Fault, FAULTS } from './points.ts';

export const TITLE = '   #          extra  resume  again  what was done to it';

export function rowOf({ point, hit, wrong, again, extraSeconds, resumeSeconds }: PlayedPoint): string {
  const state = wrong.length > 0 ? 'FAILED' : hit ? 'ok' : 'missed';
  const cells = [
    String(point.number).padStart(4),
    state.padEnd(7),
    `${extraSeconds.toFixed(1)} s`.padStart(7),
    (resumeSeconds === null ? '–' : `${resumeSeconds.toFixed(1)} s`).padStart(7),
    String(again.length).padStart(6),
  ];
  const more = [...again.map((stage) => `made again: ${stage}`), ...wrong].map((line) => `\n       ${line}`);
  return `${cells.join(' ')}  ${describePoint(point)}${more.join('')}`;
}

/** One line per fault: how often it was played, how often it failed, and what it cost. */
export function summaryOf(played: readonly PlayedPoint[]): string {
  const lines = (Object.keys(FAULTS) as Fault[]).flatMap((fault) => {
    const of = played.filter(({ point, hit }) => point.fault === fault && hit);
    if (of.length === 0) return [];
    const failed = of.filter(({ wrong }) => wrong.length > 0).length;
    const extra = samplesOf(of.map(({ extraSeconds }) => extraSeconds));
    const resume = samplesOf(of.flatMap(({ resumeSeconds }) => (resumeSeconds === null ? [] : [resumeSeconds])));
    const cells = [
      String(of.length).padStart(6),
      String(failed).padStart(6),
      of
        .reduce((sum, { again }) => sum + again.length, 0)
        .toString()
        .padStart(6),
      inSeconds(extra),
      inSeconds(resume),
    ];
    return [`${fault.padEnd(16)}${cells.join(' ')}`];
  });
  const [hit, failed] = [
    played.filter((each) => each.hit).length,
    played.filter(({ wrong }) => wrong.length > 0).length,
  ];
  return [
    '',
    `${''.padEnd(16)}points failed  again  extra: median, worst   resume: median, worst`,
    ...lines,
    `${played.length} points played, ${hit} hit something, ${failed} failed`,
  ].join('\n');
}

function inSeconds(samples: ReturnType<typeof samplesOf>): string {
  if (samples === null) return '–'.padStart(22);
  return `${median(samples).toFixed(1)} s, ${Math.max(...samples).toFixed(1)} s`.padStart(22);
}
