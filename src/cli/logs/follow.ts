/** Passes the tests' output on, line by line, until it is told that no more will come. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Output, outputsOf, Tail } from './outputs.ts';

const POLL_MS = 300;

export interface FollowOutputsOptions {
  readonly scenarioId: string | null;
  /** Asked between two looks: when it says yes, everything there is passed on once more and that is the end. */
  readonly isOver: () => boolean | Promise<boolean>;
  readonly onLine: (output: Output, line: string) => void;
}

/** Every line once, of trials that run beside each other in the order in which they come. */
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
