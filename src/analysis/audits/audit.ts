/** What an audit is: a check on the facts of a run that may know a remedy. Each is a folder here, named by the failing state. */
import { listOf } from '../../format/list-of.ts';
import { type MetricName, METRICS } from '../../model/measurement.ts';
import type { OutputHint, OutputHintKind } from '../../model/output-hint.ts';
import type { Plan } from '../../model/plan.ts';
import type { Advice, Saving, ScenarioResult, StartupChange, TrialResult } from '../../model/result.ts';
import type { RunFacts, TrialRecord } from '../../model/run.ts';
import type { TestCounts } from '../../model/test-counts.ts';
import { isOfFailedTrial, judgedTrials } from '../trials/trials.ts';

export interface AuditContext {
  readonly facts: RunFacts;
  readonly plan: Plan;
  readonly scenarios: readonly ScenarioResult[];
}

/** What an audit can need. The test of each is in facts-needed.ts. */
export type FactName = 'trials' | 'pytest' | 'startup' | 'builds' | 'projectFiles' | 'resources';

interface Found extends Pick<Advice, 'message' | 'evidence'> {
  /** @default null */
  readonly where?: Advice['where'];
  /** @default null */
  readonly remedy?: Advice['remedy'];
  /** What the remedy changes of the start-up. @default nothing */
  readonly startup?: readonly StartupChange[];
}

export type Finding =
  /** Something could be faster. `saves` is null unless it follows from clean trials of the same tests, or from the start-up. */
  | (Found & { readonly kind: 'opportunity'; readonly saves: Saving | null })
  /** Explains a failure. */
  | (Found & { readonly kind: 'problem' })
  /** The project has nothing of the kind that is checked. */
  | { readonly kind: 'notApplicable'; readonly reason: string }
  /** The facts are not good enough to tell. */
  | { readonly kind: 'inconclusive'; readonly reason: string };

export interface Audit {
  /** The name of its folder. */
  readonly id: string;
  /** The failing state, without a full stop. */
  readonly title: string;
  /** A sentence for a run in which nothing was found. */
  readonly ok: string;
  /** Without one of these facts the check is not applicable. */
  readonly requires: readonly FactName[];
  /** Nothing where all is well. */
  readonly audit: (context: AuditContext) => readonly Finding[];
}

/** A prediction from figures of this run, which has no interval. */
export function savesSeconds(figure: MetricName, value: number): Saving {
  return { figure, unit: 'second', predicted: { value, low: null, high: null }, verified: null };
}

/** A prediction with the interval in which the saving is expected, in the figure's own unit. */
export function savesBetween(
  figure: MetricName,
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
  scenario: string | null = null,
): Saving {
  return {
    figure,
    ...(scenario === null ? {} : { scenario }),
    unit: METRICS[figure].unit,
    predicted: { value, low, high },
    verified: null,
  };
}

/** A saving that only a measurement can tell: `advise --verify` measures this figure. */
export function savesUnknown(figure: MetricName, scenario: string | null = null): Saving {
  const { unit } = METRICS[figure];
  return { figure, ...(scenario === null ? {} : { scenario }), unit, predicted: null, verified: null };
}

/** The trials that ended red or broken, with what is known of why. */
export function failedTrials({ facts, plan }: AuditContext): TrialRecord[] {
  return plan.scenarios.flatMap(({ id }) => judgedTrials(facts, id)).filter(isOfFailedTrial);
}

export type HintOf<Kind extends OutputHintKind> = Extract<OutputHint, { kind: Kind }>;

/** The failed trials whose output gave this kind of hint. */
export function failedWith<Kind extends OutputHintKind>(
  context: AuditContext,
  kind: Kind,
): { readonly trial: TrialRecord; readonly hint: HintOf<Kind> }[] {
  return failedTrials(context).flatMap((trial) =>
    trial.hint?.kind === kind ? [{ trial, hint: trial.hint as HintOf<Kind> }] : [],
  );
}

/** Names of scenarios, each once, as a sentence has them. */
export function scenarioNames(trials: readonly Pick<TrialRecord, 'scenarioName'>[]): string {
  return listOf([...new Set(trials.map(({ scenarioName }) => scenarioName))]);
}

/** The first of them, and how many more there are. */
export function firstOf(words: readonly string[]): string {
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return `${words.slice(0, SHOWN).join(', ')}${more}`;
}

const SHOWN = 3;

/** The tests that the clean trials of a scenario ran, or null where that is not known or not the same each time. */
export function testsOf({ trials }: ScenarioResult): TestCounts | null {
  const [first, ...rest] = trials.filter(isCleanSample).map(({ tests }) => tests);
  return first && rest.every((tests) => tests !== null && sameTests(tests, first)) ? first : null;
}

export function sameTests(a: TestCounts, b: TestCounts): boolean {
  return a.passed === b.passed && a.failed === b.failed && a.errors === b.errors && a.skipped === b.skipped;
}

function isCleanSample({ kind, outcome, seconds }: TrialResult): boolean {
  return kind === 'measured' && outcome === 'passed' && seconds !== null;
}
