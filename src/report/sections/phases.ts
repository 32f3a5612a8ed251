/** The four phases against their targets, and the other builds next to the cold one that is judged. */
import { buildSeconds } from '../../analysis/judge/phases.ts';
import type { RunResult } from '../../model/result.ts';
import type { BuildFacts, ImageBuild } from '../../model/run.ts';
import {
  code,
  figures,
  type Inline,
  type KeyFigure,
  keyFigure,
  limitOrNull,
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

const TITLES = {
  warm: 'Build (warm)',
  'source-change': 'Build (one edit)',
  'dependency-change': 'Build (requirement)',
  'base-change': 'Build (base image)',
} as const;

function repeatedBuild(build: BuildFacts): readonly KeyFigure[] {
  const { mode, images, change } = build;
  if (mode === 'cold') return [];
  const title = TITLES[mode];
  if (change?.kind === 'none') return [keyFigure(title, { reason: change.reason })];
  if (change?.kind === 'failed') return [keyFigure(title, { mark: 'warning', reason: change.reason })];
  if (images.length === 0) return [];
  return [keyFigure(title, { value: seconds(buildSeconds(build)), note: cacheNote(images) })];
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
