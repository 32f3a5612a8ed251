/** JSON as programs write it, with what the standard has no word for. */

/** NaN and infinities as Python's and C's libraries write them; outside of strings. */
const NO_JSON_NUMBER = /("[^"\\]*(?:\\.[^"\\]*)*")|[-+]?\b(?:NaN|nan|Infinity|inf)\b/g;
/** Keys and other strings, and what opens and closes objects and arrays. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** @param stand what takes the place of such a number */
export function withoutNaN(text: string, stand: (token: string) => string): string {
  return text.replace(NO_JSON_NUMBER, (token, string?: string) => string ?? stand(token));
}

/**
 * Like `JSON.parse`, and NaN and infinities are such numbers, as in JavaScript.
 * @throws SyntaxError for the text with zeros as long as they were in their places, so that positions are right
 */
export function parseTolerantly(text: string): unknown {
  const strict = triedAs(text);
  if (strict !== null) return strict.value;
  // Nothing but this function writes that string: U+0000 never stands in JSON without an escape.
  const marked = triedAs(
    withoutNaN(text, (token) => `"\\u0000${token}"`),
    (_, value) =>
      typeof value === 'string' && value.startsWith('\u0000') ? (numberOf(value.slice(1)) ?? value) : value,
  );
  return marked === null ? JSON.parse(standsInPlace(text)) : marked.value;
}

/** For errors with their positions: the same text, where such numbers are zeros. */
export function standsInPlace(text: string): string {
  return withoutNaN(text, (token) => '0'.padStart(token.length));
}

/** @returns the first key that an object has twice, and where the second begins; `JSON.parse` would drop the first without a word */
export function repeatedKey(text: string): { readonly key: string; readonly position: number } | null {
  /** Of each open object its keys; null for an array. */
  const open: (Set<string> | null)[] = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const written = token.slice(0, -colon.length);
      const key = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1);
      const keys = open.at(-1);
      if (keys?.has(key)) return { key, position: index };
      keys?.add(key);
    }
  }
  return null;
}

function triedAs(text: string, reviver?: (key: string, value: unknown) => unknown): { value: unknown } | null {
  try {
    return { value: JSON.parse(text, reviver) as unknown };
  } catch {
    return null;
  }
}

function numberOf(token: string): number | null {
  const sign = token.startsWith('-') ? -1 : 1;
  if (/^[-+]?nan$/i.test(token)) return Number.NaN;
  return /^[-+]?inf/i.test(token) ? sign * Number.POSITIVE_INFINITY : null;
}
