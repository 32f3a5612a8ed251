/** The tests' output in a run's directory: `trials/<scenario>-<trial>-<try>/output.log`. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

export interface Output {
  /** Name of the trial's directory: scenario, trial and try. */
  readonly trial: string;
  readonly file: string;
}

const TRIALS = 'trials';
const OUTPUT = 'output.log';
const CHUNK_BYTES = 64 * 1024;
/** Maximum number of bytes that one call reads. */
const CHUNKS = 16;
const LONGEST_LINE = 64 * 1024;

/** Sorted by name; of one scenario only if its id is given. Empty while the run has no trials. */
export async function outputsOf(runDirectory: string, scenarioId: string | null): Promise<readonly Output[]> {
  const folder = join(runDirectory, TRIALS);
  const trials = await readdir(folder).catch(() => []);
  return trials
    .filter((trial) => scenarioId === null || trial.replace(/-\d+-\d+$/, '') === scenarioId)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((trial) => ({ trial, file: join(folder, trial, OUTPUT) }));
}

/** Reads a growing file in parts, each call from where the last one stopped. The file and its lines can have any size. */
export class Tail {
  readonly #file: string;
  readonly #decoder = new StringDecoder('utf8');
  readonly #lastBytes: number;
  #position: number | null = null;
  #rest = '';

  /** @param options.lastBytes begins this far before the end that the file has at the first read. @default at its beginning */
  constructor(file: string, options: { readonly lastBytes?: number } = {}) {
    this.#file = file;
    this.#lastBytes = options.lastBytes ?? Number.POSITIVE_INFINITY;
  }

  /** The beginning of a line that is not complete yet. */
  get unfinished(): string {
    return this.#rest;
  }

  /**
   * The complete lines since the last call, at most 1 MiB of them. Empty if there are none or the file does not exist yet. A
   * line longer than 64 KiB is returned as several.
   */
  async lines(): Promise<readonly string[]> {
    const lines: string[] = [];
    const file = await open(this.#file).catch(() => null);
    if (file === null) return lines;
    try {
      this.#position ??= Math.max(0, (await file.stat()).size - this.#lastBytes);
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (let read = 0; read < CHUNKS; read += 1) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, this.#position);
        if (bytesRead === 0) break;
        this.#position += bytesRead;
        const pieces = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        this.#rest = pieces.pop() ?? '';
        for (const piece of pieces) lines.push(piece);
        if (this.#rest.length >= LONGEST_LINE) lines.push(...this.last());
      }
    } finally {
      await file.close();
    }
    return lines;
  }

  /** The last line without a line break at its end. */
  last(): readonly string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
