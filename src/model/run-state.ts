/** What the server knows of a run's workflow. A server that does not answer is no evidence: `unknown`. */
export type RunState = 'open' | 'closed' | 'unknown';
