/** What all readers share: bounds, and errors that name the file and the place in it. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { type PacelineError, wrongUsage } from '../../model/failure.ts';

/** Years of nightly runs of a large suite; beyond it, a file is not what it is taken for. */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
export const MOST_POINTS = 500_000;
const LONGEST_NAME = 1024;

export interface ReadContext {
  /** As people named it. */
  readonly file: string;
  /** ISO 8601: of figures that do not say when they were measured. */
  readonly at: string;
  /** Of figures that do not say of which commit they are. */
  readonly commit: string | null;
}

export type Reader = (text: string, context: ReadContext) => readonly ExternalPoint[];

/** A name as people and databases can bear it. */
export const NAME = z.string().min(1).max(LONGEST_NAME);
export const FIGURE = z.number();

/** @param place where in the file, e.g. `line 3` or `results[0].median` */
export function unreadable({ file }: ReadContext, place: string, what: string): PacelineError {
  return wrongUsage(
    `${file} cannot be imported: ${place === '' ? '' : `${place}: `}${what}.`,
    'See that the file is whole and in the format that is meant; --format names one of them.',
  );
}

/** @throws PacelineError WrongUsage with line and column of what is no JSON */
export function parseJson(text: string, context: ReadContext): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = positionOf((error as Error).message, text);
    const place = position === null ? 'at its end' : placeOf(text, position);
    throw unreadable(context, place, 'this is no JSON');
  }
}

/** @throws PacelineError WrongUsage with the path of the first thing that is not as it should be */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, context: ReadContext): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw unreadable(context, pathOf(issue?.path ?? []), issue?.message.replace(/\.$/, '') ?? 'it has another form');
}

/** @throws PacelineError WrongUsage for what is no date */
export function isoTime(value: string | number, place: string, context: ReadContext): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw unreadable(context, place, `${JSON.stringify(value)} is no time`);
  return date.toISOString();
}

/** Of an unexpected token V8 does not tell the position: it is where the shortest beginning with that error ends. */
function positionOf(said: string, text: string): number | null {
  const told = /at position (\d+)/.exec(said)?.[1];
  if (told !== undefined) return Number(told);
  if (!hasUnexpectedToken(text)) return null;
  let [fine, faulty] = [0, text.length];
  while (faulty - fine > 1) {
    const middle = (fine + faulty) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) faulty = middle;
    else fine = middle;
  }
  return faulty - 1;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token');
  }
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
