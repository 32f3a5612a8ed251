/** The tests' output as it lies in a run's folder: `trials/<scenario>-<trial>-<try>/output.log`. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

export interface Output {
  /** The trial's folder: scenario, trial and try. */
  readonly trial: string;
  readonly file: string;
}

const TRIALS = 'trials';
const OUTPUT = 'output.log';
const CHUNK_BYTES = 64 * 1024;
/** Of what one look reads. */
const CHUNKS = 16;
const LONGEST_LINE = 64 * 1024;

/** In the order of their names; of one scenario only, where its id is given. A run without trials yet has none. */
export async function outputsOf(runDirectory: string, scenarioId: string | null): Promise<readonly Output[]> {
  const folder = join(runDirectory, TRIALS);
  const trials = await readdir(folder).catch(() => []);
  return trials
    .filter((trial) => scenarioId === null || trial.replace(/-\d+-\d+$/, '') === scenarioId)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((trial) => ({ trial, file: join(folder, trial, OUTPUT) }));
}

/** Reads a growing file on from where it was left, a part of it at a time: a file may be of any size, and so may a line. */
export class Tail {
  readonly #file: string;
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Whole lines that came since the last call, from 1 MiB at most; none where nothing came, or the file is not there yet. A
   * line that is longer than 64 KiB comes as several.
   */
  async lines(): Promise<readonly string[]> {
    const lines: string[] = [];
    const file = await open(this.#file).catch(() => null);
    if (file === null) return lines;
    try {
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

  /** What is left without an end of line. */
  last(): readonly string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
