/** How the runs of pytest in one trial came to their end, as the probe saw it; what their exit code alone does not tell. */

export interface SuiteEnd {
  /** The first pytest that did not run all that it had collected; null if each did, or ended itself after its last test. */
  readonly stop: SuiteStop | null;
  /** Processes of pytest-xdist that died in a test, at most ten. */
  readonly crashes: readonly WorkerCrash[];
  /** What kept processes of pytest-xdist from beginning, each error once, at most five. */
  readonly workerErrors: readonly string[];
  /** Processes of pytest-xdist that ended by themselves while they ran no test. */
  readonly lostWorkers: number;
  /** The first error inside pytest itself or a plugin of it. */
  readonly internalError: string | null;
}

export interface SuiteStop {
  readonly cause: StopCause;
  readonly during: 'start' | 'collection' | 'tests';
  /** The test that was running. */
  readonly test: string | null;
  /** Tests that had come to their end. */
  readonly ended: number;
  /** After deselection; null if that was not known yet. */
  readonly collected: number | null;
  /** The time limit of that test, where it was over. */
  readonly timeout: TestTimeout | null;
}

export type StopCause =
  /** Its process was there no more: `os._exit()`, a signal, a time limit that ends it. */
  | { readonly kind: 'processEnded' }
  /** `pytest.exit()` with this message. */
  | { readonly kind: 'exitCalled'; readonly message: string | null }
  /** Ctrl-C, or pytest itself: files that cannot be collected, `--stepwise`. */
  | { readonly kind: 'interrupted'; readonly message: string | null }
  /** A limit that pytest or a plugin keeps: `--maxfail`, a time limit of the session. */
  | { readonly kind: 'limit'; readonly message: string }
  | { readonly kind: 'internalError' }
  /** Fewer tests ended than were collected. */
  | { readonly kind: 'unknown' };

export interface WorkerCrash {
  readonly test: string;
  readonly worker: string;
  readonly timeout: TestTimeout | null;
}

export interface TestTimeout {
  readonly seconds: number;
  /** pytest-timeout's thread method, or pytest's own `faulthandler_exit_on_timeout`. */
  readonly by: 'pytest-timeout' | 'faulthandler';
}
