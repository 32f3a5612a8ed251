/**
 * Reads JSON objects that stand one after another, on one line each or spread over many, with plain text between them, as
 * they stream by.
 */

export interface ConcatenatedJsonReader {
  readonly add: (text: string) => void;
  /** After the last piece. */
  readonly end: () => void;
}

export interface ConcatenatedJsonParts {
  readonly onObject: (object: object) => void;
  /** All text that is not a JSON object, in order: messages before, between and after. */
  readonly onText: (text: string) => void;
}

/** Each search goes to the end of the input, or to the largest size of an object. More open braces than this are not JSON that was cut off. */
const MOST_UNCLOSED = 100;
/** What is longer is text. BuildKit sends 16 MiB at most in one message. */
const LONGEST_OBJECT = 2 ** 25;
/** A line of text is passed on in pieces of about this size. */
const LONGEST_PIECE = 65_536;

/** Never throws: an object that is broken, cut off or too long is text. Keeps no more than one object in memory. */
export function createConcatenatedJson({ onObject, onText }: ConcatenatedJsonParts): ConcatenatedJsonReader {
  let pending = '';
  let unclosed = 0;
  /** Within a line that was found to be text. */
  let inText = false;
  /** Just after an object, where white space means nothing. */
  let afterObject = false;
  let brace = createBraceMatcher();

  /** @returns how much of `pending` is finished: nothing while more may follow */
  const step = (isEnd: boolean): number => {
    if (afterObject) {
      const space = /^\s*/.exec(pending)![0].length;
      afterObject = space === pending.length;
      if (space > 0) return space;
    }
    if (!inText && pending.startsWith('{') && unclosed < MOST_UNCLOSED) {
      const end = brace.find(pending);
      if (end === null && !isEnd && pending.length <= LONGEST_OBJECT) return 0;
      brace = createBraceMatcher();
      unclosed += Number(end === null);
      const object = end === null ? null : parse(pending.slice(0, end));
      if (end !== null && object !== null) {
        onObject(object);
        afterObject = true;
        return end;
      }
      inText = true;
    }
    const newline = pending.indexOf('\n');
    if (newline === -1 && !isEnd && pending.length < LONGEST_PIECE) return 0;
    const length = newline === -1 ? pending.length : newline + 1;
    onText(pending.slice(0, length));
    inText = newline === -1;
    return length;
  };
  const work = (isEnd: boolean) => {
    while (pending !== '') {
      const done = step(isEnd);
      if (done === 0) return;
      pending = pending.slice(done);
    }
  };
  return {
    add: (text) => {
      pending += text;
      work(false);
    },
    end: () => work(true),
  };
}

/** Finds the brace that closes the first one; continues where it was when more has come. */
function createBraceMatcher() {
  let at = 0;
  let depth = 0;
  let inString = false;
  return {
    /** Braces within strings do not count. @returns the index after the closing brace; null if there is none yet */
    find: (text: string): number | null => {
      for (; at < text.length; at += 1) {
        const character = text[at];
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
    },
  };
}

function parse(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
