/** Alerts in their final state: what was compared with what, and the reason for the outcome. */
import type { Candidate, Comparison, Evidence, Gate, RegressionAlert } from '../../model/regression.ts';
import { formatRatio, formatSeconds } from '../../format/format-quantity.ts';
import { decidePairs } from './pairs.ts';
import { decideReruns, type RerunsDecision } from './reruns.ts';
import { testsSentence } from './tests-taken-out.ts';
import { percent, titleOf, valueOf } from './words.ts';

/** The alert of a suspicion before any measurement: for the UI, never for a result. */
export function candidateAlert(candidate: Candidate): RegressionAlert {
  const { alertId, direction, key, point, baseline, threshold, floor, ratio, gates } = candidate;
  return {
    id: alertId,
    kind: 'regression',
    state: 'candidate',
    direction,
    key,
    runId: point.runId,
    commit: point.commit,
    at: point.at,
    value: point.value,
    baseline,
    threshold,
    floor,
    ratio,
    interval: null,
    n: 0,
    gates,
    decidedBy: null,
    message: `${ENDS.candidate}: ${comparedCandidate(candidate)}`,
  };
}

/** A suspicion whose run was cancelled before a decision: it stays undecided for good. */
export function cancelledAlert(alert: RegressionAlert): RegressionAlert {
  const cancelled = 'The run was cancelled before it was decided.';
  const { key, value, baseline, ratio, threshold, floor } = alert;
  const sentence = baseline === null ? '' : `${compared({ key, value, baseline, ratio, threshold, floor })} `;
  return { ...alert, state: 'inconclusive', message: `${ENDS.inconclusive}: ${sentence}${cancelled}` };
}

/** The final alert, with the evidence that it rests on. */
export function concludeAlert(
  candidate: Candidate,
  evidence: Evidence,
  state: RegressionAlert['state'],
): RegressionAlert {
  const raised = candidateAlert(candidate);
  const pairs = pairsOf(candidate, evidence);
  const reruns = evidence.reruns.length > 0 ? decideReruns(candidate, evidence.reruns) : null;
  const best = pairs ?? reruns;
  return {
    ...raised,
    state,
    ratio: best?.ratio ?? raised.ratio,
    interval: best?.interval ?? null,
    n: best?.n ?? 0,
    gates: [...raised.gates, ...evidenceGates(pairs, reruns, state)],
    decidedBy: pairs === null ? (reruns === null ? null : 'reruns') : 'pairs',
    message: sentences(candidate, evidence, { state, pairs, reruns }),
  };
}

type Judged = Extract<Comparison, { kind: 'judged' }>;

function pairsOf({ threshold, baseline }: Candidate, { pairs }: Evidence): Judged | null {
  const comparison = decidePairs(pairs, { threshold, tests: baseline.tests });
  return comparison.kind === 'judged' ? comparison : null;
}

function evidenceGates(pairs: Judged | null, reruns: RerunsDecision | null, state: RegressionAlert['state']): Gate[] {
  return [
    ...(reruns === null
      ? []
      : [{ name: 'reruns' as const, passed: pairs !== null || state === 'confirmed', message: rerunsWords(reruns) }]),
    ...(pairs === null ? [] : [{ name: 'pairs' as const, passed: state === 'confirmed', message: pairs.message }]),
  ];
}

interface Found {
  readonly state: RegressionAlert['state'];
  readonly pairs: Judged | null;
  readonly reruns: RerunsDecision | null;
}

const ENDS: Readonly<Record<RegressionAlert['state'], string>> = {
  candidate: 'Suspected',
  confirmed: 'Confirmed',
  cleared: 'Cleared',
  inconclusive: 'Inconclusive',
};

function sentences(
  candidate: Candidate,
  { stopped, baseUnavailable }: Evidence,
  { state, pairs, reruns }: Found,
): string {
  const parts = [
    `${ENDS[state]}: ${comparedCandidate(candidate)}`,
    reruns === null ? null : `${rerunsWords(reruns)}.`,
    pairs === null
      ? null
      : `Base ${shortCommit(candidate.baseline.commit)} against head ${shortCommit(candidate.point.commit)}, interleaved: ${pairs.message}`,
    baseUnavailable,
    stopped,
  ];
  return parts.filter((part) => part !== null).join(' ');
}

/** "Docker build (cold) took 52 s, +30 % against the median of 40 s of 12 runs since 1a2b3c4 (threshold 20 % and 2 s, noise 4 %)." */
function compared({
  key,
  value,
  baseline,
  ratio,
  threshold,
  floor,
}: Pick<Candidate, 'key' | 'baseline' | 'ratio' | 'threshold' | 'floor'> & { readonly value: number }): string {
  const runs = `${baseline.n} runs (window ${baseline.window})`;
  const noise = `${formatRatio(baseline.sigma)}${baseline.sigmaFrom === 'assumed' ? ' assumed' : ''}`;
  const tests = testsSentence(baseline.tests);
  return (
    `${titleOf(key)} took ${valueOf(key.metric, value)}, ${percent(ratio)} against ${valueOf(key.metric, baseline.median)}, the median of ${runs} ` +
    `since ${baseline.segmentStart.slice(0, 10)} (threshold ${formatRatio(threshold)} and ${formatSeconds(floor)}, noise of one run ${noise}).` +
    (tests === null ? '' : ` ${tests}`)
  );
}

function comparedCandidate({ point, ...candidate }: Candidate): string {
  return compared({ ...candidate, value: point.value });
}

function rerunsWords({ n, ratio, interval }: RerunsDecision): string {
  const times = n === 1 ? '1 re-run' : `${n} re-runs`;
  return `${times}: ${percent(ratio)} (${formatRatio(interval.coverage)} interval ${percent(interval.low)} to ${percent(interval.high)})`;
}

export function shortCommit(commit: string | null): string {
  return commit?.slice(0, 7) ?? '(no commit)';
}
