/** Splits a stream of bytes into lines in bounded memory, whatever the bytes are. */

export interface LineSplitter {
  /** @returns the lines that end in this chunk */
  readonly add: (chunk: Uint8Array) => readonly string[];
  /** After the last chunk. @returns the last line, if it has no line break */
  readonly end: () => readonly string[];
  /** How many lines were longer than `longest`: only their beginning was passed on. */
  readonly cutLines: () => number;
}

/** @param longest characters of a line that are kept. Bytes that are not UTF-8 become replacement characters. */
export function createLineSplitter(longest: number): LineSplitter {
  const decoder = new TextDecoder();
  let rest = '';
  let isCut = false;
  let cutLines = 0;

  /** Of an unfinished line, keeps only as much as will be passed on. */
  const keep = (text: string) => {
    const room = longest - rest.length;
    if (text.length > room) isCut = true;
    if (room > 0) rest += text.slice(0, room);
  };
  const take = (): string => {
    const line = rest;
    cutLines += Number(isCut);
    rest = '';
    isCut = false;
    return line;
  };
  return {
    add: (chunk) => {
      const pieces = decoder.decode(chunk, { stream: true }).split('\n');
      const last = pieces.pop() ?? '';
      const lines = pieces.map((piece) => {
        keep(piece);
        return take();
      });
      keep(last);
      return lines;
    },
    end: () => {
      keep(decoder.decode());
      return rest === '' ? [] : [take()];
    },
    cutLines: () => cutLines + Number(isCut),
  };
}
