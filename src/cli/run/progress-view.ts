/** How progress is shown. */
import type { Progress } from '../../model/progress.ts';
import type { StepUsage } from './usage.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** What the containers of running steps use. */
  showUsage?(usage: StepUsage): void;
  /** A line that stays: a note, or the tests' own output. */
  line(text: string): void;
  /** The last state stays as it is. */
  close(): void;
}
