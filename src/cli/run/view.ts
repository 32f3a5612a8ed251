/** How a run's progress is shown while it goes on: one block that is redrawn, or lines. */
import type { Progress } from '../../model/progress.ts';
import { foreignLine } from '../../report/github.ts';
import { progressEvents } from '../../report/progress.ts';
import type { Io } from '../io.ts';
import { BlockView } from './block-view.ts';
import { GroupsView } from './groups-view.ts';
import { SeedView } from './seed-view.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** What the containers of running steps use, a line by the step's id; only where lines can be redrawn. */
  showUsage?(usage: ReadonlyMap<string, string>): void;
  /** A line that stays: a note, or the tests' own output. */
  line(text: string): void;
  /** The last state stays as it is. */
  close(): void;
}

export interface ViewOptions {
  /** stdout is for the result alone. */
  readonly json: boolean;
  /** stdout gets the lines of the seed's script. */
  readonly seedOutput: boolean;
}

/** A block in a terminal, folded groups under GitHub Actions, else plain lines; on stderr, where stdout is spoken for. */
export function progressView(io: Io, { json, seedOutput }: ViewOptions): ProgressView {
  if (seedOutput) return new SeedView(io.out, new LinesView(io.err));
  if (io.env['GITHUB_ACTIONS'] === 'true') return new GroupsView(json ? io.err : io.out);
  return io.stderr.isTerminal ? new BlockView(io) : new LinesView(io.err);
}

/** A line of foreign text as the view may show it. */
export function outputLine(io: Io, trial: string, line: string): string {
  return io.env['GITHUB_ACTIONS'] === 'true' ? foreignLine(line) : `${trial} | ${line}`;
}

class LinesView implements ProgressView {
  readonly #write: (text: string) => void;
  #before: Progress | null = null;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  show(progress: Progress): void {
    for (const line of progressEvents(this.#before, progress)) this.line(line);
    this.#before = progress;
  }

  line(text: string): void {
    this.#write(`${text}\n`);
  }

  close(): void {}
}
