/** The advice of a run in the order in which people should read it. */
import type { TogetherResult, VerifyAdviceResult } from '../../model/advice.ts';
import type { Advice, CheckResult, RunResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { startupSaving } from '../audits/support/start-up.ts';
import { adviceNames } from './advice-key.ts';
import type { AuditHonesty } from './honesty.ts';

export interface ListedAdvice extends Advice {
  /** What `--verify` takes. */
  readonly name: string;
  /** null without `runsPerDay` in the plan, and where no seconds are saved. */
  readonly hoursPerMonth: number | null;
  /** How good the predictions of its audit were; null while nothing of it was verified. */
  readonly honesty: AuditHonesty | null;
}

export interface AdviceListing {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly project: string;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly runsPerDay: number | null;
  /** Verified first, then predicted, then those without a number; of each the largest saving first. */
  readonly opportunities: readonly ListedAdvice[];
  /** Tried, and not worth a change or not decided. */
  readonly rejected: readonly ListedAdvice[];
  readonly problems: readonly ListedAdvice[];
  readonly checks: readonly CheckResult[];
  /** What the predicted savings of the start-up come to when all are applied: they overlap. null where fewer than two are predicted. */
  readonly startupTogetherSeconds: number | null;
  /** The newest verification's winners, measured together. */
  readonly together: TogetherResult | null;
}

/** Days in a month. */
const DAYS = 30;

/** @param more.newest the newest verification of the run's advice */
export function listAdvice(
  result: Pick<RunResult, 'runId' | 'project' | 'startedAt' | 'source' | 'advice' | 'checks'>,
  more: {
    readonly runsPerDay: number | null;
    readonly honesty: readonly AuditHonesty[];
    readonly newest: VerifyAdviceResult | null;
    readonly facts: Pick<RunFacts, 'startup' | 'projectFiles'>;
  },
): AdviceListing {
  const names = adviceNames(result.advice);
  const listed = result.advice.map(
    (advice, index): ListedAdvice => ({
      ...advice,
      name: names[index]!,
      hoursPerMonth: hoursPerMonth(advice, more.runsPerDay),
      honesty: more.honesty.find(({ audit }) => audit === advice.id) ?? null,
    }),
  );
  const opportunities = listed.filter(({ kind }) => kind === 'opportunity');
  return {
    schemaVersion: 1,
    runId: result.runId,
    project: result.project,
    startedAt: result.startedAt,
    commit: result.source.commit,
    runsPerDay: more.runsPerDay,
    opportunities: openOpportunities(listed),
    rejected: opportunities.filter(({ state }) => state === 'rejected'),
    problems: problemsIn(listed),
    checks: result.checks ?? [],
    startupTogetherSeconds: startupTogether(opportunities.filter(isPredictedOfStartup), more.facts),
    together: more.newest?.together ?? null,
  };
}

/** Predicted, and of the start-up. */
export function isPredictedOfStartup({ state, saves }: Pick<Advice, 'state' | 'saves'>): boolean {
  return state === 'predicted' && saves?.figure === 'startup.duration' && saves.predicted != null;
}

/** By the schedule, where the advice says what it changes; results of older versions do not, and are summed. Never more than the start-up. */
function startupTogether(
  advice: readonly Advice[],
  { startup, projectFiles }: Pick<RunFacts, 'startup' | 'projectFiles'>,
): number | null {
  if (advice.length < 2 || startup?.seconds == null) return null;
  const changes = advice.flatMap((each) => each.startup ?? []);
  const others = advice.filter((each) => each.startup === undefined).reduce((sum, each) => sum + amount(each), 0);
  return Math.min(startup.seconds, startupSaving(startup.services, projectFiles, changes) + others);
}

/** What may be worth a change, in the order of its worth. What was tried and rejected is not. */
export function openOpportunities<A extends Advice>(advice: readonly A[]): readonly A[] {
  return advice.filter(({ kind, state }) => kind === 'opportunity' && state !== 'rejected').toSorted(byWorth);
}

function problemsIn<A extends Advice>(advice: readonly A[]): readonly A[] {
  return advice.filter(({ kind }) => kind === 'problem');
}

/** What to do first: causes of failures, then what saves most. */
export function toDoFirst(advice: readonly Advice[]): readonly Advice[] {
  return [...problemsIn(advice), ...openOpportunities(advice)];
}

/** The remedy that saves most seconds; null if no number is known of any. */
export function bestRemedy(advice: readonly Advice[]): Advice | null {
  const [best] = openOpportunities(advice).filter(({ saves }) => saves?.unit === 'second');
  return best !== undefined && amount(best) > 0 ? best : null;
}

/** Verified advice first, then the largest saving. */
export function byWorth(a: Advice, b: Advice): number {
  return rank(a) - rank(b) || unitRank(a) - unitRank(b) || amount(b) - amount(a);
}

function rank({ state, saves }: Advice): number {
  if (state === 'verified') return 0;
  return saves?.predicted == null ? 2 : 1;
}

/** Seconds come before bytes. */
function unitRank({ saves }: Advice): number {
  return saves?.unit === 'second' ? 0 : 1;
}

/** What it saves, in the unit of the figure; 0 if no number is known. */
export function amount({ saves, state }: Pick<Advice, 'saves' | 'state'>): number {
  return (state === 'verified' ? saves?.verified?.value : saves?.predicted?.value) ?? 0;
}

function hoursPerMonth(advice: Advice, runsPerDay: number | null): number | null {
  const value = amount(advice);
  if (runsPerDay === null || advice.saves?.unit !== 'second' || !(value > 0)) return null;
  return (value * runsPerDay * DAYS) / 3_600;
}
