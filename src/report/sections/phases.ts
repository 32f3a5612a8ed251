/** The four phases against their targets, and the other builds next to the cold one that is judged. */
import type { RunResult } from '../../model/result.ts';
import type { BuildFacts, ImageBuild } from '../../model/run.ts';
import {
  code,
  figures,
  type Inline,
  type KeyFigure,
  limitOrNull,
  type Mark,
  quantityOrNull,
  seconds,
} from '../blocks.ts';
import type { SectionMaker } from './section.ts';
import { instruction, slowestSteps } from './build-steps.ts';
import { PART_MARKS } from './verdict-marks.ts';

export const phases: SectionMaker = {
  id: 'phases',
  title: 'Phases',
  make: (result) => ({ summary: figures('Phase', phaseRows(result)) }),
};

function phaseRows({ phases: measured, scenarios, builds }: RunResult): readonly KeyFigure[] {
  const primary = scenarios.find((scenario) => scenario.primary);
  const row = (name: keyof typeof measured, title: string, note = '', parts: readonly Inline[] = []): KeyFigure => {
    const { verdict, seconds: value, target, reason } = measured[name];
    // The reason of the test phase is its scenario's, which has a row of its own.
    const isSaidThere = name === 'test' && reason !== null && reason === primary?.reason;
    return {
      mark: PART_MARKS[verdict],
      title,
      value: quantityOrNull(value, 'second'),
      target: limitOrNull(target, 'second'),
      note,
      reason: isSaidThere ? null : reason,
      parts,
    };
  };
  const steps = slowestSteps(builds).map(
    ({ name, seconds: value }): Inline => [seconds(value), `  ${instruction(name)}`],
  );
  return [
    row('build', 'Build (cold)', '', steps),
    ...builds.flatMap(repeatedBuild),
    row('startup', 'Start-up'),
    row('test', 'Tests', primary?.name ?? ''),
    row('total', 'Total'),
  ];
}

const TITLES = { warm: 'Build (warm)', 'source-change': 'Build (one edit)' } as const;

function repeatedBuild({ mode, images, change }: BuildFacts): readonly KeyFigure[] {
  if (mode === 'cold') return [];
  const title = TITLES[mode];
  if (change?.kind === 'none') return [notMade('none', title, change.reason)];
  if (change?.kind === 'failed') return [notMade('warning', title, change.reason)];
  if (images.length === 0) return [];
  const total = images.reduce((sum, image) => sum + image.seconds, 0);
  const shown = { mark: 'none', title, value: seconds(total), target: null, reason: null, parts: [] } as const;
  return [{ ...shown, note: cacheNote(images) }];
}

function notMade(mark: Mark, title: string, reason: string): KeyFigure {
  return { mark, title, value: null, target: null, note: '', reason, parts: [] };
}

/** "all 5 steps cached", "3 of 5 steps cached, first miss: COPY . ." */
function cacheNote(images: readonly ImageBuild[]): Inline {
  const total = images.reduce((sum, { steps }) => sum + steps.total, 0);
  const cached = images.reduce((sum, { steps }) => sum + steps.cached, 0);
  const missed = images.map(({ profile }) => profile?.firstMiss ?? null).find((name) => name !== null);
  if (cached === total) return `all ${total} steps cached`;
  const counted = `${cached} of ${total} steps cached`;
  return missed === undefined ? counted : [`${counted}, first miss: `, code(instruction(missed))];
}
