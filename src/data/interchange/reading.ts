/** What all readers share: limits, and errors that name the file and the place in it. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { type PacelineError, wrongUsage } from '../../model/failure.ts';
import { readCommit } from './commits.ts';
import { parseTolerantly, repeatedKey, standsInPlace } from './json-text.ts';
import { readTime } from './times.ts';

/** Enough for years of nightly runs of a large suite. A larger file is probably not a file of results. */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
export const MOST_POINTS = 500_000;
const LONGEST_NAME = 1024;

export interface ReadContext {
  /** As the user named it. */
  readonly file: string;
  /** ISO 8601. Used for figures without a time. */
  readonly at: string;
  /** Used for figures without a commit. */
  readonly commit: string | null;
}

/** What users should know about a file that was read. */
export type ReadingNote =
  /** A time without a zone, read as UTC. */
  | { readonly kind: 'zoneAssumed'; readonly place: string; readonly time: string }
  /** Text in the place of a commit that does not name one. */
  | { readonly kind: 'noCommit'; readonly place: string; readonly text: string }
  /** A figure that was dropped, and why. */
  | { readonly kind: 'leftOut'; readonly place: string; readonly name: string; readonly why: string }
  /** Figures with the same name and moment, which were renamed. */
  | { readonly kind: 'keptApart'; readonly place: string; readonly name: string; readonly as: string }
  /** A series with figures in several units. */
  | { readonly kind: 'severalUnits'; readonly name: string; readonly units: readonly string[] };

/** What readers get. They add notes to it. */
export interface Reading extends ReadContext {
  readonly note: (note: ReadingNote) => void;
}

/** A figure as it is in the file. */
export interface ReadFigure {
  readonly point: ExternalPoint;
  /** Place in the file, e.g. `line 3` or `results[0]`. */
  readonly place: string;
  /** What distinguishes it from others with its name, e.g. `jobs=2`; the most important first. */
  readonly marks: readonly string[];
}

export type Reader = (text: string, reading: Reading) => readonly ReadFigure[];

/** A name with a length that users and databases can handle. */
export const NAME = z.string().min(1).max(LONGEST_NAME);
export const FIGURE = z.number();
/** A time. A negative one is a mistake of the tool that wrote it. */
export const SECONDS = FIGURE.nonnegative();

/** @param place place in the file, e.g. `line 3` or `results[0].median` */
export function unreadable({ file }: ReadContext, place: string, what: string): PacelineError {
  return wrongUsage(
    `${file} cannot be imported: ${place === '' ? '' : `${place}: `}${what}.`,
    'Check that the file is complete and in the expected format. --format selects the format.',
  );
}

/**
 * Accepts NaN and infinities, which are fine where nothing is read. They are not valid figures.
 * @throws PacelineError WrongUsage with line and column of invalid JSON
 */
export function parseJson(text: string, context: ReadContext): unknown {
  try {
    return parseTolerantly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = positionOf(error.message, standsInPlace(text));
    const place = position === null ? 'at its end' : placeOf(text, position);
    throw unreadable(context, place, 'this is not valid JSON');
  }
}

/**
 * For formats with the names of figures as keys.
 * @throws PacelineError WrongUsage like {@link parseJson}, and for a key that occurs twice in one object
 */
export function parseKeyedJson(text: string, context: ReadContext): unknown {
  const value = parseJson(text, context);
  const repeated = repeatedKey(text);
  if (repeated === null) return value;
  const what = `the key ${JSON.stringify(repeated.key.slice(0, 80))} occurs twice in one object`;
  throw unreadable(context, placeOf(text, repeated.position), what);
}

/** @throws PacelineError WrongUsage with the path of the first value that does not match */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, context: ReadContext): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw unreadable(context, pathOf(issue?.path ?? []), issue === undefined ? ANOTHER_FORM : wordsOf(issue, value));
}

const ANOTHER_FORM = 'it has another form';
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

/** The schema's complaint in our words: zod's own name its types. */
function wordsOf(issue: z.core.$ZodIssue, value: unknown): string {
  const found = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  if (found === undefined) return 'this is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `this must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `this must be ${issue.values.map((each) => JSON.stringify(each)).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'number' ? `this must be at least ${issue.minimum}` : 'this must not be empty';
    case 'too_big':
      return issue.origin === 'number'
        ? `this must be at most ${issue.maximum}`
        : `this has more than ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
    case 'custom':
      return issue.message.replace(/\.$/, '');
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return ANOTHER_FORM;
  }
}

/** @throws PacelineError WrongUsage for an invalid date */
export function isoTime(value: string | number, place: string, reading: Reading): string {
  const time = readTime(value);
  if (time.kind === 'refused') throw unreadable(reading, place, time.why);
  if (time.zone === 'assumed') reading.note({ kind: 'zoneAssumed', place, time: String(value) });
  return time.at;
}

/** The commit in the file, or else the one for figures without a commit. */
export function commitOf(text: string | null | undefined, place: string, reading: Reading): string | null {
  const commit = readCommit(text);
  if (commit.kind === 'commit') return commit.id;
  if (commit.kind === 'other') reading.note({ kind: 'noCommit', place, text: text! });
  return reading.commit;
}

/** V8 does not report the position of an unexpected token. It is the end of the shortest prefix with the same error. */
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
