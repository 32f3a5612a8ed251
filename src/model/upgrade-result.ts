/** Results that older versions stored, in the form of this version. docs/result.md lists the changes. */
import type { MetricName } from './measurement.ts';
import { type Advice, RESULT_SCHEMA_VERSION, type RunResult, type ScenarioResult, type TrialResult } from './result.ts';

type TrialOne = Omit<TrialResult, 'concurrentWith'> & { readonly beside: TrialResult['concurrentWith'] };
type ScenarioOne = Omit<ScenarioResult, 'minimumDetectableEffect' | 'trials'> & {
  readonly smallestEffect: number | null;
  readonly trials: readonly TrialOne[];
};
type AdviceOne = Pick<Advice, 'id' | 'state' | 'message' | 'evidence'> & { readonly savedSeconds: number | null };

/** The keys of version 1 that have changed since. */
export type ResultOne = Omit<RunResult, 'schemaVersion' | 'scenarios' | 'advice'> & {
  readonly schemaVersion: 1;
  readonly scenarios: readonly ScenarioOne[];
  readonly advice: readonly AdviceOne[];
};

/** Whatever a run has stored: the result of a comparison is returned as it is. */
export function upgradeResult(stored: RunResult | ResultOne): RunResult {
  if (stored.schemaVersion === RESULT_SCHEMA_VERSION || !Array.isArray(stored.scenarios)) return stored as RunResult;
  return {
    ...stored,
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenarios: stored.scenarios.map(upgradeScenario),
    advice: stored.advice.map(upgradeAdvice),
  };
}

function upgradeScenario({ smallestEffect, trials, ...scenario }: ScenarioOne): ScenarioResult {
  return {
    ...scenario,
    minimumDetectableEffect: smallestEffect,
    trials: trials.map(({ beside, ...trial }) => ({ ...trial, concurrentWith: beside })),
  };
}

/** Audits of version 1 that named seconds. */
const FIGURES: Readonly<Record<string, MetricName>> = {
  'worker-count': 'trial.duration',
  'healthcheck-interval': 'startup.duration',
};

function upgradeAdvice({ savedSeconds, ...advice }: AdviceOne): Advice {
  const figure = FIGURES[advice.id];
  const predicted = savedSeconds === null ? null : { value: savedSeconds, low: null, high: null };
  return {
    ...advice,
    kind: figure === undefined ? 'problem' : 'opportunity',
    where: null,
    saves:
      predicted === null ? null : { figure: figure ?? 'total.duration', unit: 'second', predicted, verified: null },
    remedy: null,
  };
}
