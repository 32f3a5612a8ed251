/**
 * Everything that can go wrong outside the project's own tests, in one table. A red test suite is not in it: that is data.
 * `retry`: whether Temporal may retry the activity.
 */
export const FAILURES = {
  /** The plan, the flags or the project are not what they must be; nothing was started. */
  WrongUsage: { retry: false },
  /** The source cannot be read, or the commit is not there. */
  SourceUnavailable: { retry: false },
  /** No host can take the run. */
  NoHost: { retry: true },
  EngineUnavailable: { retry: true },
  /** The engine lacks compose or buildx, or is too old. */
  EngineUnfit: { retry: false },
  DiskFull: { retry: false },
  /** A base image or a service's image can neither be found nor pulled. */
  ImageUnavailable: { retry: false },
  BuildFailed: { retry: false },
  /** A service never became healthy, or died. */
  ServiceUnhealthy: { retry: false },
  /** Compose refused the file or a command for a reason of its own. */
  ComposeFailed: { retry: false },
  /** Another network of the engine has the addresses that one of the project needs, or none are left. */
  NetworkTaken: { retry: false },
  CommandNotFound: { retry: false },
  /** A detached command vanished without an exit code; its timing is void. */
  CommandLost: { retry: true },
  /** A trial was lost again and again. */
  TrialsLost: { retry: false },
  StoreUnavailable: { retry: true },
  /** Workers died again and again in the middle of the same work, so it is the work that ends them. */
  WorkerDied: { retry: false },
  /** The store does not know the run: its data directory was emptied or changed under it. */
  RunUnknown: { retry: false },
  /** A receiver of notifications could not be reached, or answered that it cannot take them now. */
  NotDelivered: { retry: true },
  /** A bug in Paceline. */
  Internal: { retry: true },
} as const satisfies Record<string, { retry: boolean }>;

export type FailureType = keyof typeof FAILURES;

/** A message to the user: what happened (and where), and what to try next. Plain JSON, so it travels through Temporal. */
export interface Problem {
  readonly type: FailureType;
  /** One sentence: what happened, in which run or file. */
  readonly what: string;
  /** What to try next, one sentence. */
  readonly next: string;
  /** A few last lines of the output that shows it. */
  readonly detail?: string;
}

/** The one error that Paceline's own code throws for things a person can do something about. */
export class PacelineError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.what} ${problem.next}`, options);
    this.name = 'PacelineError';
    this.problem = problem;
  }
}

/** Short form for the commonest case. */
export function wrongUsage(what: string, next: string): PacelineError {
  return new PacelineError({ type: 'WrongUsage', what, next });
}

/** A bug in Paceline, in the form of every other problem. */
export function internalProblem(message: string): Problem {
  return {
    type: 'Internal',
    what: `Paceline itself failed: ${message}`,
    next: "This is a bug in Paceline. Please report it with the worker's log.",
  };
}

/** Whether a value that crossed Temporal is a problem: its type is one of the table's. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'type' in value && (value.type as FailureType) in FAILURES;
}
