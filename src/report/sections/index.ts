/** The sections of a run's report, in the order in which people read them: how it did, what to do, where the time went. */
import type { RunResult } from '../../model/result.ts';
import { item, list, type Section } from '../blocks.ts';
import { type ReportContext, RESULT_ALONE } from '../context.ts';
import { advice } from './advice.ts';
import { alerts } from './alerts.ts';
import { builds } from './builds.ts';
import { checks } from './checks.ts';
import { errors } from './errors.ts';
import { failedTests } from './failed-tests.ts';
import { logs } from './logs.ts';
import { measurements } from './measurements.ts';
import { notes } from './notes.ts';
import { phases } from './phases.ts';
import { resources } from './resources.ts';
import { scenarios } from './scenarios.ts';
import type { SectionMaker } from './section.ts';
import { services } from './services.ts';
import { startup } from './startup.ts';
import { time } from './time.ts';
import { timeline } from './timeline.ts';
import { trends } from './trends.ts';
import { trials } from './trials.ts';
import { where } from './where.ts';

export const SECTIONS: readonly SectionMaker[] = [
  phases,
  errors,
  alerts,
  failedTests,
  advice,
  timeline,
  scenarios,
  time,
  resources,
  builds,
  startup,
  services,
  logs,
  trends,
  trials,
  measurements,
  checks,
  notes,
  where,
];

/**
 * The sections that have something to show. A section that throws is a bug in Paceline: a message takes its place, and the
 * other sections are still shown.
 */
export function sectionsOf(
  result: RunResult,
  context: ReportContext = RESULT_ALONE,
  makers: readonly SectionMaker[] = SECTIONS,
): readonly Section[] {
  return makers.map((maker) => sectionOf(maker, result, context)).filter(hasBlocks);
}

function sectionOf(
  { id, title, folded = false, make }: SectionMaker,
  result: RunResult,
  context: ReportContext,
): Section {
  try {
    return { id, title, folded, summary: [], details: [], ...make(result, context) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `This section could not be made (${reason}). This is a bug in Paceline. Please report it.`;
    return { id, title, summary: list([item(text, { sign: 'warning' })]), details: [] };
  }
}

function hasBlocks({ summary, details }: Section): boolean {
  return summary.length + details.length > 0;
}
