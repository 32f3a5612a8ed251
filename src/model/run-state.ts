/** What the server knows of a run's workflow. If the server does not answer, the state is `unknown`. */
export type RunState = 'open' | 'closed' | 'unknown';
