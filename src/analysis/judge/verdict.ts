/** The verdict of a run and the one sentence that says why. */
import { type Alert, type RunResult, type ScenarioResult, type Verdict, VERDICTS } from '../../model/result.ts';
import type { Plan } from '../../model/plan.ts';
import { figure } from '../../format/figure.ts';
import { SECONDARY_METRICS } from './secondary-targets.ts';

export interface Judged extends Pick<RunResult, 'phases' | 'scenarios' | 'metrics' | 'alerts' | 'errors'> {
  readonly plan: Plan | null;
  readonly cancelled: boolean;
}

/** The first verdict in the order of `VERDICTS` that has something to say. */
export function decide(judged: Judged): { readonly verdict: Verdict; readonly summary: string } {
  for (const verdict of VERDICTS) {
    const summary = verdict === 'pass' ? null : REASONS[verdict](judged);
    if (summary !== null) return { verdict, summary };
  }
  return { verdict: 'pass', summary: passed(judged) };
}

/** Each gives the sentence where its verdict applies, else null. */
const REASONS: Readonly<Record<Exclude<Verdict, 'pass'>, (judged: Judged) => string | null>> = {
  cancelled: ({ cancelled, scenarios }) => {
    if (!cancelled) return null;
    const done = scenarios.filter(({ seconds }) => seconds !== null).length;
    return done === 0
      ? 'The run was cancelled before a scenario was measured.'
      : `The run was cancelled; ${done} of ${scenarios.length} scenarios had been measured.`;
  },
  error: ({ errors }) =>
    firstAndMore(
      errors.map(({ what }) => what),
      'error',
    ),
  failed: ({ scenarios }) =>
    firstAndMore(
      scenarios.filter(({ verdict }) => verdict === 'failed').map(({ name, reason }) => `${name}: ${reason}`),
      'scenario',
    ),
  regressed: ({ alerts }) =>
    firstAndMore(
      messages(alerts, ({ kind, state }) => kind === 'regression' && state === 'confirmed'),
      'regression',
    ),
  missed: ({ alerts }) =>
    firstAndMore(
      messages(alerts, ({ kind }) => kind === 'target'),
      'target',
    ),
  inconclusive: (judged) => firstAndMore(unjudged(judged), 'figure'),
};

function passed({ phases: { total }, scenarios, plan }: Judged): string {
  const green = greenWords(scenarios);
  if (total.seconds === null) return `${green} and within their targets.`;
  const time = `build, start-up and tests took ${figure(total.seconds, 'second')}`;
  if (total.target === null) return `${green}; ${time}.`;
  const secondary = plan !== null && plan.targets.gate.length > 0 ? 'and gated ' : '';
  return `${green} and all primary ${secondary}targets are met: ${time}, under ${figure(total.target, 'second')}.`;
}

/** Where no tests were counted there is nothing to be green: the exit code is all that is known. */
function greenWords(scenarios: readonly ScenarioResult[]): string {
  const uncounted = scenarios.every(({ trials }) => trials.every(({ tests }) => tests === null));
  if (scenarios.length > 1) return uncounted ? 'All commands ended with exit code 0' : 'All scenarios are green';
  return uncounted ? 'The command ended with exit code 0 (no tests were counted)' : 'The tests are green';
}

/**
 * Targets that decide and have nothing to be judged by. To pass them would be to take a missing figure for a good one.
 */
function unjudged({ phases, scenarios, metrics, alerts, plan }: Judged): string[] {
  const gated = SECONDARY_METRICS.filter(({ target }) => plan?.targets.gate.includes(target)).flatMap(
    ({ metric, target }) =>
      metrics
        .filter((row) => row.metric === metric && row.target !== null && row.verdict === 'notMeasured')
        .map(({ reason }) => `The gated target on ${target} could not be judged: ${reason}`),
  );
  const primary = (['total', 'build', 'startup', 'test'] as const)
    .filter((name) => phases[name].verdict === 'notMeasured' && phases[name].target !== null)
    .map((name) => `The target on ${name} could not be judged: ${phases[name].reason}`);
  const nothing = scenarios.length === 0 ? ['The run ended before anything was measured.'] : [];
  return [
    ...nothing,
    ...scenarios.filter(isUnmeasured).map(({ name, reason }) => `${name} was not measured: ${reason}`),
    ...primary,
    ...gated,
    ...messages(alerts, ({ kind, state }) => kind === 'regression' && state === 'inconclusive'),
  ];
}

function isUnmeasured({ verdict }: ScenarioResult): boolean {
  return verdict === 'notMeasured';
}

function messages(alerts: readonly Alert[], chosen: (alert: Alert) => boolean): string[] {
  return alerts.filter((alert) => alert.gate && chosen(alert)).map(({ message }) => message);
}

/** The first sentence, and how many more there are of them. @param noun what each is about, in the singular */
function firstAndMore([first, ...more]: readonly string[], noun: string): string | null {
  if (first === undefined) return null;
  return more.length === 0 ? first : `${first} (And ${more.length} more ${noun}${more.length > 1 ? 's' : ''}.)`;
}
