/** How a run's progress is shown while it goes on: one block that is redrawn, or lines. */
import type { ProgressView } from './progress-view.ts';
import type { Progress } from '../../model/progress.ts';
import { foreignLine } from '../../report/formats/github.ts';
import { progressEvents } from '../../report/live/progress.ts';
import { oneLine } from '../../report/text/foreign.ts';
import type { Io } from '../io.ts';
import { BlockView } from './block-view.ts';
import { GroupsView } from './groups-view.ts';
import { SeedView } from './seed-view.ts';
import type { StepUsage } from './usage.ts';

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

/** Lines stay: as often as a patient reader looks, and not as often as there are samples. */
const USAGE_EACH_MS = 15_000;

export class LinesView implements ProgressView {
  readonly #write: (text: string) => void;
  readonly #nowMs: () => number;
  readonly #usageShownMs = new Map<string, number>();
  #before: Progress | null = null;

  /** @param nowMs a clock that only goes forward */
  constructor(write: (text: string) => void, nowMs = () => performance.now()) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  /** First when a step has run for a while: one that ends soon is told by its end alone. */
  showUsage(usage: StepUsage): void {
    const now = this.#nowMs();
    for (const [id, lines] of usage) {
      const shown = this.#usageShownMs.get(id);
      if (shown === undefined || now - shown >= USAGE_EACH_MS) this.#usageShownMs.set(id, now);
      if (shown === undefined || now - shown < USAGE_EACH_MS) continue;
      const title = this.#before?.steps.find((step) => step.id === id)?.title ?? id;
      for (const line of lines) this.line(`  ${oneLine(title)}: ${line}`);
    }
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
