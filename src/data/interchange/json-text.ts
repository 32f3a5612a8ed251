/** JSON as programs write it, including values that the standard does not have. */

/** NaN and infinities in the notation of Python's and C's libraries, outside of strings. */
const NO_JSON_NUMBER = /("[^"\\]*(?:\\.[^"\\]*)*")|[-+]?\b(?:NaN|nan|Infinity|inf)\b/g;
/** Keys and other strings, and the brackets of objects and arrays. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** @param stand returns the replacement of such a number */
export function withoutNaN(text: string, stand: (token: string) => string): string {
  return text.replace(NO_JSON_NUMBER, (token, string?: string) => string ?? stand(token));
}

/**
 * Like `JSON.parse`, but accepts NaN and infinities as JavaScript numbers.
 * @throws SyntaxError for the text with zeros of the same length in their places, so that positions are right
 */
export function parseTolerantly(text: string): unknown {
  const strict = triedAs(text);
  if (strict !== null) return strict.value;
  // Only this function writes that string: JSON cannot contain U+0000 without an escape.
  const marked = triedAs(
    withoutNaN(text, (token) => `"\\u0000${token}"`),
    (_, value) =>
      typeof value === 'string' && value.startsWith('\u0000') ? (numberOf(value.slice(1)) ?? value) : value,
  );
  return marked === null ? JSON.parse(standsInPlace(text)) : marked.value;
}

/** The same text with zeros in place of such numbers, for errors with positions. */
export function standsInPlace(text: string): string {
  return withoutNaN(text, (token) => '0'.padStart(token.length));
}

/** @returns the first key that an object has twice, and where the second begins. `JSON.parse` would silently drop the first. */
export function repeatedKey(text: string): { readonly key: string; readonly position: number } | null {
  /** The keys of each open object. null for an array. */
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
