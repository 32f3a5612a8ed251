/** CSV as RFC 4180 has it: one row for each figure, with those that were not measured and the reason. */
import type { RunResult } from '../../../model/result.ts';
import { oneLine } from '../../text/foreign.ts';
import { figuresOf, SHORT_UNITS } from './figures.ts';

const COLUMNS = [
  'project',
  'scenario',
  'service',
  'measure',
  'unit',
  'value',
  'low',
  'high',
  'target',
  'verdict',
  'reason',
  'commit',
  'at',
  'run',
] as const;

export function renderCsv(result: RunResult): string {
  const { project, source, startedAt, runId } = result;
  const rows = figuresOf(result).map(
    ({ scenario, service, measure, unit, value, interval, target, verdict, reason }) => [
      ...[project, scenario, service, measure, SHORT_UNITS[unit]].map(textCell),
      ...[value, interval?.low ?? null, interval?.high ?? null, target].map(numberCell),
      ...[verdict, reason, source.commit, startedAt, runId].map(textCell),
    ],
  );
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function numberCell(value: number | null): string {
  return value === null ? '' : String(value);
}

/** A spreadsheet runs a cell that starts with one of these as a formula; with a quote before it, it is text. */
const FORMULA = /^[=+\-@]/;

function textCell(text: string | null): string {
  if (text === null) return '';
  const line = oneLine(text);
  const safe = FORMULA.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
