/** What all readers share: bounds, and errors that name the file and the place in it. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { type PacelineError, wrongUsage } from '../../model/failure.ts';
import { readCommit } from './commits.ts';
import { parseTolerantly, repeatedKey, standsInPlace } from './json-text.ts';
import { readTime } from './times.ts';

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

/** What people should know of a file that was read. */
export type ReadingNote =
  /** A time of which the file does not say the zone: UTC was taken. */
  | { readonly kind: 'zoneAssumed'; readonly place: string; readonly time: string }
  /** What stands where a commit should, and names none. */
  | { readonly kind: 'noCommit'; readonly place: string; readonly text: string }
  /** A figure that is not kept, and why. */
  | { readonly kind: 'leftOut'; readonly place: string; readonly name: string; readonly why: string }
  /** Figures of one name and moment, which got names of their own. */
  | { readonly kind: 'keptApart'; readonly place: string; readonly name: string; readonly as: string }
  /** A series of which the figures are in several units. */
  | { readonly kind: 'severalUnits'; readonly name: string; readonly units: readonly string[] };

/** What readers are given: they put down what people should know. */
export interface Reading extends ReadContext {
  readonly note: (note: ReadingNote) => void;
}

/** A figure as it stands in the file. */
export interface ReadFigure {
  readonly point: ExternalPoint;
  /** Where in the file, e.g. `line 3` or `results[0]`. */
  readonly place: string;
  /** What tells it apart from others of its name, e.g. `jobs=2`; the most telling first. */
  readonly marks: readonly string[];
}

export type Reader = (text: string, reading: Reading) => readonly ReadFigure[];

/** A name as people and databases can bear it. */
export const NAME = z.string().min(1).max(LONGEST_NAME);
export const FIGURE = z.number();
/** A time: less than none is a fault of whatever wrote it. */
export const SECONDS = FIGURE.nonnegative();

/** @param place where in the file, e.g. `line 3` or `results[0].median` */
export function unreadable({ file }: ReadContext, place: string, what: string): PacelineError {
  return wrongUsage(
    `${file} cannot be imported: ${place === '' ? '' : `${place}: `}${what}.`,
    'See that the file is whole and in the format that is meant; --format names one of them.',
  );
}

/**
 * NaN and infinities are such numbers here, which a figure cannot be: they may stand wherever nothing is read.
 * @throws PacelineError WrongUsage with line and column of what is no JSON
 */
export function parseJson(text: string, context: ReadContext): unknown {
  try {
    return parseTolerantly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = positionOf(error.message, standsInPlace(text));
    const place = position === null ? 'at its end' : placeOf(text, position);
    throw unreadable(context, place, 'this is no JSON');
  }
}

/**
 * For formats in which names of figures are keys.
 * @throws PacelineError WrongUsage like {@link parseJson}, and for a key that one object has twice
 */
export function parseKeyedJson(text: string, context: ReadContext): unknown {
  const value = parseJson(text, context);
  const repeated = repeatedKey(text);
  if (repeated === null) return value;
  const what = `the key ${JSON.stringify(repeated.key.slice(0, 80))} is there twice in one object`;
  throw unreadable(context, placeOf(text, repeated.position), what);
}

/** @throws PacelineError WrongUsage with the path of the first thing that is not as it should be */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, context: ReadContext): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw unreadable(context, pathOf(issue?.path ?? []), issue?.message.replace(/\.$/, '') ?? 'it has another form');
}

/** @throws PacelineError WrongUsage for what is no date */
export function isoTime(value: string | number, place: string, reading: Reading): string {
  const time = readTime(value);
  if (time.kind === 'refused') throw unreadable(reading, place, time.why);
  if (time.zone === 'assumed') reading.note({ kind: 'zoneAssumed', place, time: String(value) });
  return time.at;
}

/** The commit that the file names, or else the one of figures that do not say theirs. */
export function commitOf(text: string | null | undefined, place: string, reading: Reading): string | null {
  const commit = readCommit(text);
  if (commit.kind === 'commit') return commit.id;
  if (commit.kind === 'other') reading.note({ kind: 'noCommit', place, text: text! });
  return reading.commit;
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
