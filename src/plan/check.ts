/** Checks a plan, as it was written, against the schema. */
import { type PacelineError, wrongUsage } from '../model/failure.ts';
import { findIssues, type Issue, inWords, issueText, pathText } from './issues.ts';
import { type CheckedPlan, planSchema } from './schema.ts';

/** A part of a plan. */
export interface Part {
  readonly path: readonly PropertyKey[];
  /** Its key if the key itself is meant, else its value. */
  readonly side: 'key' | 'value';
}

/** Where the parts of a plan are in the text that it was read from. */
export interface Places {
  readonly file: string;
  /** Counted from 1; for the deepest existing part of the path. */
  readonly of: (part: Part) => { readonly line: number; readonly column: number };
}

/** Maximum number of issues that are listed in full; more would hide the first. */
const MOST_LINES = 5;

/** Maximum number of issues that are looked up in the text: a file that is not a plan has one in each line. */
const MOST_PLACED = 100;

/**
 * @param places null for a plan that comes as data, not as a file
 * @throws PacelineError WrongUsage that names every issue
 */
export function checkPlan(input: unknown, places: Places | null): CheckedPlan {
  const result = planSchema.safeParse(input, { error: issueText, jitless: true });
  if (result.success) return result.data;
  throw issuesError(findIssues(result.error), places);
}

function issuesError(found: readonly Issue[], places: Places | null): PacelineError {
  const issues = inOrder(found.slice(0, MOST_PLACED), places);
  const [only] = issues;
  if (only !== undefined && found.length === 1)
    return wrongUsage(`${place(only, places)} ${inWords(only).what}.`, inWords(only).next);
  const listed = issues.slice(0, found.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES).map((issue) => {
    const { what, next } = inWords(issue);
    return `${place(issue, places)} ${what}. ${next}`;
  });
  const left = found.length - listed.length;
  const what = [...listed, ...(left > 0 ? [`… and ${left} more.`] : [])].join('\n');
  return wrongUsage(what, `Correct these ${found.length} places; docs/plan.md explains every key.`);
}

/** From top to bottom of the file. */
function inOrder(issues: readonly Issue[], places: Places | null): readonly Issue[] {
  if (places === null) return issues;
  return issues
    .map((issue) => ({ issue, at: places.of(issue) }))
    .sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
    .map(({ issue }) => issue);
}

function place(issue: Issue, places: Places | null): string {
  const path = pathText(issue.path);
  if (places === null) return path === '' ? 'The plan' : `Plan: ${path}`;
  const { line, column } = places.of(issue);
  return `${places.file}:${line}:${column}: ${path === '' ? 'the plan' : path}`;
}
