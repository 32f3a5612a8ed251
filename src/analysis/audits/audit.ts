/** A check on the facts of a run that may know a remedy. Its id names the failing state and is its file's name. */
import type { OutputHint, OutputHintKind } from '../../model/output-hint.ts';
import type { Plan } from '../../model/plan.ts';
import type { Advice, ScenarioResult, TrialResult } from '../../model/result.ts';
import type { RunFacts, TestCounts, TrialRecord } from '../../model/run.ts';
import { judgedTrials, OUTCOMES } from '../trials/trials.ts';

export interface AuditContext {
  readonly facts: RunFacts;
  readonly plan: Plan;
  readonly scenarios: readonly ScenarioResult[];
}

/** `savedSeconds` is null unless it follows from clean trials of the same tests. */
export type Finding = Pick<Advice, 'message' | 'evidence' | 'savedSeconds'>;

export interface Audit {
  readonly id: string;
  /** Nothing where the facts do not bear it out. */
  readonly audit: (context: AuditContext) => readonly Finding[];
}

/** The trials that ended red or broken, with what is known of why. */
export function failedTrials({ facts, plan }: AuditContext): TrialRecord[] {
  return plan.scenarios
    .flatMap(({ id }) => judgedTrials(facts, id))
    .filter(({ outcome }) => OUTCOMES[outcome].means === 'failed');
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

export function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
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
