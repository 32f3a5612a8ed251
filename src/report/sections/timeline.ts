/** The whole run on one clock: what ran when, what waited, and what decided how long it took. */
import { criticalPath } from '../../analysis/spans/critical-path.ts';
import { spansOf } from '../../analysis/spans/spans-of.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import type { Span, SpanKind } from '../../model/span.ts';
import { type Block, paragraph, quantity, seconds, table } from '../blocks.ts';
import type { GanttBar, GanttData, GanttKind, GanttLane } from '../charts/chart.ts';
import type { SectionMaker } from './section.ts';

export const timeline: SectionMaker = {
  id: 'timeline',
  title: 'Timeline of the run',
  make: (_, { facts }) => (facts === null ? {} : { details: timelineBlocks(facts) }),
};

/** Rows of the table: the critical path has many short parts. */
const SHOWN_PARTS = 12;

function timelineBlocks(facts: RunFacts): readonly Block[] {
  const tree = spansOf(isLarge(facts) ? withoutTests(facts) : facts);
  const whole = tree.toSeconds - tree.fromSeconds;
  if (whole <= 0 || tree.children.every(({ kind }) => kind === 'other')) return [];
  const path = criticalPath(tree);
  const longest = path.toSorted((a, b) => secondsOf(b) - secondsOf(a)).slice(0, SHOWN_PARTS);
  const [shown] = table(
    ['On the critical path', '>Seconds', '>Share', '>From the start'],
    longest.map((span) => [
      span.name,
      seconds(secondsOf(span)),
      quantity(secondsOf(span) / whole, 'ratio'),
      seconds(span.fromSeconds),
    ]),
  );
  return [
    { kind: 'chart', id: 'run', chart: gantt(tree, path), table: shown ?? null },
    paragraph([
      'The run took ',
      seconds(whole),
      '. The parts on the critical path follow one after another, without a gap: only making them shorter makes the run shorter.',
    ]),
  ];
}

/** A span for each test of each trial is worth its memory up to this number of tests. */
const MOST_TESTS = 50_000;

function isLarge({ trials }: RunFacts): boolean {
  return trials.reduce((sum, { profile }) => sum + (profile?.pytest?.table?.at.length ?? 0), 0) > MOST_TESTS;
}

function withoutTests(facts: RunFacts): RunFacts {
  return { ...facts, trials: facts.trials.map(withoutTable) };
}

function withoutTable(trial: TrialRecord): TrialRecord {
  const { profile } = trial;
  if (profile?.pytest?.table === undefined) return trial;
  const { table: _, ...pytest } = profile.pytest;
  return { ...trial, profile: { ...profile, pytest } };
}

function secondsOf({ fromSeconds, toSeconds }: Pick<Span, 'fromSeconds' | 'toSeconds'>): number {
  return toSeconds - fromSeconds;
}

const BAR_KINDS: readonly GanttKind[] = [
  { id: 'build', label: 'build', series: 'series-1' },
  { id: 'services', label: 'services', series: 'series-3' },
  { id: 'tests', label: 'tests', series: 'series-4' },
  { id: 'wait', label: 'waiting', series: 'series-5' },
  { id: 'other', label: 'around them', series: 'series-6' },
];

function gantt(tree: Span, path: readonly Span[]): GanttData {
  const critical = new Set(path.map(({ id }) => id));
  return { kind: 'gantt', title: 'What ran when', kinds: BAR_KINDS, lanes: lanesOf(tree, critical) };
}

/** A row for the stages, one for each image and service, and one for each trial with its phases. */
function lanesOf(tree: Span, critical: ReadonlySet<string>): readonly GanttLane[] {
  const bar = (span: Span, work = KINDS[span.kind] ?? 'other'): GanttBar => ({
    from: span.fromSeconds,
    to: span.toSeconds,
    kind: span.kind === 'wait' ? 'wait' : work,
    label: span.name,
    critical: isCritical(span, critical),
    link: `#${SECTIONS[span.kind] ?? 'timeline'}`,
  });
  const lane = (title: string, spans: readonly Span[]): GanttLane => ({
    label: title,
    bars: spans.map((span) => bar(span)),
  });
  const stages = tree.children;
  return [
    lane(
      'Run',
      stages.filter(({ kind }) => kind !== 'trial'),
    ),
    ...byName(stages.filter(({ kind }) => kind === 'build').flatMap(({ children }) => images(children))).map(
      ([name, spans]) =>
        lane(
          `Build: ${name}`,
          spans.flatMap(({ children }) => children),
        ),
    ),
    ...byService(stages.filter(({ kind }) => kind === 'startup').flatMap(services)).map(([name, spans]) => ({
      label: `Service: ${name}`,
      bars: spans.flatMap(ownParts).map((span) => bar(span, 'services')),
    })),
    ...packed(stages.filter(({ kind }) => kind === 'trial')).flatMap((row, i, rows) => {
      const title = rows.length === 1 ? 'Trials' : `Trials, lane ${i + 1}`;
      return [lane(title, row), lane(`${title}: parts`, row.flatMap(parts))];
    }),
  ];
}

const KINDS: Partial<Record<SpanKind, string>> = {
  wait: 'wait',
  build: 'build',
  image: 'build',
  step: 'build',
  context: 'build',
  export: 'build',
  startup: 'services',
  service: 'services',
  teardown: 'services',
  trial: 'tests',
  phase: 'tests',
  report: 'tests',
};
const SECTIONS: Partial<Record<SpanKind, string>> = {
  build: 'builds',
  image: 'builds',
  step: 'builds',
  context: 'builds',
  export: 'builds',
  startup: 'start-up',
  service: 'start-up',
  teardown: 'start-up',
  trial: 'trials',
  phase: 'time',
  worker: 'time',
};

/** A span is on the path if any of its leaves is. */
function isCritical(span: Span, critical: ReadonlySet<string>): boolean {
  return critical.has(span.id) || span.children.some((child) => isCritical(child, critical));
}

function images(children: readonly Span[]): readonly Span[] {
  return children.filter(({ kind }) => kind === 'image');
}

function services({ children }: Span): readonly Span[] {
  return children.flatMap((span) => (span.kind === 'service' ? [span] : services(span)));
}

/** The test container's own phases in place of the container. */
function parts({ children }: Span): readonly Span[] {
  return children.flatMap((span) => (span.kind === 'phase' && span.children.length > 1 ? span.children : [span]));
}

function byName(spans: readonly Span[]): readonly (readonly [string, readonly Span[]])[] {
  return [...Map.groupBy(spans, ({ name }) => name)];
}

/** The start and the end of a service are in one row. */
function byService(spans: readonly Span[]): readonly (readonly [string, readonly Span[]])[] {
  const ends = /service:([^/]*)$/;
  return [...Map.groupBy(spans, ({ id, name }) => ends.exec(id)?.[1] ?? name)];
}

/** Spans that ran at the same time get rows of their own. */
function packed(spans: readonly Span[]): readonly (readonly Span[])[] {
  const rows: Span[][] = [];
  for (const span of spans.toSorted((a, b) => a.fromSeconds - b.fromSeconds)) {
    const free = rows.find((row) => (row.at(-1)?.toSeconds ?? 0) <= span.fromSeconds);
    if (free === undefined) rows.push([span]);
    else free.push(span);
  }
  return rows;
}

function ownParts(span: Span): readonly Span[] {
  return span.children.length === 0 ? [span] : span.children;
}
