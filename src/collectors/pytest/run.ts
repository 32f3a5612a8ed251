/** One run of pytest: the sessions of its processes. */
import type { ProbeSession } from './probe-records.ts';

/** pytest's own session with the workers that it started. */
export interface Run {
  readonly main: ProbeSession;
  readonly workers: readonly ProbeSession[];
}
