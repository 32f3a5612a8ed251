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

/** In the order of their names; of one scenario only, where its id is given. A run without trials yet has none. */
export async function outputsOf(runDirectory: string, scenarioId: string | null): Promise<readonly Output[]> {
  const folder = join(runDirectory, TRIALS);
  const trials = await readdir(folder).catch(() => []);
  return trials
    .filter((trial) => scenarioId === null || trial.replace(/-\d+-\d+$/, '') === scenarioId)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((trial) => ({ trial, file: join(folder, trial, OUTPUT) }));
}

/** Reads a growing file on from where it was left. */
export class Tail {
  readonly #file: string;
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The whole lines that came since the last call; none where the file is not there yet. */
  async lines(): Promise<readonly string[]> {
    const lines = (this.#rest + (await this.#more())).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** What is left without an end of line. */
  last(): readonly string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }

  async #more(): Promise<string> {
    const file = await open(this.#file).catch(() => null);
    if (file === null) return '';
    try {
      let text = '';
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, this.#position);
        if (bytesRead === 0) return text;
        this.#position += bytesRead;
        text += this.#decoder.write(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }
}
