/**
 * OpenMetrics text of one run (https://prometheus.io/docs/specs/om/open_metrics_spec/), for GitLab's `metrics` report and for
 * Prometheus' textfile collector and push gateway. No timestamps and no commit: these tools compare series by their labels.
 */
import { METRICS, type MetricName, type Unit } from '../../../model/measurement.ts';
import { type RunResult, VERDICTS } from '../../../model/result.ts';
import { type MeasuredFigure, measuredFigures } from './figures.ts';

/** Base units of the specification. A metric's name ends with its unit. */
const UNITS: Readonly<Record<Unit, string>> = { second: 'seconds', byte: 'bytes', ratio: 'ratio' };

export function renderOpenMetrics(result: RunResult): string {
  const families = Map.groupBy(measuredFigures(result), ({ measure }) => measure);
  const lines = [
    ...[...families].flatMap(([measure, figures]) => familyLines(result.project, measure, figures)),
    ...verdictLines(result),
    '# EOF',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function familyLines(project: string, measure: MetricName, figures: readonly MeasuredFigure[]): string[] {
  const { unit, title } = METRICS[measure];
  const family = `paceline_${measure.replaceAll('.', '_')}_${UNITS[unit]}`;
  return [
    `# TYPE ${family} gauge`,
    `# UNIT ${family} ${UNITS[unit]}`,
    `# HELP ${family} ${escaped(title)}`,
    ...figures.map(({ scenario, service, value }) => `${family}${labels({ project, scenario, service })} ${value}`),
  ];
}

/** 1 for the verdict of the run, 0 for the others: the specification's set of states. */
function verdictLines({ project, verdict }: RunResult): string[] {
  return [
    '# TYPE paceline_verdict stateset',
    '# HELP paceline_verdict Verdict of the run',
    ...VERDICTS.map(
      (each) => `paceline_verdict${labels({ project, paceline_verdict: each })} ${each === verdict ? 1 : 0}`,
    ),
  ];
}

function labels(values: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`${name}="${escaped(value)}"`],
  );
  return `{${given.join(',')}}`;
}

/**
 * The three characters that the specification escapes. Other line breaks would end the line in some readers. GitLab's reader
 * cuts every line at the first `#` (lib/gitlab/ci/parsers/metrics/generic.rb), so a wide one takes its place.
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g, '\\n')
    .replaceAll('#', '\uff03')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\ufeff]/gu, '\ufffd');
}
