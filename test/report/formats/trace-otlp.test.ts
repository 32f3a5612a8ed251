import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { spansOf } from '../../../src/analysis/spans/spans-of.ts';
import type { Span } from '../../../src/model/span.ts';
import { type Attribute, otlpTrace } from '../../../src/report/formats/trace-otlp.ts';
import { badTrialOf, factsOf, FULL, QUICK, trialOf } from '../../analysis/facts.ts';

/** By opentelemetry-proto's trace.proto and common.proto in their JSON encoding: hexadecimal ids, 64-bit numbers as texts. */
const attributes = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ boolValue: z.boolean() }),
      z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
      z.strictObject({ doubleValue: z.number() }),
    ]),
  }),
);
const traceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
const nanoseconds = z.string().regex(/^\d{19}$/);
const request = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string() }),
          spans: z.array(
            z.strictObject({
              traceId,
              spanId,
              parentSpanId: spanId.optional(),
              name: z.string().min(1),
              kind: z.number().int().min(0).max(5),
              startTimeUnixNano: nanoseconds,
              endTimeUnixNano: nanoseconds,
              attributes,
              links: z.array(z.strictObject({ traceId, spanId })),
              status: z.strictObject({ code: z.number().int().min(0).max(2), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

function traced(facts = factsOf({ finishedAt: null })) {
  const tree = spansOf(facts);
  const [resource] = otlpTrace(tree, facts).resourceSpans;
  return { tree, resource: values(resource!.resource.attributes), spans: resource!.scopeSpans[0]!.spans };
}

function values(list: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const countOf = (span: Span): number => span.children.reduce((sum, child) => sum + countOf(child), 1);

describe('an OpenTelemetry trace', () => {
  test('has the shape of a request for traces', () => {
    const facts = factsOf();
    expect(() => request.parse(JSON.parse(JSON.stringify(otlpTrace(spansOf(facts), facts))))).not.toThrow();
  });

  test('has every span once, each within one trace and below its parent', () => {
    const { tree, spans } = traced();
    expect(spans).toHaveLength(countOf(tree));
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    const ids = new Set(spans.map((span) => span.spanId));
    expect(ids.size).toBe(spans.length);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
    const parents = spans.flatMap(({ parentSpanId }) => parentSpanId ?? []);
    expect(parents.filter((parent) => !ids.has(parent))).toEqual([]);
  });

  test('is the same for the same run, and another one for another run', () => {
    const ids = (runId: string) => {
      const { spans } = traced(factsOf({ run: { workflowId: 'w', runId }, finishedAt: null }));
      return spans.flatMap((span) => [span.traceId, span.spanId]);
    };
    expect(ids('a')).toEqual(ids('a'));
    expect(ids('a').filter((id) => ids('b').includes(id))).toEqual([]);
  });

  test('has times in nanoseconds since 1970, to the microsecond', () => {
    const { spans } = traced();
    const cold = spans.find(({ name }) => name === 'build (cold)');
    const startedMs = Date.parse('2026-03-01T02:00:00.000Z');
    expect(cold).toMatchObject({
      startTimeUnixNano: `${startedMs}000000`,
      endTimeUnixNano: `${startedMs + 41_250}000000`,
    });
  });

  test('follows the conventions for CI/CD: a pipeline run, its tasks, and the commit', () => {
    const { resource, spans } = traced();
    expect(resource).toMatchObject({
      'service.name': 'paceline',
      'cicd.pipeline.name': 'shop',
      'cicd.pipeline.run.id': '6f0d4c3e-6a2f-4c88-9f57-2f1f3e1f0a11',
      'vcs.ref.head.revision': '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      'vcs.ref.head.name': 'main',
    });
    expect(spans[0]).toMatchObject({ name: 'RUN shop', kind: 2 });
    expect(values(spans[0]!.attributes)).toMatchObject({ 'cicd.pipeline.result': 'success' });
    const tasks = spans.map((span) => values(span.attributes)).filter((own) => 'cicd.pipeline.task.name' in own);
    expect(tasks.map((own) => own['cicd.pipeline.task.type'])).toEqual([
      'build',
      'build',
      'deploy',
      'test',
      'test',
      'test',
      'test',
    ]);
  });

  test('marks a trial that failed, and no other', () => {
    const failed = badTrialOf(QUICK, 'timedOut', 'It took too long.', {
      startedAt: '2026-03-01T02:30:00Z',
      finishedAt: '2026-03-01T02:31:00Z',
    });
    const { spans } = traced(factsOf({ trials: [trialOf(FULL), failed], finishedAt: null }));
    const wrong = spans.filter(({ status }) => status.code === 2);
    expect(wrong.map(({ name, status }) => [name, status.message])).toEqual([
      ['Quick Tests Only, trial 1', 'timedOut'],
    ]);
    expect(values(wrong[0]!.attributes)).toMatchObject({
      'cicd.pipeline.task.run.result': 'failure',
      'error.type': 'timedOut',
    });
  });
});
