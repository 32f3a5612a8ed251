/**
 * A span tree as OTLP/JSON, the body of a request for traces: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
 * Attributes follow the conventions for CI/CD, VCS and tests where these have one: https://opentelemetry.io/docs/specs/semconv/cicd/.
 */
import { hashOf } from '../../model/hash.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Span, SpanKind } from '../../model/span.ts';

/** Which run it is, and what became of it. */
export type TracedRun = Pick<RunFacts, 'run' | 'startedAt' | 'project' | 'source' | 'cancelled' | 'problems' | 'hosts'>;

export interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[];
  }[];
}

export interface OtlpSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1: internal. 2: server. */
  readonly kind: 1 | 2;
  /** Nanoseconds since 1970, as a decimal text: a number cannot hold them. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 0: unset. 2: error. */
  readonly status: { readonly code: 0 | 2; readonly message?: string };
}

export interface Attribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly boolValue: boolean }
    | { readonly intValue: string }
    | { readonly doubleValue: number };
}

/** @param tree from `spansOf` */
export function otlpTrace(tree: Span, run: TracedRun): TracesRequest {
  const scopeSpans = [{ scope: { name: 'paceline' }, spans: spansIn(tree, run) }];
  return { resourceSpans: [{ resource: { attributes: attributesOf(resourceOf(run)) }, scopeSpans }] };
}

/** The same for the same run, so a trace that is sent twice is one. */
export function traceId({ run }: Pick<TracedRun, 'run'>): string {
  return `${hashOf(run.runId)}${hashOf(`trace of ${run.runId}`)}`;
}

function spanIdOf({ run }: TracedRun, id: string): string {
  return hashOf(`${run.runId} ${id}`);
}

function spansIn(tree: Span, run: TracedRun): readonly OtlpSpan[] {
  const trace = traceId(run);
  const startedNano = BigInt(Date.parse(run.startedAt)) * 1_000_000n;
  const at = (seconds: number) => String(startedNano + BigInt(Math.round(seconds * 1e6)) * 1_000n);
  const all: OtlpSpan[] = [];
  const add = (span: Span, parent: Span | null) => {
    all.push({
      traceId: trace,
      spanId: spanIdOf(run, span.id),
      ...(parent === null ? {} : { parentSpanId: spanIdOf(run, parent.id) }),
      name: parent === null ? `RUN ${run.project}` : span.name,
      kind: parent === null ? 2 : 1,
      startTimeUnixNano: at(span.fromSeconds),
      endTimeUnixNano: at(span.toSeconds),
      attributes: attributesOf({ ...ownAttributes(span), ...conventional(span, run) }),
      links: span.after.map((id) => ({ traceId: trace, spanId: spanIdOf(run, id) })),
      status: statusOf(span, run),
    });
    for (const child of span.children) add(child, span);
  };
  add(tree, null);
  return all;
}

type Values = Readonly<Record<string, string | number | boolean>>;

function resourceOf({ project, run, source, hosts }: TracedRun): Values {
  return {
    'service.name': 'paceline',
    'cicd.pipeline.name': project,
    'cicd.pipeline.run.id': run.runId,
    ...(source === null ? {} : { 'vcs.repository.url.full': source.origin }),
    ...(source?.commit == null ? {} : { 'vcs.ref.head.revision': source.commit }),
    ...(source?.branch == null ? {} : { 'vcs.ref.head.name': source.branch, 'vcs.ref.head.type': 'branch' }),
    ...(hosts[0] === undefined ? {} : { 'host.id': hosts[0].id }),
  };
}

/** What Paceline alone knows has its own prefix. */
function ownAttributes({ id, kind, attributes }: Span): Values {
  const own = Object.entries(attributes).map(([key, value]) => [`paceline.${key}`, value]);
  return { 'paceline.span.id': id, 'paceline.span.kind': kind, ...(Object.fromEntries(own) as Values) };
}

const TASK_TYPES: Partial<Record<SpanKind, string>> = { build: 'build', trial: 'test', startup: 'deploy' };

function conventional(span: Span, run: TracedRun): Values {
  if (span.kind === 'run') {
    const result = resultOf(run);
    return { 'cicd.pipeline.result': result, ...(result === 'error' ? { 'error.type': run.problems[0]!.type } : {}) };
  }
  if (span.kind === 'test') {
    const [suite = '', ...rest] = span.name.split('::');
    return { 'test.suite.name': suite, 'test.case.name': rest.join('::') };
  }
  const type = span.id.includes('/') && span.kind !== 'trial' ? undefined : TASK_TYPES[span.kind];
  if (type === undefined) return {};
  const result = hasFailed(span) ? 'failure' : 'success';
  return {
    'cicd.pipeline.task.name': span.name,
    'cicd.pipeline.task.run.id': span.id,
    'cicd.pipeline.task.type': type,
    'cicd.pipeline.task.run.result': result,
    ...(result === 'failure' ? { 'error.type': String(span.attributes['outcome']) } : {}),
  };
}

function resultOf({ cancelled, problems }: TracedRun): string {
  if (cancelled) return 'cancellation';
  return problems.length > 0 ? 'error' : 'success';
}

function hasFailed({ kind, attributes }: Span): boolean {
  return kind === 'trial' && attributes['outcome'] !== 'passed';
}

function statusOf(span: Span, run: TracedRun): OtlpSpan['status'] {
  const [problem] = run.problems;
  if (span.kind === 'run' && problem !== undefined) return { code: 2, message: problem.what };
  return hasFailed(span) ? { code: 2, message: String(span.attributes['outcome']) } : { code: 0 };
}

function attributesOf(values: Values): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number | boolean): Attribute['value'] {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
