/** One figure as other tools write them, for import and export. */
export interface ExternalPoint {
  /** What was measured: a benchmark, a command, a scenario. */
  readonly name: string;
  /** Which of its figures, e.g. `latency`, `test.duration`. */
  readonly measure: string;
  /** As the tool writes it, e.g. `s`, `ns/iter`; empty if it does not say. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly value: number;
  /** The range around it, where there is one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly commit: string | null;
  /** ISO 8601, in UTC. */
  readonly at: string;
}

/** Of figures of one origin with the same key, the store keeps the first. */
export function pointKey({ name, measure, at, commit }: ExternalPoint): string {
  return JSON.stringify([name, measure, at, commit ?? '']);
}
