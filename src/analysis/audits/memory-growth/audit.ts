import type { MemoryCurve } from '../../../model/profile/trial-resources.ts';
import { figure } from '../../../format/figure.ts';
import { type Audit, type Finding } from '../audit.ts';
import { primaryOf } from '../support/primary.ts';

/** A shorter trial shows no direction. */
export const WORTH_SECONDS = 15;
export const WORTH_POINTS = 8;
export const WORTH_BYTES = 100_000_000;
/** Memory in the last quarter over that in the second one. What is loaded at the start is loaded by then. */
export const GROWTH = 1.5;
/** Share of the steps from one point to the next that go up. */
export const UPWARD = 0.7;

/** Memory that grows with each test is kept by something: a cache, a list in a module, connections that stay open. */
export const memoryGrowth: Audit = {
  id: 'memory-growth',
  title: 'The memory of the tests grows from test to test, or peaks at their end',
  ok: 'The memory of the tests does not grow while they run.',
  requires: ['resources', 'pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    const curve = primary?.trial.profile?.resources?.memory;
    if (primary === null || curve === undefined)
      return [{ kind: 'inconclusive', reason: 'The memory of the tests over time was not recorded.' }];
    if ((curve.atSeconds.at(-1) ?? 0) < WORTH_SECONDS || curve.atSeconds.length < WORTH_POINTS) return [];
    return [...grows(curve, primary.caveats), ...peaksLate(curve, primary.caveats)].slice(0, 1);
  },
};

function grows({ workingSetBytes: bytes, atSeconds }: MemoryCurve, caveats: readonly string[]): Finding[] {
  const quarter = Math.floor(bytes.length / 4);
  const [early, late] = [meanOf(bytes.slice(quarter, 2 * quarter)), meanOf(bytes.slice(-quarter))];
  const later = bytes.slice(quarter);
  const up = later.slice(1).filter((value, at) => value >= (later[at] ?? 0)).length / Math.max(1, later.length - 1);
  if (late < GROWTH * early || late - early < WORTH_BYTES || up < UPWARD) return [];
  return [
    {
      kind: 'opportunity',
      message:
        'Find what the tests keep: their memory grows as long as they run. Look for caches and lists in modules, and for fixtures of scope session that collect.',
      evidence: [
        `${figure(early, 'byte')} in the second quarter of ${figure(atSeconds.at(-1) ?? 0, 'second')}, ${figure(late, 'byte')} in the last one`,
        ...caveats,
      ],
      saves: null,
      remedy: {
        kind: 'steps',
        steps: [
          'Run a part of the suite twice under `tracemalloc`, and compare the snapshots.',
          'Free what a test made in its fixture.',
        ],
      },
    },
  ];
}

/** Whether it grew in the last tenth alone: by reports, coverage data, or one large test. */
function peaksLate({ workingSetBytes: bytes, atSeconds }: MemoryCurve, caveats: readonly string[]): Finding[] {
  const from = bytes.length - Math.max(1, Math.round(bytes.length / 10));
  const [before, end] = [Math.max(...bytes.slice(0, from)), Math.max(...bytes.slice(from))];
  if (end < GROWTH * before || end - before < WORTH_BYTES) return [];
  return [
    {
      kind: 'opportunity',
      message:
        'Look at the end of the trial, which decides how much memory the tests need: reports, coverage data, or the last test.',
      evidence: [
        `at most ${figure(before, 'byte')} until ${figure(atSeconds[from - 1] ?? 0, 'second')}, and ${figure(end, 'byte')} after it`,
        ...caveats,
      ],
      saves: null,
      remedy: { kind: 'steps', steps: ['Run the tests without reports, and see whether the peak is gone.'] },
    },
  ];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
