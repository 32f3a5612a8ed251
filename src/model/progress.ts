/** What the workflow answers to the `progress` query: enough for the terminal and for the UI's current details. */
import type { PartVerdict, RunResult } from './result.ts';

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly state: 'pending' | 'running' | 'done';
  /** Workflow time in ms since the epoch: good for showing how long it has been going on, never for measuring. */
  readonly startedAtMs: number | null;
  readonly targetSeconds: number | null;
  readonly seconds: number | null;
  readonly verdict: PartVerdict | null;
  /** A few words: "312 passed", "exit code 4", "6 of 8 steps cached". */
  readonly note: string | null;
}

export interface Progress {
  readonly project: string | null;
  readonly commit: string | null;
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  /** Set once the run is judged; the same object that the workflow returns. */
  readonly result: RunResult | null;
  /** Where the run has its page; null, or absent in workflows of older versions, where the host serves none. */
  readonly page?: string | null;
}

export const PROGRESS_QUERY = 'progress';
