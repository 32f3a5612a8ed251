/** The time of a run as a tree of spans. Made from facts by analysis/spans; exported as a trace. Plain JSON. */

/** A span is within its parent. Siblings may overlap where things run at the same time. */
export interface Span {
  /** Unique in the tree, and the same for the same thing in another run: `build.cold/test/step:RUN pip install …`. */
  readonly id: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Since the start of the run. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Spans that had to end before this one could start: ids of siblings. */
  readonly after: readonly string[];
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly children: readonly Span[];
}

export type SpanKind =
  | 'run'
  | 'wait'
  | 'prepare'
  | 'build'
  | 'image'
  | 'step'
  | 'context'
  | 'export'
  | 'startup'
  | 'service'
  | 'teardown'
  | 'trial'
  | 'phase'
  | 'worker'
  | 'test'
  | 'fixture'
  | 'report'
  | 'other';
