/** Reads JSON objects that stand one after another, on one line each or spread over many, with plain text between them. */

export interface ConcatenatedJson {
  readonly objects: readonly object[];
  /** Whatever is no JSON object, in its order: messages before, between and after. */
  readonly text: string;
}

/** Never throws: an object that is broken or cut off is text. */
export function readConcatenatedJson(input: string): ConcatenatedJson {
  const objects: object[] = [];
  const text: string[] = [];
  let unclosed = 0;
  let at = 0;
  while (at < input.length) {
    const isTried = input[at] === '{' && unclosed < MOST_UNCLOSED;
    const end = isTried ? endOfObject(input, at) : null;
    if (isTried && end === null) unclosed += 1;
    const object = end === null ? null : parse(input.slice(at, end));
    if (end !== null && object !== null) {
      objects.push(object);
      at = end;
      while (/\s/.test(input[at] ?? '')) at += 1;
      continue;
    }
    const newline = input.indexOf('\n', at);
    const next = newline === -1 ? input.length : newline + 1;
    text.push(input.slice(at, next));
    at = next;
  }
  return { objects, text: text.join('').trim() };
}

/** Each is looked for up to the end of the input: more of them are no JSON that was cut off. */
const MOST_UNCLOSED = 100;

/** Braces within strings do not count. @returns the index after the closing brace; null where there is none */
function endOfObject(input: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < input.length; at += 1) {
    const character = input[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function parse(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
