/** Whether a lower or a higher figure is better, from its unit and name. */

export type Better = 'lower' | 'higher';

const TIME =
  /^(?:[numµμ]?s|secs?|seconds?|msecs?|milliseconds?|usecs?|microseconds?|nsecs?|nanoseconds?|mins?|minutes?|hr?s?|hours?|d|days?)$/;
/** Things that should be few, also per second. */
const UNWANTED =
  /\b(?:errors?|fail(?:s|ed|ures?)?|faults?|miss(?:es|ed)?|drop(?:s|ped)?|loss(?:es)?|lost|time-?outs?|alloc\w*|retr(?:y|ies)|reject\w*|conflicts?|stalls?|throttl\w*|kill\w*|crash\w*)\b/;
const RATE_WORDS = /^(?:[kmgtp]?(?:rps|qps|tps|fps|iops|ips|ops|flops|hz)|[kmgtp]?i?bps|thrpt|throughput)$/;
const RATE_MEASURES = /throughput|bandwidth|speed-?up|per sec(?:ond)?\b|\b(?:rps|qps|tps|fps|iops|ops|thrpt)\b/;

/**
 * @param unit e.g. `ops/s`, `ns/iter`, `operations / second (ops/s)`
 * @returns null if the unit does not show it, e.g. `Percent`
 */
export function betterByUnit(unit: string): Better | null {
  const [, inBrackets] = /\(([^()]+)\)\s*$/.exec(unit) ?? [];
  const text = words(inBrackets ?? unit);
  if (UNWANTED.test(words(unit))) return 'lower';
  const [, number = '', per] = /^(.*?)(?:\s*\/\s*|\s+per\s+|[·*.\s]*(?=s(?:\^-1|⁻¹)$))(.+)$/.exec(text) ?? [];
  if (per === undefined) return RATE_WORDS.test(text) ? 'higher' : TIME.test(text) ? 'lower' : null;
  const isOfTime = TIME.test(number.trim());
  if (TIME.test(per.replace(/\^-1$|⁻¹$/, '').trim())) return isOfTime ? null : 'higher';
  return isOfTime ? 'lower' : null;
}

/** Lower is better, unless the unit or else the name of the measure describes a rate. */
export function betterOf({ unit, measure }: { readonly unit: string; readonly measure: string }): Better {
  const name = words(measure);
  const byName = RATE_MEASURES.test(name) && !UNWANTED.test(name) ? 'higher' : 'lower';
  return betterByUnit(unit) ?? byName;
}

function words(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', ' ');
}
