/** How xdist's controller hands tests to its workers. Tests are indexes into the collection, workers are numbers from 0. */

export const DISTRIBUTIONS = ['load', 'loadscope', 'loadfile', 'loadgroup', 'worksteal'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** What a scheduler asks of a worker. */
export interface Workers {
  readonly send: (worker: number, tests: readonly number[]) => void;
  /** Nothing more will come: it runs what it has, and ends. */
  readonly shutDown: (worker: number) => void;
  /** The worker answers with the tests that it gave back: all of these, or none. */
  readonly steal: (worker: number, tests: readonly number[]) => void;
}

/** The events of xdist's controller, as far as a scheduler hears of them. */
export interface Scheduler {
  /** All workers have collected. */
  readonly begin: () => void;
  /** @param seconds how long the test took */
  readonly completed: (worker: number, test: number, seconds: number) => void;
  readonly returned: (worker: number, tests: readonly number[]) => void;
  /** The controller then shuts all workers down. */
  readonly isFinished: () => boolean;
}

/** Workers that remember which of them must end, as xdist's controller does. */
export class Told {
  readonly #told = new Set<number>();
  readonly #workers: Workers;

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  isEnding(worker: number): boolean {
    return this.#told.has(worker);
  }

  shutDown(worker: number): void {
    if (this.#told.has(worker)) return;
    this.#told.add(worker);
    this.#workers.shutDown(worker);
  }
}
