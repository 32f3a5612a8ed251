/**
 * JUnit XML, as CI servers read it: the phases are one test suite, each scenario is another, and each target or regression is
 * a test case. The schema is Jenkins' (JUnit 5 checks its own reports with it); test/fixtures/schemas has it.
 */
import { METRICS } from '../../../model/measurement.ts';
import type { Alert, PartVerdict, RunResult, ScenarioResult } from '../../../model/result.ts';
import { lines, oneLine } from '../../text/foreign.ts';

interface Case {
  readonly name: string;
  readonly seconds: number | null;
  readonly outcome:
    | { readonly kind: 'passed' }
    | { readonly kind: 'skipped'; readonly message: string }
    /** `type` says what kind of failure it is, `text` has more lines. */
    | {
        readonly kind: 'failure' | 'error';
        readonly type: string;
        readonly message: string;
        readonly text: readonly string[];
      };
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

export function renderJunit(result: RunResult): string {
  const suites = [phasesSuite(result), ...result.scenarios.map((scenario) => scenarioSuite(result, scenario))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`Paceline: ${result.project}`)}"${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap((suite) => suiteLines(result, suite)),
    '</testsuites>\n',
  ].join('\n');
}

function phasesSuite(result: RunResult): Suite {
  const { build, startup, test, total } = result.phases;
  const phases = [
    { name: 'Build', metric: 'build.cold.duration', phase: build },
    { name: 'Start-up', metric: 'startup.duration', phase: startup },
    { name: 'Tests', metric: 'test.duration', phase: test },
    { name: 'Total', metric: 'total.duration', phase: total },
  ] as const;
  const known = new Set<string>(phases.map(({ metric }) => metric));
  return {
    name: `${result.project}: phases`,
    cases: [
      ...result.errors.map(({ type, what, next, detail }) => ({
        name: 'Run',
        seconds: null,
        outcome: { kind: 'error' as const, type, message: what, text: [next, ...lines(detail ?? '')] },
      })),
      ...phases.map(({ name, metric, phase }) => ({
        name,
        seconds: phase.seconds,
        outcome: judged(phase.verdict, phase.seconds, phase.reason, alertOf(result, metric, null), []),
      })),
      ...metricCases(result, null).filter(({ metric }) => !known.has(metric)),
      ...regressionCases(result, null),
    ],
  };
}

function scenarioSuite(result: RunResult, scenario: ScenarioResult): Suite {
  const { name, seconds, reason, verdict } = scenario;
  const alert =
    result.alerts.find((each) => each.kind === 'failure' && each.scenario === name) ??
    alertOf(result, 'trial.duration', name);
  const failed = (result.failedTests ?? []).filter((each) => each.scenario === name);
  const text = failed.flatMap(({ tests }) =>
    tests.map(({ id, message }) => (message === null ? id : `${id}: ${message}`)),
  );
  return {
    name: `${result.project}: ${name}`,
    cases: [
      { name: 'Tests', seconds, outcome: judged(verdict, seconds, reason, alert, text) },
      ...metricCases(result, name),
      ...regressionCases(result, name),
    ],
  };
}

/** The other figures that have a target. */
function metricCases(result: RunResult, scenario: string | null) {
  return result.metrics
    .filter((each) => each.trial === null && each.scenario === scenario && each.target !== null)
    .map(({ metric, unit, value, reason, verdict }) => ({
      metric,
      name: METRICS[metric].title,
      seconds: unit === 'second' ? value : null,
      outcome: judged(verdict, value, reason, alertOf(result, metric, scenario), []),
    }));
}

/** What got slower, and the same host confirmed it. */
function regressionCases({ alerts }: RunResult, scenario: string | null): Case[] {
  return alerts
    .filter((each) => each.kind === 'regression' && each.state === 'confirmed' && each.scenario === scenario)
    .map(({ metric, message }) => ({
      name: `No regression: ${metric === null ? 'run' : METRICS[metric].title}`,
      seconds: null,
      outcome: { kind: 'failure', type: 'regression', message, text: [] },
    }));
}

function alertOf({ alerts }: RunResult, metric: string, scenario: string | null): Alert | undefined {
  return alerts.find((each) => each.kind === 'target' && each.metric === metric && each.scenario === scenario);
}

/** Only a missed target or red tests are a failure. What could not be measured is skipped, with the reason. */
function judged(
  verdict: PartVerdict,
  value: number | null,
  reason: string | null,
  alert: Alert | undefined,
  text: readonly string[],
): Case['outcome'] {
  const message = alert?.message ?? reason;
  switch (verdict) {
    case 'pass':
      return { kind: 'passed' };
    case 'missed':
      return { kind: 'failure', type: 'target', message: message ?? 'The target was missed.', text };
    case 'failed':
      return { kind: 'failure', type: 'tests', message: message ?? 'The tests failed.', text };
    case 'error':
      return { kind: 'error', type: 'error', message: message ?? 'It broke off.', text };
    case 'notMeasured':
      return { kind: 'skipped', message: reason ?? 'It was not measured.' };
    case 'notApplicable':
      return value === null ? { kind: 'skipped', message: reason ?? 'It has no target.' } : { kind: 'passed' };
  }
}

function suiteLines({ startedAt }: RunResult, { name, cases }: Suite): string[] {
  const skipped = cases.filter(({ outcome }) => outcome.kind === 'skipped').length;
  // Older schemas allow no fraction and no time zone here.
  const at = startedAt.slice(0, 19);
  return [
    `  <testsuite name="${attribute(name)}"${counts(cases)} skipped="${skipped}" timestamp="${attribute(at)}">`,
    ...cases.flatMap((each) => caseLines(name, each)),
    '  </testsuite>',
  ];
}

function caseLines(suite: string, { name, seconds, outcome }: Case): string[] {
  const time = seconds === null ? '' : ` time="${seconds}"`;
  const start = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"${time}`;
  if (outcome.kind === 'passed') return [`${start}/>`];
  // Jenkins' schema knows no attribute of `skipped`, so the reason is its text.
  const inside =
    outcome.kind === 'skipped'
      ? `<skipped>${text([outcome.message])}</skipped>`
      : `<${outcome.kind} type="${attribute(outcome.type)}" message="${attribute(outcome.message)}">` +
        `${text([outcome.message, ...outcome.text])}</${outcome.kind}>`;
  return [`${start}>`, `      ${inside}`, '    </testcase>'];
}

function counts(cases: readonly Case[]): string {
  const count = (kind: Case['outcome']['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
}

function attribute(value: string): string {
  return escaped(oneLine(value)).replaceAll('"', '&quot;');
}

function text(values: readonly string[]): string {
  return values
    .map((value) => escaped(oneLine(value)))
    .filter((value) => value !== '')
    .join('\n');
}

/** XML 1.0 has no place for two characters, escaped or not; controls are written out already. */
function escaped(value: string): string {
  return value
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
