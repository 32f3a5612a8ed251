/** Shows the progress of a run: one block that is redrawn, or lines. */
import type { ProgressView } from './progress-view.ts';
import type { Progress } from '../../model/progress.ts';
import { foreignLine } from '../../report/formats/github.ts';
import { progressEvents } from '../../report/live/progress.ts';
import { oneLine } from '../../report/text/foreign.ts';
import type { Io } from '../io.ts';
import { BlockView } from './block-view.ts';
import { GroupsView } from './groups-view.ts';
import { LegacyView } from './legacy-view.ts';
import type { StepUsage } from './usage.ts';

export interface ViewOptions {
  /** stdout is reserved for the result. */
  readonly json: boolean;
  /** Print the lines of the legacy script on stdout. */
  readonly legacyOutput: boolean;
}

/** A block in a terminal, groups under GitHub Actions, else plain lines. On stderr where stdout is reserved. */
export function progressView(io: Io, { json, legacyOutput }: ViewOptions): ProgressView {
  if (legacyOutput) return new LegacyView(io.out, new LinesView(io.err));
  if (io.env['GITHUB_ACTIONS'] === 'true') return new GroupsView(json ? io.err : io.out);
  return io.stderr.isTerminal ? new BlockView(io) : new LinesView(io.err);
}

/** A line of the tests' output, in the form that the view can show safely. */
export function outputLine(io: Io, trial: string, line: string): string {
  return io.env['GITHUB_ACTIONS'] === 'true' ? foreignLine(line) : `${trial} | ${line}`;
}

/** Printed lines are not overwritten, so usage is printed less often than it is sampled. */
const USAGE_EACH_MS = 60_000;

export class LinesView implements ProgressView {
  readonly #write: (text: string) => void;
  readonly #nowMs: () => number;
  readonly #usageShownMs = new Map<string, number>();
  #before: Progress | null = null;

  /** @param nowMs a monotonic clock */
  constructor(write: (text: string) => void, nowMs = () => performance.now()) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  /** Prints usage only for steps that have run for a while. A short step shows only its end. */
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
