/** Which of the stored attempts count. All files of the analysis use this one, so a broken trial is never a sample. */
import type { ScenarioResult, TrialResult } from '../../model/result.ts';
import type { RunFacts, TrialOutcomeKind, TrialRecord } from '../../model/run.ts';
import { alike } from './same-tests.ts';

/** What an outcome says about: the project (`failed`), the machinery around it (`error`), or nothing at all (`clean`). */
export const OUTCOMES = {
  passed: { means: 'clean', words: 'passed' },
  testsFailed: { means: 'failed', words: 'tests failed' },
  testsBroken: { means: 'failed', words: 'the test run stopped early' },
  noTests: { means: 'failed', words: 'no tests ran' },
  outOfMemory: { means: 'failed', words: 'killed for memory' },
  killed: { means: 'failed', words: 'killed' },
  timedOut: { means: 'failed', words: 'not finished within the time limit' },
  commandNotFound: { means: 'error', words: 'command not found' },
  infrastructure: { means: 'error', words: 'the tests never started' },
  lost: { means: 'error', words: 'lost' },
} as const satisfies Record<TrialOutcomeKind, { means: 'clean' | 'failed' | 'error'; words: string }>;

/** The last attempt of every trial: earlier ones were lost and retried. In the order of trial numbers. */
export function finalTries(facts: RunFacts, scenarioId: string): TrialRecord[] {
  const last = new Map<number, TrialRecord>();
  for (const record of facts.trials) {
    if (record.scenarioId !== scenarioId) continue;
    const known = last.get(record.trial);
    if (known === undefined || known.try < record.try) last.set(record.trial, record);
  }
  return [...last.values()].sort((a, b) => a.trial - b.trial);
}

/** The trials that a scenario is judged by: its final tries without the warm-ups. */
export function judgedTrials(facts: RunFacts, scenarioId: string): TrialRecord[] {
  return finalTries(facts, scenarioId).filter(({ kind }) => kind === 'measured');
}

/** A trial whose time may be compared: measured, passed, and with a time. */
export type CleanTrial = TrialRecord & { readonly seconds: number };

/** The samples of a scenario. Warm-ups, attempts that were lost, failed or never ran, and trials that ran other tests are not
 * samples. A disturbed one counts only if there is no other. */
export function cleanTrials(facts: RunFacts, scenarioId: string): CleanTrial[] {
  const samples = alike(passedTrials(facts, scenarioId));
  const undisturbed = samples.filter((trial) => !isDisturbed(trial));
  return undisturbed.length > 0 ? undisturbed : samples;
}

/** Those that passed with a time, whichever tests they ran. */
export function passedTrials(facts: RunFacts, scenarioId: string): CleanTrial[] {
  return judgedTrials(facts, scenarioId).filter(isClean);
}

/** Whether it may be a sample at all. */
export function isClean(trial: TrialRecord): trial is CleanTrial {
  return OUTCOMES[trial.outcome].means === 'clean' && trial.seconds !== null;
}

/** Whether its tests ran but did not pass: its figures may be shown with that mark, and are never samples. */
export function isOfFailedTrial({ outcome }: Pick<TrialRecord, 'outcome'>): boolean {
  return OUTCOMES[outcome].means === 'failed';
}

/** Other work used its CPUs during the trial, or the hypervisor took them away. */
export function isDisturbed({ disturbed }: Pick<TrialRecord | TrialResult, 'disturbed'>): boolean {
  return disturbed !== null;
}

/** Whether every trial that a scenario's figure rests on was disturbed. */
export function allDisturbed({ trials }: Pick<ScenarioResult, 'trials'>): boolean {
  const passed = trials.filter(({ kind, outcome }) => kind === 'measured' && outcome === 'passed');
  return passed.length > 0 && passed.every(isDisturbed);
}

/** Why a trial is not a sample, as one sentence. */
export function reasonOf({ outcome, reason }: Pick<TrialRecord, 'outcome' | 'reason'>): string {
  return reason ?? `The trial gave no reason: ${OUTCOMES[outcome].words}.`;
}
