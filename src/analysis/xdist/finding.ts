/** How the audits of workers and distributions tell what was predicted: words, seconds with their interval, place and remedy. Pure. */
import { figure } from '../../format/figure.ts';
import type { Place } from '../../model/project-files.ts';
import type { Remedy, Saving } from '../../model/result.ts';
import { commandText } from '../../plan/command-text.ts';
import { type AuditContext, failedTrials } from '../audits/audit.ts';
import { placeOf } from '../place-of.ts';
import { isRough } from '../trials/serves.ts';
import { addoptsOf, addoptsPatch, commandWith, countIn, distributionIn, type Way } from './options.ts';
import { ERROR, type Predicted, type Prediction, predict, predictRecorded, primaryScenario } from './predict.ts';

export type ForPrimary =
  | { readonly kind: 'predicted'; readonly prediction: Prediction }
  | { readonly kind: 'notApplicable'; readonly reason: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** The prediction of the primary scenario, unless a run with workers was red: then nothing faster is known to work. */
export function predictionOf(context: AuditContext): ForPrimary {
  const scenario = primaryScenario(context.plan);
  if (scenario === null) return { kind: 'notApplicable', reason: 'The plan has no primary scenario.' };
  const read = predict(context.facts, scenario);
  if (read.kind === 'unknown') return { kind: 'notApplicable', reason: read.reason };
  const red = failedTrials(context).find(({ profile }) => (profile?.pytest?.configuration.workers ?? 0) > 1);
  if (red === undefined) return read;
  return {
    kind: 'inconclusive',
    reason: `${red.scenarioName} was not green with its workers, so none is recommended.`,
  };
}

/** The same for what needs no other workers to work: the recorded times of a red trial in which every test ended say it too. */
export function recordedOf({ facts, plan }: AuditContext): ForPrimary {
  const scenario = primaryScenario(plan);
  if (scenario === null) return { kind: 'notApplicable', reason: 'The plan has no primary scenario.' };
  const read = predictRecorded(facts, scenario);
  return read.kind === 'unknown' ? { kind: 'notApplicable', reason: read.reason } : read;
}

/** Whether the saving is worth a change, and certain enough to report. */
export function isWorth({ seconds, way }: Prediction, other: Predicted, { plan }: AuditContext): boolean {
  const { regressionRatio, floorSeconds } = plan.alerts;
  const saved = seconds - other.seconds;
  return sameWay(way, other) ? false : saved > Math.max(floorSeconds, regressionRatio * seconds, ERROR * other.seconds);
}

function sameWay(a: Way, b: Way): boolean {
  return a.workers === b.workers && a.distribution === b.distribution;
}

export function savesByPrediction({ seconds, trial }: Prediction, after: { readonly seconds: number }): Saving {
  const value = seconds - after.seconds;
  const margin = ERROR * after.seconds;
  const low = isRough(trial) ? 0 : value - margin;
  const high = value + (isRough(trial) ? 2 : 1) * margin;
  return {
    figure: 'trial.duration',
    scenario: trial.scenarioName,
    unit: 'second',
    predicted: { value, low, high },
    verified: null,
  };
}

/** "4 workers with --dist worksteal", "a single process" */
export function wayWords({ workers, distribution }: Way): string {
  if (workers === 0) return 'a single process';
  const count = workers === 1 ? '1 worker' : `${workers} workers`;
  return distribution === null ? count : `${count} with \`--dist ${distribution}\``;
}

export function predictedEvidence({ seconds, way, trial, cpus }: Prediction, other: Predicted): string[] {
  const on = cpus === 1 ? '1 CPU' : `${cpus} CPUs`;
  return [
    `${trial.scenarioName}, ${wayWords(way)}: ${figure(seconds, 'second')} (measured, on ${on})`,
    `${wayWords(other)}: ${figure(other.seconds, 'second')} (simulated: ${figure(other.low, 'second')} to ${figure(other.high, 'second')})`,
  ];
}

/**
 * Where the command names the workers, the plan's scenario changes; where the project's addopts alone do, a patch of them.
 * null: the command is the test service's own.
 */
export function remedyOf({ facts, plan }: AuditContext, way: Way): Remedy | null {
  const index = plan.scenarios.findIndex(({ primary }) => primary);
  const command = plan.scenarios[index]?.command ?? null;
  const isInCommand = command !== null && (countIn(command) !== null || distributionIn(command) !== null);
  const patch = isInCommand ? null : addoptsPatch(facts.projectFiles, way);
  if (patch !== null) return { kind: 'patch', patch };
  if (command === null) return null;
  return { kind: 'planOverride', set: { [`scenarios[${index}].command`]: commandText(commandWith(command, way)) } };
}

/** Of the project's addopts where they name workers, else of the test service's command where a scenario runs that. */
export function placeOfWorkers({ facts, plan }: Pick<AuditContext, 'facts' | 'plan'>): Place | null {
  const words = (addoptsOf(facts.projectFiles)?.value ?? '').split(/\s+/);
  if (countIn(words) === null && distributionIn(words) === null) {
    const runsOwn = plan.scenarios.find(({ primary }) => primary)?.command === null;
    return runsOwn && facts.service !== null
      ? placeOf(facts.projectFiles, { kind: 'composeKey', service: facts.service, key: ['command'] })
      : null;
  }
  return placeOf(facts.projectFiles, { kind: 'pytestOption', name: 'addopts' });
}
