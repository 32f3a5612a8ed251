/** The last lines that a running trial has printed. */
import { stripVTControlCharacters } from 'node:util';
import { join } from 'node:path';
import { Tail } from '../logs/outputs.ts';

const KEPT_LINES = 100;
const LINE_CHARACTERS = 2_000;
/** Read from the end of a long output at the first look. */
const LAST_BYTES = 256 * 1024;

export class OutputOfTrial {
  readonly #tail: Tail;
  #lines: readonly string[] = [];
  #isCut = false;

  /** @param folder of the trial */
  constructor(folder: string) {
    this.#tail = new Tail(join(folder, 'output.log'), { lastBytes: LAST_BYTES });
  }

  async look(): Promise<{ readonly lines: readonly string[]; readonly isCut: boolean }> {
    const more = (await this.#tail.lines()).map(readable);
    const all = [...this.#lines, ...more];
    this.#isCut ||= all.length > KEPT_LINES;
    this.#lines = all.slice(-KEPT_LINES);
    // pytest prints a character for each test, and the line break much later.
    const unfinished = readable(this.#tail.unfinished);
    return { lines: unfinished === '' ? this.#lines : [...this.#lines, unfinished], isCut: this.#isCut };
  }
}

/** Without colours. Of a line that a program has written over, only what it shows at the end. */
function readable(line: string): string {
  const text = stripVTControlCharacters(line).replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1).slice(0, LINE_CHARACTERS);
}
