/** Passes the tests' output on, line by line, until `isOver` returns true. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Output, outputsOf, Tail } from './outputs.ts';

const POLL_MS = 300;

export interface FollowOutputsOptions {
  readonly scenarioId: string | null;
  /** Called between two reads. When it returns true, the rest is read once more and following ends. */
  readonly isOver: () => boolean | Promise<boolean>;
  readonly onLine: (output: Output, line: string) => void;
}

/** Passes each line on once. Lines of concurrent trials come in the order in which they were written. */
export async function followOutputs(runDirectory: string, options: FollowOutputsOptions): Promise<void> {
  const tails = new Map<string, { readonly output: Output; readonly tail: Tail }>();
  for (;;) {
    const over = await options.isOver();
    for (const output of await outputsOf(runDirectory, options.scenarioId)) {
      if (!tails.has(output.file)) tails.set(output.file, { output, tail: new Tail(output.file) });
    }
    let isIdle = true;
    for (const { output, tail } of tails.values()) {
      for (let lines = await tail.lines(); lines.length > 0; lines = over ? await tail.lines() : []) {
        isIdle = false;
        for (const line of lines) options.onLine(output, line);
      }
      if (over) for (const line of tail.last()) options.onLine(output, line);
    }
    if (over) return;
    if (isIdle) await sleep(POLL_MS);
  }
}
