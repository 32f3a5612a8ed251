/** A suspicion in a few words, for rows and summaries. */
import type { Candidate } from '../model/regression.ts';

/** "full-test-suite +41 %" */
export function wordsOf({ suspect, ratio }: Candidate): string {
  const what =
    suspect.phase === 'test' ? suspect.scenario : suspect.phase === 'build' ? `build.${suspect.mode}` : suspect.phase;
  const change = Math.round((ratio - 1) * 100);
  return `${what} ${change < 0 ? '−' : '+'}${Math.abs(change)} %`;
}
