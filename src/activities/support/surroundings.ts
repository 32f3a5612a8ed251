/** What a host gives to each attempt of an activity, without every activity having to pass it on. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Heartbeat } from '../../model/activities.ts';

export interface Surroundings {
  /** What the work does next, for the case that its worker dies at it. */
  readonly noteStep: (step: Heartbeat) => void;
  /**
   * What an error of the work's really is.
   * @returns LET_GO if this worker can do no more work and ends; else what to throw
   */
  readonly explain: (error: unknown) => Promise<unknown>;
}

/** In place of an error: the attempt waits for its worker's end, and the next worker takes the work up. */
export const LET_GO = Symbol('let go');

export const surroundings = new AsyncLocalStorage<Surroundings>();
