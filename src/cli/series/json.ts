/** Reads series from JSON: `{"series":[[…],…]}`. */
import { withoutNaN } from '../../data/interchange/json-text.ts';
import { wrongUsage } from '../../model/failure.ts';

const SHAPE = 'Pass {"series":[[12.1,12.3,…],…]}, each series oldest first, or CSV.';
/** @throws PacelineError WrongUsage, with the place */
export function seriesFromJson(text: string): number[][] {
  const series = membersOf(parsed(text));
  return series.map((values, index) => {
    if (!Array.isArray(values)) {
      throw wrongUsage(`series[${index}] is ${shown(values)}, which is not a list of numbers.`, SHAPE);
    }
    if (values.length === 0) throw wrongUsage(`series[${index}] is empty.`, 'Add at least one run, or leave it out.');
    return values.map((value: unknown, run) => checked(value, `series[${index}][${run}]`));
  });
}

function parsed(text: string): unknown {
  try {
    // NaN and similar values become strings, so that the error can name their place.
    return JSON.parse(withoutNaN(text.replace(/^\u{feff}+/u, ''), (token) => `"${token}"`));
  } catch (error) {
    throw wrongUsage(`The input is not valid JSON: ${(error as Error).message}.`, SHAPE);
  }
}

function membersOf(document: unknown): unknown[] {
  const series = (document as { series?: unknown } | null)?.series;
  if (!Array.isArray(series)) throw wrongUsage('The input has no list `series`.', SHAPE);
  return series;
}

function checked(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrongUsage(`${place} is ${shown(value)}, which is not a finite number.`, 'Leave out runs without a value.');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value === Number.POSITIVE_INFINITY ? 'Infinity' : value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
