/** What a job measures, and which verdicts fail it. No input and no output. */
import { wrongUsage } from '../../model/failure.ts';
import { type Verdict, VERDICTS } from '../../model/result.ts';
import type { CiEvent } from './event.ts';

export const MODES = ['auto', 'run', 'compare'] as const;
export type Mode = (typeof MODES)[number];

export type Task =
  /** A run that later ones are compared with. */
  | { readonly kind: 'record' }
  /** A run that is judged by the baseline of this hardware; what looks slower is confirmed against the base. */
  | { readonly kind: 'check'; readonly base: string }
  /** Base and head in pairs. `why` in one sentence. */
  | { readonly kind: 'compare'; readonly base: string; readonly why: string }
  /** A run that is judged and not recorded. */
  | { readonly kind: 'measure'; readonly why: string };

export interface Known {
  /** The commit that the change starts from; null if there is none, with the reason. */
  readonly base: string | null;
  readonly whyNoBase: string;
  /** Whether earlier runs on this hardware are enough for a baseline of the tests. */
  readonly hasBaseline: boolean;
  /** The hardware in words. */
  readonly hardware: string;
}

export function decideTask(mode: Mode, event: CiEvent, known: Known): Task {
  const { base, whyNoBase, hasBaseline, hardware } = known;
  if (mode === 'compare') {
    if (base === null)
      throw wrongUsage(`There is nothing to compare with: ${whyNoBase}`, 'Use `mode: auto`, or fetch the base.');
    return { kind: 'compare', base, why: '`mode: compare` was asked for.' };
  }
  if (event.kind === 'default') return { kind: 'record' };
  if (event.kind === 'other') return { kind: 'measure', why: event.why };
  if (base === null) return { kind: 'measure', why: `The change is compared with nothing: ${whyNoBase}` };
  if (mode === 'run' || hasBaseline) return { kind: 'check', base };
  return { kind: 'compare', base, why: `No baseline of this hardware is known (${hardware}).` };
}

/** The verdicts of a comparison, as those of a run. */
export type CiVerdict = Verdict;

/**
 * A pull request does not fail for a missed target: that also depends on the machine, and the base may miss it as well. It is
 * a warning then.
 */
const FAIL_ON: Readonly<Record<CiEvent['kind'], readonly CiVerdict[]>> = {
  change: ['cancelled', 'error', 'failed', 'regressed'],
  default: ['cancelled', 'error', 'failed', 'regressed', 'missed'],
  other: ['cancelled', 'error', 'failed', 'regressed', 'missed'],
};

/** @param given verdicts with commas between them, or `none`; empty for the default */
export function failingVerdicts(given: string, event: CiEvent): readonly CiVerdict[] {
  const names = given.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) return FAIL_ON[event.kind];
  if (names.length === 1 && names[0] === 'none') return [];
  return names.map((name) => {
    const verdict = VERDICTS.find((each) => each === name && each !== 'pass');
    if (verdict !== undefined) return verdict;
    throw wrongUsage(
      `\`fail-on\` has ${JSON.stringify(name)}, which is not a verdict.`,
      `Use none, or some of ${VERDICTS.filter((each) => each !== 'pass').join(', ')}.`,
    );
  });
}

/** The exit code of the step: 0 passes, 1 is about the project, 2 about the machinery. */
export function exitCodeOf(verdict: CiVerdict, failing: readonly CiVerdict[]): number {
  if (!failing.includes(verdict)) return 0;
  if (verdict === 'cancelled') return 130;
  return verdict === 'error' ? 2 : 1;
}

/** The worse of two verdicts. */
export function worseVerdict(a: CiVerdict, b: CiVerdict): CiVerdict {
  return VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;
}
