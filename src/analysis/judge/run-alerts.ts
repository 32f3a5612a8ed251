/** Alerts of a run: targets that were missed, and trials that are not samples. */
import { METRICS, type MetricName } from '../../model/measurement.ts';
import type { Alert, MetricResult, RunResult, ScenarioResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { figure, figureBeside } from '../../format/figure.ts';
import type { Phases } from './phases.ts';
import { SECONDARY_METRICS } from './secondary-targets.ts';
import { judgedTrials, OUTCOMES, reasonOf } from '../trials/trials.ts';

type Judged = Pick<RunResult, 'phases' | 'scenarios' | 'metrics'>;

export function raiseAlerts(facts: RunFacts, { phases, scenarios, metrics }: Judged): Alert[] {
  return [
    ...failureAlerts(facts),
    ...scheduleAlerts(facts),
    ...phaseAlerts(phases),
    ...scenarioAlerts(scenarios, phases),
    ...secondaryAlerts(facts, metrics),
  ];
}

const PHASE_METRICS = {
  total: 'total.duration',
  build: 'build.cold.duration',
  startup: 'startup.duration',
  test: 'test.duration',
} as const satisfies Record<keyof Phases, MetricName>;

function phaseAlerts(phases: Phases): Alert[] {
  return Object.entries(PHASE_METRICS).flatMap(([name, metric]) => {
    const { verdict, seconds, target } = phases[name as keyof Phases];
    if (verdict !== 'missed' || seconds === null || target === null) return [];
    const message = `${METRICS[metric].title} took ${over(seconds, target, 'second')}.`;
    return [targetAlert({ metric, message, scenario: null, gate: true })];
  });
}

/** The primary scenario's own target is left out where the test phase misses the very same one: that would be said twice. */
function scenarioAlerts(scenarios: readonly ScenarioResult[], { test }: Phases): Alert[] {
  return scenarios
    .filter(({ primary, target }) => !(primary && test.verdict === 'missed' && test.target === target))
    .flatMap(({ name, verdict, seconds, target }) => {
      if (verdict !== 'missed' || seconds === null || target === null) return [];
      const message = `${name} took ${over(seconds, target, 'second')}.`;
      return [targetAlert({ metric: 'trial.duration', message, scenario: name, gate: true })];
    });
}

function secondaryAlerts({ plan }: RunFacts, metrics: readonly MetricResult[]): Alert[] {
  return SECONDARY_METRICS.flatMap((secondary) => {
    const row = metrics.find(({ metric, target }) => metric === secondary.metric && target !== null);
    if (row?.verdict !== 'missed' || row.value === null || row.target === null) return [];
    const { metric, scenario, unit, value, target, ofFailedTrial } = row;
    const of = ofFailedTrial ? `, in a failed trial of ${scenario}` : ` of ${scenario}`;
    const message = `${METRICS[metric].title}${of}: ${over(value, target, unit)}.`;
    // What a failed trial used informs; its tests have decided already.
    const gate = !ofFailedTrial && (plan?.targets.gate.includes(secondary.target) ?? false);
    return [targetAlert({ metric, message, scenario, gate })];
  });
}

function failureAlerts(facts: RunFacts): Alert[] {
  return (facts.plan?.scenarios ?? []).flatMap(({ id, name }) => {
    const trials = judgedTrials(facts, id);
    return trials
      .filter(({ outcome }) => OUTCOMES[outcome].means !== 'clean')
      .map((trial) => ({
        kind: 'failure' as const,
        state: 'raised' as const,
        metric: null,
        scenario: name,
        message: `${name}${trials.length > 1 ? `, trial ${trial.trial}` : ''}: ${reasonOf(trial)}`,
        gate: true,
      }));
  });
}

/** A single missed run may be an accident. A run that never started cannot report itself, so the next one does. */
const MISSED_RUNS = 2;

function scheduleAlerts({ missedRuns }: RunFacts): Alert[] {
  if (missedRuns == null || missedRuns.count < MISSED_RUNS) return [];
  const { scheduleId, count, lastDueAt } = missedRuns;
  const message = `Schedule ${scheduleId} missed ${count} runs in a row before this one. The last was due at ${lastDueAt.slice(0, 16).replace('T', ' ')} UTC. Check whether the machine was off or the schedule paused.`;
  return [{ kind: 'schedule', state: 'raised', metric: null, scenario: null, message, gate: false }];
}

function targetAlert(alert: Pick<Alert, 'metric' | 'message' | 'scenario' | 'gate'>): Alert {
  return { kind: 'target', state: 'raised', ...alert };
}

function over(value: number, target: number, unit: MetricResult['unit']): string {
  return `${figureBeside(value, target, unit)}; the target is under ${figure(target, unit)}`;
}
