/** The fan-out: at most as many trials as there are lanes, in the plan's order, the next as one ends. */
import { CancellationScope } from '@temporalio/workflow';
import type { ResolvedRun, TrialSummary } from '../model/activities.ts';
import type { TrialSpec } from '../model/plan.ts';
import type { RunRef } from '../model/run.ts';
import type { Board } from './board.ts';
import type { Host } from './host.ts';
import { fanOut } from './fan-out.ts';
import { describeTrial, stepsOf, trialStepId, trialTitle } from './steps.ts';

/** The plan's trials, then further rounds as long as they could settle a verdict. */
export async function runTrials(host: Host, run: RunRef, resolved: ResolvedRun, board: Board): Promise<void> {
  let trials = resolved.trials;
  while (trials.length > 0) {
    await runRound(host, run, { ...resolved, trials }, board);
    trials = await host.control.nextTrials.executeWithOptions({ summary: 'are further trials needed?' }, [{ run }]);
    board.planIs(resolved, stepsOf({ ...resolved, trials }));
  }
}

/**
 * A task queue has no order, so only trials that may run now are scheduled. The first failure stops the other lanes.
 * All of them are waited for before it is passed on.
 */
async function runRound(host: Host, run: RunRef, resolved: ResolvedRun, board: Board): Promise<void> {
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    await fanOut(
      resolved.trials,
      resolved.lanes,
      (spec) => runTrial(host, run, resolved, board, spec),
      () => scope.cancel(),
    );
  });
}

async function runTrial(host: Host, run: RunRef, resolved: ResolvedRun, board: Board, spec: TrialSpec): Promise<void> {
  const { plan } = resolved;
  const title = trialTitle(plan, spec);
  const scenario = plan.scenarios.find(({ id }) => id === spec.scenarioId)!;
  await board.step(
    { id: trialStepId(spec), title },
    () => runTrialWithRetries(host, { run, spec, title }),
    (summary) => describeTrial(summary, scenario),
  );
}

/** Runs a trial, and repeats it as long as the activity asks for it: a lost attempt is not a measurement. */
export async function runTrialWithRetries(
  { trial }: Host,
  { run, spec, title }: { readonly run: RunRef; readonly spec: TrialSpec; readonly title: string },
): Promise<TrialSummary> {
  for (let attempt = 1; ; attempt += 1) {
    const summary = attempt === 1 ? title : `${title}, try ${attempt}`;
    const summarised = await trial.runTrial.executeWithOptions({ summary }, [{ run, spec, try: attempt }]);
    if (!summarised.again) return summarised;
  }
}
