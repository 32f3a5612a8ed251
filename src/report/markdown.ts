/** report.md and GitHub's step summary. */
import { figure } from '../analysis/figure.ts';
import { METRICS } from '../model/measurement.ts';
import type { MetricResult, RunResult, ScenarioResult, TrialResult } from '../model/result.ts';
import { hostLines, revision, standInLines, VERDICT_MARKS } from './headline.ts';
import { MARKS, NO_FIGURE, OF_FAILED_TRIAL, phaseRows, type Row, scenarioRows, secondaryRows } from './rows.ts';
import { buildTables } from './builds.ts';
import { timeTables } from './inside-pytest.ts';
import { resourceTables } from './resources.ts';
import { logTable, serviceTables } from './services.ts';
import { startupTables } from './startup.ts';
import { commandText } from './text/command.ts';
import { lines } from './text/foreign.ts';
import { block, code, escaped, table } from './text/markdown-text.ts';
import { testCounts } from './text/test-counts.ts';

/** The whole report as a file. */
export function renderMarkdown(result: RunResult): string {
  return page([
    ...summarySections(result),
    section('Notes', bullets([...result.notes, ...standInLines(result)])),
    section('Logs', logTable(result)),
    details('Builds step by step', buildTables(result)),
    details('Start-up as a timeline', startupTables(result)),
    details('Where the time goes', timeTables(result)),
    details('Services as the tests see them', serviceTables(result)),
    details('What the tests used, and the host meanwhile', resourceTables(result)),
    details('Trials', trialTable(result)),
    details('All measurements', metricTable(result)),
    details('Where', whereLines(result)),
  ]);
}

/** The same for $GITHUB_STEP_SUMMARY, without the long tables. */
export function renderStepSummary(result: RunResult): string {
  return page([...summarySections(result), section('Notes', bullets([...result.notes, ...standInLines(result)]))]);
}

function summarySections(result: RunResult): string[][] {
  return [
    headline(result),
    section('Phases', rowTable('Phase', phaseRows(result))),
    section('Scenarios', rowTable('Scenario', scenarioRows(result))),
    section('Resources', rowTable('Metric', secondaryRows(result))),
    section('Alerts', alertLines(result)),
    section('Errors', result.errors.flatMap(errorLines)),
    section('Advice', result.advice.flatMap(adviceLines)),
  ];
}

function headline(result: RunResult): string[] {
  const where = revision(result);
  const what = where === null ? result.project : `${result.project} at ${where}`;
  const mark = MARKS[VERDICT_MARKS[result.verdict]].trim();
  return [`## ${mark} ${result.verdict}: ${escaped(what)}`, '', escaped(result.summary)];
}

function rowTable(title: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  return table(
    'llrrl',
    ['', title, 'Measured', 'Target', ''],
    rows.map((row) => [
      MARKS[row.mark].trim(),
      escaped(row.title),
      row.figure,
      escaped(row.target),
      escaped([row.note, row.reason].filter((text) => text !== null && text !== '').join('. ')),
    ]),
  );
}

function alertLines({ alerts }: RunResult): string[] {
  // A failure stands beside its scenario already.
  const news = alerts.filter(({ kind }) => kind !== 'failure');
  return news.map(({ message, gate, state }) => {
    const suffix = state === 'raised' ? '' : ` (${state})`;
    return `- ${gate ? MARKS.bad : MARKS.warning} ${escaped(message)}${suffix}${gate ? '' : ' It does not decide the verdict.'}`;
  });
}

function errorLines({ what, next, detail }: RunResult['errors'][number]): string[] {
  const shown = detail === null ? [] : ['', ...block(lines(detail)), ''];
  return [`- **${escaped(what)}** ${escaped(next)}`, ...shown.map((line) => (line === '' ? '' : `  ${line}`))];
}

function adviceLines({ message, evidence, savedSeconds, state }: RunResult['advice'][number]): string[] {
  const saves = savedSeconds === null ? '' : ` (saves ${figure(savedSeconds, 'second')}, ${state})`;
  return [`- ${escaped(message)}${saves}`, ...evidence.map((line) => `  - ${escaped(line)}`)];
}

function trialTable({ scenarios }: RunResult): string[] {
  const rows = scenarios.flatMap((scenario) => scenario.trials.map((trial) => trialCells(scenario, trial)));
  if (rows.length === 0) return [];
  const header = ['Scenario', 'Trial', 'Try', 'Time', 'Exit', 'Outcome', 'Tests', 'CPUs', 'Beside', 'Host'];
  return [...commandLines(scenarios), ...scenarios.flatMap(spreadLine), '', ...table('lrrrrlllll', header, rows)];
}

function commandLines(scenarios: readonly ScenarioResult[]): string[] {
  return scenarios.map(({ name, command }) => {
    const shown = command === null ? "the test service's own command" : code(commandText(command));
    return `- ${escaped(name)}: ${shown}`;
  });
}

/** What the figures of several trials are worth. */
function spreadLine({ name, interval, samples, smallestEffect }: ScenarioResult): string[] {
  if (interval === null) return [];
  const ends = `${figure(interval.low, 'second')} to ${figure(interval.high, 'second')}`;
  const effect =
    smallestEffect === null ? '' : `; a difference of ${figure(smallestEffect, 'second')} or more would show`;
  const chance = figure(interval.coverage, 'ratio');
  return [`- ${escaped(name)}: the median of ${samples} trials lies in ${ends} (${chance})${effect}`];
}

function trialCells({ name }: ScenarioResult, trial: TrialResult): string[] {
  return [
    escaped(name),
    `${trial.trial}${trial.kind === 'warmup' ? ' (warm-up)' : ''}`,
    String(trial.try),
    trial.seconds === null ? NO_FIGURE : figure(trial.seconds, 'second'),
    trial.exitCode === null ? NO_FIGURE : String(trial.exitCode),
    escaped([trial.reason ?? trial.outcome, trial.disturbed].filter((text) => text !== null).join('; disturbed: ')),
    trial.tests === null ? escaped(trial.testsReason ?? NO_FIGURE) : testCounts(trial.tests),
    trial.lane.cpus.length === 0 ? NO_FIGURE : trial.lane.cpus.join(', '),
    trial.beside.length === 0
      ? NO_FIGURE
      : escaped(trial.beside.map((each) => `${each.scenario} (${each.trial})`).join(', ')),
    escaped(trial.hostId),
  ];
}

function metricTable({ metrics }: RunResult): string[] {
  if (metrics.length === 0) return [];
  const subject = ({ scenario, trial, service }: MetricResult) =>
    [scenario, trial === null ? null : `trial ${trial}`, service].filter((part) => part !== null).join(', ');
  return table(
    'llrll',
    ['Metric', 'Of', 'Value', 'Source', ''],
    metrics.map((row) => [
      METRICS[row.metric].title,
      escaped(subject(row)),
      row.value === null ? NO_FIGURE : figure(row.value, row.unit),
      escaped(row.source),
      escaped(row.reason ?? (row.ofFailedTrial ? OF_FAILED_TRIAL : '')),
    ]),
  );
}

function whereLines(result: RunResult): string[] {
  const { source, workflowId, runId, startedAt } = result;
  return [
    ...(source.origin === null ? [] : [`- Source: ${code(source.origin)}`]),
    ...(source.commit === null ? [] : [`- Commit: ${code(source.commit)}`]),
    `- Run: ${code(runId)} of workflow ${code(workflowId)}, started ${escaped(startedAt)}`,
    ...hostLines(result).map((line) => `- Host ${escaped(line)}`),
    ...result.hosts.map(({ fingerprint: { detail } }) => `  - ${escaped(detailText(detail))}`),
  ];
}

function detailText(detail: Readonly<Record<string, string>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function bullets(texts: readonly string[]): string[] {
  return texts.map((text) => `- ${escaped(text)}`);
}

function section(title: string, content: readonly string[]): string[] {
  return content.length === 0 ? [] : [`### ${title}`, '', ...content];
}

function details(title: string, content: readonly string[]): string[] {
  return content.length === 0 ? [] : ['<details>', `<summary>${title}</summary>`, '', ...content, '', '</details>'];
}

function page(sections: readonly (readonly string[])[]): string {
  const shown = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${shown.join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
