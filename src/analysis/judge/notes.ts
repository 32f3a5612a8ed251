/** What a reader must know to interpret the figures, in addition to the notes from the run itself. */
import type { ScenarioResult } from '../../model/result.ts';
import type { RunFacts, TestCounts, TrialRecord } from '../../model/run.ts';
import type { Phases } from './phases.ts';
import { configurationNotes } from '../profile/effective-configuration.ts';
import { testSetOf } from '../trials/same-tests.ts';
import { cleanTrials, finalTries, OUTCOMES, passedTrials, reasonOf } from '../trials/trials.ts';

export function collectNotes(facts: RunFacts, phases: Phases, scenarios: readonly ScenarioResult[]): string[] {
  const notes = [
    ...facts.notes,
    ...partsThatTookNoTime(phases),
    ...unlikeTrials(facts),
    ...leftOut(facts),
    ...configurationNotes(scenarios),
    ...secondTries(facts),
    ...badWarmups(facts),
    ...missingTrials(facts, scenarios),
    ...unreadLogs(facts),
  ];
  return [...new Set(notes)];
}

function unreadLogs({ trials }: RunFacts): string[] {
  return trials
    .flatMap(({ profile }) => profile?.unreadLogs ?? [])
    .map(
      ({ service, driver }) =>
        `The log of \`${service}\` was not checked: the engine cannot read logs of the logging driver \`${driver}\`.`,
    );
}

function partsThatTookNoTime({ build, startup, total }: Phases): string[] {
  if (total.seconds === null) return [];
  const words = [
    ...(build.verdict === 'notApplicable' ? ['The build'] : []),
    ...(startup.verdict === 'notApplicable' ? ['Start-up'] : []),
  ];
  return words.map((word) => `${word} is not applicable and counts as 0 s in the total.`);
}

/** What was too large to be read. */
function leftOut({ trials }: RunFacts): string[] {
  return trials.flatMap(({ scenarioName, profile }) =>
    (profile?.leftOut ?? []).map((sentence) => `${scenarioName}: ${sentence}`),
  );
}

/** Only like is compared with like; trials of one scenario ought to run the same tests, and some suites do not. */
function unlikeTrials(facts: RunFacts): string[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id, name }) => {
    const passed = passedTrials(facts, id);
    const sets = new Map(
      passed
        .map(testSetOf)
        .filter((set) => set !== null)
        .map((set) => [set.digest, set.count]),
    );
    if (sets.size > 1) {
      const counted = cleanTrials(facts, id).length;
      return [
        `${name}: its trials did not run the same tests (${[...sets.values()].join(', ')} of them). Only the ${counted} of ${passed.length} that ran the same tests ${counted === 1 ? 'counts' : 'count'}.`,
      ];
    }
    const counts = new Set(
      cleanTrials(facts, id)
        .map(({ tests }) => tests)
        .filter((tests) => tests !== null)
        .map(testsRun),
    );
    if (counts.size < 2) return [];
    return [
      `${name}: its trials did not run the same number of tests (${[...counts].join(', ')}), so their times may not be comparable.`,
    ];
  });
}

function testsRun({ passed, failed, errors }: TestCounts): number {
  return passed + failed + errors;
}

function secondTries(facts: RunFacts): string[] {
  return eachFinalTry(facts).flatMap((trial) => [
    ...(trial.try > 1
      ? [
          `${label(trial)} was lost and retried; the lost ${trial.try === 2 ? 'attempt is' : 'attempts are'} not counted.`,
        ]
      : []),
    ...(trial.reattached ? [`${label(trial)} continued while its worker was replaced; nothing was lost.`] : []),
  ]);
}

function badWarmups(facts: RunFacts): string[] {
  return eachFinalTry(facts)
    .filter(({ kind, outcome }) => kind === 'warmup' && OUTCOMES[outcome].means !== 'clean')
    .map((trial) => `${label(trial)} (a warm-up, not judged): ${reasonOf(trial)}`);
}

/** A scenario that was judged by fewer trials than the plan asks for, as after a cancel. */
function missingTrials({ plan }: RunFacts, scenarios: readonly ScenarioResult[]): string[] {
  if (plan === null) return [];
  return scenarios.flatMap(({ name, trials, seconds }) => {
    const done = new Set(trials.filter(({ kind }) => kind === 'measured').map(({ trial }) => trial)).size;
    if (seconds === null || done >= plan.trials.repeat) return [];
    return [`${name} was measured ${done} of ${plan.trials.repeat} times.`];
  });
}

function eachFinalTry(facts: RunFacts): TrialRecord[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id }) => finalTries(facts, id));
}

function label({ scenarioName, trial }: TrialRecord): string {
  return `${scenarioName}, trial ${trial}`;
}
