/**
 * Durations, sizes and ratios as people write them, in base units: seconds, bytes, and a share of 1. A leading "<", as
 * targets have it, is part of the notation.
 */

/** The value of a text or number, or why it is invalid: a predicate ("is …") and a sentence that says how to fix it. */
export type Reading =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'wrong'; readonly what: string; readonly next: string };

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const HOURS = anyCase('h(?:(?:ou)?rs?)?');
const MINUTES = anyCase('m(?:in(?:ute)?s?)?');
const SECONDS = anyCase('s(?:ec(?:ond)?s?)?');
const MILLISECONDS = anyCase('m(?:s(?:ecs?)?|illiseconds?)');

/** Regular expressions of the three notations in the common subset of ECMAScript and JSON Schema. */
export const DURATION_PATTERN = notation(
  String.raw`(?=\d)(?:${NUMBER}|(?:${NUMBER}\s*${HOURS})?(?:\s*${NUMBER}\s*${MINUTES})?(?:\s*${NUMBER}\s*${SECONDS})?(?:\s*${NUMBER}\s*${MILLISECONDS})?)`,
);
export const SIZE_PATTERN = notation(String.raw`${NUMBER}(?:\s*((?:[kKmMgGtT][iI]?)?[bB]))?`);
export const RATIO_PATTERN = notation(String.raw`${NUMBER}(?:\s*(%))?`);

/** A week: no benchmark is meant to take longer, and Temporal's timers still agree with it. */
export const MOST_SECONDS = 7 * 24 * 3600;
/** Docker's least memory limit; a number below it is a forgotten unit. */
export const LEAST_BYTES = 6 * 2 ** 20;
export const MOST_BYTES = 1e15;

const WRITE_DURATION = 'Write it like "< 180 s", "3 min", "1m30s", or 90 for seconds.';
const WRITE_SIZE = 'Write it like "2 GB" (2·10⁹ bytes) or "2 GiB" (2·2³⁰ bytes).';
const WRITE_RATIO = 'Write it like "80 %" or 0.8.';

/**
 * "< 180 seconds", "3m", "1 min 30 s", "10 ms", "90" or 90: seconds, more than 0 and at most a week.
 * @param options.zero whether 0 is a duration too
 */
export function readDuration(input: string | number, { zero = false }: { readonly zero?: boolean } = {}): Reading {
  const groups = match(DURATION_PATTERN, input);
  if (groups === null) return wrong(`is ${shown(input)}, which is not a duration`, WRITE_DURATION);
  const [bare, hours, minutes, seconds, milliseconds] = groups.map(Number);
  const value = bare! + hours! * 3600 + minutes! * 60 + seconds! + milliseconds! / 1000;
  if (value > MOST_SECONDS) return wrong(`is ${shown(input)}, which is more than a week`, WRITE_DURATION);
  if (value === 0 && !zero) return wrong(`is ${shown(input)}; it must be more than 0`, WRITE_DURATION);
  return { kind: 'value', value };
}

/** "2GB" (decimal), "2 GiB" (binary) or plain bytes: whole bytes, from 6 MiB to 1000 TB. */
export function readSize(input: string | number): Reading {
  const groups = match(SIZE_PATTERN, input);
  if (groups === null) return wrong(`is ${shown(input)}, which is not a size`, WRITE_SIZE);
  const value = Math.round(Number(groups[0]) * unitBytes(groups[1]!));
  if (value < LEAST_BYTES) return wrong(`is ${shown(input)}, which is less than 6 MiB`, WRITE_SIZE);
  if (value > MOST_BYTES) return wrong(`is ${shown(input)}, which is more than 1000 TB`, WRITE_SIZE);
  return { kind: 'value', value };
}

/**
 * "80 %", or a number from 0 to 1: a share of 1, more than 0. A number above 1 is refused, because it could mean 2 %
 * or 200 %.
 * @param options.most the largest share, 1 being 100 %
 */
export function readRatio(input: string | number, { most = 1 }: { readonly most?: number } = {}): Reading {
  const groups = match(RATIO_PATTERN, input);
  if (groups === null) return wrong(`is ${shown(input)}, which is not a share`, WRITE_RATIO);
  const isPercent = groups[1] !== '';
  const value = isPercent ? Number(groups[0]) / 100 : Number(groups[0]);
  if (!isPercent && value > 1) {
    return wrong(
      `is ${shown(input)}, which could be per cent or a factor`,
      `Write "${groups[0]} %" if you mean per cent.`,
    );
  }
  if (value === 0) return wrong(`is ${shown(input)}; it must be more than 0`, WRITE_RATIO);
  if (value > most) return wrong(`is ${shown(input)}, which is more than ${most * 100} %`, WRITE_RATIO);
  return { kind: 'value', value };
}

/** A scalar of a plan as a message shows it: one line, at most 40 characters. */
export function shown(value: string | number | boolean): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 40 ? text : `${text.slice(0, 39).toWellFormed()}…`;
}

/** The groups of the notation, '' for absent ones; null if the input does not match. */
function match(pattern: string, input: string | number): string[] | null {
  const text = typeof input === 'number' ? plainNumber(input) : input;
  // Longer than any meaningful text. It bounds the time of the regular expression.
  if (text === null || text.length > 100) return null;
  return (
    new RegExp(pattern)
      .exec(text)
      ?.slice(1)
      .map((group) => group ?? '') ?? null
  );
}

/** Without the exponent that String gives to large and small numbers; null if it is not a quantity. */
function plainNumber(value: number): string | null {
  return Number.isFinite(value) && value >= 0 && value < 1e20 ? value.toFixed(20).replace(/\.?0+$/, '') : null;
}

function unitBytes(unit: string): number {
  const prefix = unit.slice(0, 1).toLowerCase();
  const power = ['k', 'm', 'g', 't'].indexOf(prefix) + 1;
  return (unit.length === 3 ? 1024 : 1000) ** power;
}

function wrong(what: string, next: string): Reading {
  return { kind: 'wrong', what, next };
}

function notation(body: string): string {
  return String.raw`^\s*(?:<\s*)?${body}\s*$`;
}

/** JSON Schema patterns know no flags: "min" becomes "[mM][iI][nN]". */
function anyCase(pattern: string): string {
  return pattern.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
