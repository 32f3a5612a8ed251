/** A comparison, or a verification of advice: what changed, every pair plotted, what moved, and the patch. */
import type { Verification, VerifyAdviceResult } from '../../model/advice.ts';
import type { ComparedSide, CompareResult, CompareVerdict } from '../../model/comparison.ts';
import type { Unit } from '../../model/measurement.ts';
import type { Pair } from '../../model/regression.ts';
import { type Block, code, type Mark, paragraph, quantityOrNull, type Section, table } from '../blocks.ts';
import { comparisonBlocks, comparisonHeading, named, verdictWord } from '../comparison.ts';
import type { PairsData } from '../charts/chart.ts';
import type { Page } from '../page.ts';
import { figureTitle } from '../advice-words.ts';
import { verificationBlocks, verificationHeading } from '../verification.ts';
import { minuteOf } from './lines.ts';
import { type GoTo, HOME, projectPath, runPath } from './paths.ts';

const MARKS: Readonly<Record<CompareVerdict, Mark>> = {
  cancelled: 'none',
  error: 'bad',
  regressed: 'bad',
  inconclusive: 'warning',
  improved: 'good',
  noChange: 'good',
};

export function comparisonPage(result: CompareResult, go: GoTo): Page {
  const { project, startedAt, workflowId, verdict, summary, parts, base, head } = result;
  const heading = comparisonHeading(result);
  return {
    title: `${verdictWord(result)}: ${heading}`,
    trail: trailOf(project, go),
    headline: { mark: MARKS[verdict], verdict: verdictWord(result), subject: heading, summary },
    about: [`Started ${minuteOf(startedAt)} UTC; workflow `, code(workflowId), '.'],
    lead: [],
    sections: [
      // The headline has the summary.
      { id: 'compared', title: 'What was compared', summary: comparisonBlocks(result).slice(1), details: [] },
      pairsSection(
        parts.map(({ title, pairs, comparison }, i) => ({
          id: `pairs-${i + 1}`,
          title,
          unit: 'second',
          baseLabel: named(base),
          headLabel: named(head),
          pairs,
          ratio:
            comparison.kind === 'refused'
              ? null
              : { point: comparison.ratio, low: comparison.interval.low, high: comparison.interval.high },
        })),
      ),
      ...patchesSection([
        ['Base', base],
        ['Head', head],
      ]),
    ],
  };
}

export function verificationPage(result: VerifyAdviceResult, go: GoTo): Page {
  const { project, ofRun, startedAt, workflowId, tried, together } = result;
  const all = (together?.verifications ?? []).map((each) => ['All together', each] as const);
  const each = [...tried.map(({ name, verification }) => [name, verification] as const), ...all];
  const patches = tried.flatMap(({ name, message, remedy }): Block[] =>
    remedy.kind === 'patch'
      ? [paragraph(`${name}: ${message}`), { kind: 'code', text: remedy.patch, language: 'diff' }]
      : [
          paragraph([
            `${name}: ${message} In paceline.yml: `,
            code(
              Object.entries(remedy.set)
                .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
                .join('; '),
            ),
          ]),
        ],
  );
  return {
    title: verificationHeading(result),
    trail: trailOf(project, go),
    headline: null,
    about: [`Started ${minuteOf(startedAt)} UTC, for the advice of `, go('this run', runPath(ofRun)), '; workflow ', code(workflowId), '.'],
    lead: [],
    sections: [
      { id: 'tried', title: 'What was tried', summary: verificationBlocks(result), details: [] },
      pairsSection(each.map(([name, verification], i) => verified(name, verification, i))),
      ...(patches.length === 0 ? [] : [{ id: 'remedies', title: 'Remedies', summary: patches, details: [] }]),
    ],
  };
}

function verified(name: string, { figure, scenario, unit, pairs, ratio }: Verification, i: number): Plotted {
  return {
    id: `pairs-${i + 1}`,
    title: `${name}: ${figureTitle(figure, scenario)}`,
    unit,
    baseLabel: 'without',
    headLabel: 'with',
    pairs,
    ratio: ratio === null ? null : { point: ratio.value, low: ratio.low, high: ratio.high },
  };
}

interface Plotted extends Pick<PairsData, 'title' | 'baseLabel' | 'headLabel' | 'ratio'> {
  readonly id: string;
  readonly unit: Unit;
  readonly pairs: readonly Pair[];
}

function pairsSection(all: readonly Plotted[]): Section {
  const plotted = all.filter(({ pairs }) => pairs.length > 0);
  return {
    id: 'pairs',
    title: 'Pairs',
    summary: plotted.length === 0 ? [paragraph('No pair was measured.')] : plotted.map(pairsBlock),
    details: [],
  };
}

function pairsBlock({ id, title, unit, baseLabel, headLabel, pairs, ratio }: Plotted): Block {
  const chart: PairsData = {
    kind: 'pairs',
    title,
    unit,
    baseLabel,
    headLabel,
    ratio,
    pairs: pairs.map(({ base, head }, i) => ({
      base: base.value,
      head: head.value,
      label: `pair ${i + 1}`,
      excluded: base.disturbed !== null || head.disturbed !== null,
    })),
  };
  const rows = pairs.map(({ base, head, first }, i) => [
    String(i + 1),
    quantityOrNull(base.value, unit),
    quantityOrNull(head.value, unit),
    first === 'base' ? baseLabel : headLabel,
    base.disturbed ?? head.disturbed ?? '',
  ]);
  const columns = ['Pair', `>${baseLabel}`, `>${headLabel}`, 'Measured first', 'Disturbed'];
  return { kind: 'chart', id, chart, table: table(columns, rows)[0] ?? null };
}

function patchesSection(sides: readonly (readonly [string, ComparedSide])[]): readonly Section[] {
  const blocks = sides.flatMap(([name, { patch }]): Block[] =>
    patch === undefined ? [] : [paragraph(`${name}:`), { kind: 'code', text: patch, language: 'diff' }],
  );
  return blocks.length === 0 ? [] : [{ id: 'patch', title: 'Patch', summary: blocks, details: [] }];
}

function trailOf(project: string | null, go: GoTo) {
  return [go('Projects', HOME), ...(project === null ? [] : [go(project, projectPath(project))])];
}
