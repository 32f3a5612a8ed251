/** Which trials may answer which question of an audit. Decided here alone, on typed facts. */
import { listOf } from '../../format/list-of.ts';
import type { OutputHintKind } from '../../model/output-hint.ts';
import type { TestTiming } from '../../model/profile/pytest-profile.ts';
import type { TrialRecord } from '../../model/run.ts';
import { isDisturbed, isOfFailedTrial, OUTCOMES } from './trials.ts';

export type Question =
  /** Options, workers, plugins: known once pytest has started. */
  | 'configuration'
  /** How long the tests were collected. */
  | 'collection'
  /** How long one test took. What came after it, or ended it, is asked of its own record. */
  | 'singleTest'
  /** When the tests ended, and how they were spread over the workers: every test must have come to its end. */
  | 'allTests';

/** Output of a suite that did not run all of its tests, whichever exit code that gave. */
const BROKE_OFF: readonly OutputHintKind[] = [
  'schedulerCrashed',
  'internalError',
  'workerCrashed',
  'differentTestsCollected',
  'collectionErrors',
  'conftestFailed',
  'testTimeout',
];

/** A red trial has true times of the tests that ran. A trial that broke off has those of single tests, and of what came before them. */
export function serves(trial: TrialRecord, question: Question): boolean {
  const pytest = trial.profile?.pytest;
  if (pytest == null || OUTCOMES[trial.outcome].means === 'error') return false;
  switch (question) {
    case 'configuration':
      return true;
    case 'collection':
      return pytest.path !== null && pytest.path.tests > 0 && pytest.testSet.count > 0;
    case 'singleTest':
      return pytest.slowestTests.length > 0;
    case 'allTests':
      return trial.seconds !== null && everyTestEnded(trial);
  }
}

function everyTestEnded({ outcome, hint, profile }: TrialRecord): boolean {
  if (outcome === 'passed') return true;
  const pytest = profile?.pytest;
  if (outcome !== 'testsFailed' || pytest == null) return false;
  const wasEnded = pytest.unfinishedTest !== null || pytest.cutOff != null || pytest.configuration.maxFailures > 0;
  return !wasEnded && !BROKE_OFF.some((kind) => kind === hint?.kind);
}

/** Whether the phases of a test were recorded: a test that was cut off ran at least as long as its seconds say. */
export function isWhole({ seconds, setup, call, teardown }: TestTiming): boolean {
  return setup + call + teardown >= seconds / 2;
}

/** What to know of a trial whose times are not a sample, as evidence has it. None where there is nothing. */
export function caveatsOf(trial: TrialRecord): readonly string[] {
  return [
    ...(isOfFailedTrial(trial) ? [`seen in a red trial of ${trial.scenarioName}${endWords(trial)}`] : []),
    ...(trial.disturbed === null
      ? []
      : [`this trial was disturbed, so its times may be too long: ${trial.disturbed.reason}`]),
  ];
}

function endWords(trial: TrialRecord): string {
  return everyTestEnded(trial) ? '' : ', which broke off before all tests had run';
}

/** Whether seconds from it need a wide interval. */
export function isRough(trial: TrialRecord): boolean {
  return isOfFailedTrial(trial) || isDisturbed(trial);
}

/** "in a red trial", "in a disturbed trial", "in a red and disturbed trial"; null for a trial that is a sample. */
export function conditionOf(trial: TrialRecord): string | null {
  const words = [...(isOfFailedTrial(trial) ? ['red'] : []), ...(isDisturbed(trial) ? ['disturbed'] : [])];
  return words.length === 0 ? null : `in a ${listOf(words)} trial`;
}
