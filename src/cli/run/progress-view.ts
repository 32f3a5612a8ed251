/** How progress is shown. */
import type { Progress } from '../../model/progress.ts';
import type { StepUsage } from './usage.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** Resource usage of the containers of running steps. */
  showUsage?(usage: StepUsage): void;
  /** Prints a line that stays: a note, or output of the tests. */
  line(text: string): void;
  /** Leaves the last state on the screen. */
  close(): void;
}
