import type { Progress } from '../../model/progress.ts';
import { renderProgress } from '../../report/live/progress.ts';
import type { Io } from '../io.ts';
import type { StepUsage } from './usage.ts';
import type { ProgressView } from './progress-view.ts';

const REDRAW_MS = 500;
/** ECMA-48, ED: erase from the cursor to the end of the screen. */
const ERASE_BELOW = '\x1b[0J';
/** ECMA-48, CUU: move the cursor up. */
const up = (lines: number) => (lines === 0 ? '' : `\x1b[${lines}A\r`);

/** One block of lines on a terminal, redrawn regularly. */
export class BlockView implements ProgressView {
  readonly #io: Io;
  readonly #timer: NodeJS.Timeout;
  #progress: Progress | null = null;
  #usage: StepUsage = new Map();
  #drawnLines = 0;

  constructor(io: Io) {
    this.#io = io;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  show(progress: Progress): void {
    this.#progress = progress;
    this.#draw();
  }

  showUsage(usage: StepUsage): void {
    this.#usage = usage;
  }

  line(text: string): void {
    this.#io.err(`${up(this.#drawnLines)}${ERASE_BELOW}${text}\n`);
    this.#drawnLines = 0;
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#usage = new Map();
    this.#draw();
  }

  #draw(): void {
    if (this.#progress === null) return;
    const { color, width, height } = this.#io.stderr;
    const size = { width: width(), height: height() - 1 };
    const lines = renderProgress(this.#progress, Date.now(), { color, ...size, usage: this.#usage });
    this.#io.err(`${up(this.#drawnLines)}${ERASE_BELOW}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawnLines = lines.length;
  }
}
