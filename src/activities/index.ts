/** Every activity of the contract, on the real parts. */
import type { BenchmarkActivities } from '../model/activities.ts';
import { adviceToVerify } from './advice/advice-to-verify.ts';
import { adviceTogether } from './advice/advice-together.ts';
import { concludeAdvice } from './advice/conclude-advice.ts';
import { nextVerification } from './advice/next-verification.ts';
import { analyze } from './analyze.ts';
import { buildImages } from './build-images.ts';
import { claimHost } from './claim-host.ts';
import { closeSide } from './regression/close-side.ts';
import { comparedParts, comparePairs } from './regression/compare-pairs.ts';
import { concludeComparison } from './regression/conclude-comparison.ts';
import { nextMeasurement } from './regression/next-measurement.ts';
import { openSide } from './regression/open-side.ts';
import { suspicions } from './regression/suspicions.ts';
import { concludeTuning, nextTuning, planTuning, storedTuning, tunedScenario } from './regression/tune.ts';
import { cleanUpRun } from './clean-up-run.ts';
import type { ActivityDeps } from './support/deps.ts';
import { fitScenarios } from './fit-scenarios.ts';
import { nextTrials } from './next-trials.ts';
import { notify, receivers } from './notify.ts';
import { openRun } from './open-run.ts';
import { preflight } from './preflight.ts';
import { prepareSource } from './prepare-source.ts';
import { publish } from './publish.ts';
import { reap } from './reap.ts';
import { resolvePlan } from './resolve-plan.ts';
import { runTrial } from './run-trial.ts';
import { guarded } from './support/guarded.ts';
import { startServices } from './start-services.ts';

export function createActivities(deps: ActivityDeps): BenchmarkActivities {
  return guarded(deps, {
    claimHost: claimHost(deps),
    ping: async () => undefined,
    openRun: openRun(deps),
    reap: reap(deps),
    preflight: preflight(deps),
    prepareSource: prepareSource(deps),
    resolvePlan: resolvePlan(deps),
    buildImages: buildImages(deps),
    fitScenarios: fitScenarios(deps),
    startServices: startServices(deps),
    runTrial: runTrial(deps),
    nextTrials: nextTrials(deps),
    analyze: analyze(deps),
    publish: publish(deps),
    receivers: receivers(deps),
    notify: notify(deps),
    cleanUpRun: cleanUpRun(deps),
    suspicions: suspicions(deps),
    openSide: openSide(deps),
    nextMeasurement: nextMeasurement(deps),
    comparedParts: comparedParts(deps),
    comparePairs: comparePairs(deps),
    concludeComparison: concludeComparison(deps),
    adviceToVerify: adviceToVerify(deps),
    nextVerification: nextVerification(deps),
    adviceTogether: adviceTogether(deps),
    concludeAdvice: concludeAdvice(deps),
    closeSide: closeSide(deps),
    tunedScenario: tunedScenario(deps),
    planTuning: planTuning(deps),
    storedTuning: storedTuning(deps),
    nextTuning: nextTuning(deps),
    concludeTuning: concludeTuning(deps),
  });
}
