import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPath } from '../../../src/analysis/spans/critical-path.ts';
import { spansOf } from '../../../src/analysis/spans/spans-of.ts';
import type { Span } from '../../../src/model/span.ts';
import { factsOf, FULL, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';
import { generatedFacts } from './generated-facts.ts';

function all(span: Span): readonly Span[] {
  return [span, ...span.children.flatMap(all)];
}

function found(tree: Span, id: string): Span {
  const span = all(tree).find((each) => each.id === id);
  if (span === undefined)
    throw new Error(
      `no span ${id} in\n${all(tree)
        .map((each) => each.id)
        .join('\n')}`,
    );
  return span;
}

const durationOf = ({ fromSeconds, toSeconds }: Span) => toSeconds - fromSeconds;

describe('the span tree of any facts', () => {
  test('has unique ids, spans within their parents, and waits for siblings only', () => {
    fc.assert(
      fc.property(generatedFacts, (facts) => {
        const tree = spansOf(facts);
        const spans = all(tree);
        expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
        for (const parent of spans) {
          const ids = parent.children.map(({ id }) => id);
          for (const child of parent.children) {
            expect(child.fromSeconds).toBeGreaterThanOrEqual(parent.fromSeconds);
            expect(child.toSeconds).toBeLessThanOrEqual(parent.toSeconds);
            expect(child.toSeconds).toBeGreaterThanOrEqual(child.fromSeconds);
            for (const id of child.after) expect(ids).toContain(id);
          }
        }
      }),
    );
  });

  test('has a critical path without gaps that sums to the wall time', () => {
    fc.assert(
      fc.property(generatedFacts, (facts) => {
        const tree = spansOf(facts);
        const path = criticalPath(tree);
        let at = tree.fromSeconds;
        for (const span of path) {
          expect(span.fromSeconds).toBeCloseTo(at, 6);
          at = span.toSeconds;
        }
        expect(at).toBeCloseTo(tree.toSeconds, 6);
        const sum = path.reduce((seconds, span) => seconds + durationOf(span), 0);
        expect(Math.abs(sum - tree.toSeconds)).toBeLessThanOrEqual(0.02 * tree.toSeconds + 1e-6);
      }),
    );
  });

  test('names every time in which nothing else ran', () => {
    fc.assert(
      fc.property(generatedFacts, (facts) => {
        const unnamed = criticalPath(spansOf(facts)).filter(({ name }) => name.endsWith(': not explained'));
        // Below a millisecond, a gap has no span of its own.
        for (const span of unnamed) expect(durationOf(span)).toBeLessThan(0.002);
      }),
    );
  });
});

describe('the span tree', () => {
  test('puts the stages of older facts, which have no times, one after another', () => {
    const tree = spansOf(factsOf());
    expect(found(tree, 'build.cold')).toMatchObject({ fromSeconds: 0, toSeconds: 41.25 });
    expect(found(tree, 'build.warm')).toMatchObject({ fromSeconds: 41.25, toSeconds: 41.85 });
    expect(found(tree, 'startup')).toMatchObject({ fromSeconds: 41.85, toSeconds: 48.25 });
    expect(found(tree, 'startup').attributes).toEqual({ placed: 'assumed' });
  });

  test('has services from the end of what they waited for, with that named', () => {
    const timeline = { ready: 'seen', readySeconds: null, healthcheck: null, waitedFor: null };
    const db = { ...timeline, createdSeconds: 0.5, startedSeconds: 1, readySeconds: 2, healthySeconds: 6 };
    const api = {
      ...timeline,
      createdSeconds: 0.6,
      startedSeconds: 6.4,
      healthySeconds: 8,
      waitedFor: { service: 'db', condition: 'service_healthy', seconds: 0.4 },
    };
    const services = [
      { service: 'db', seconds: 6, state: 'healthy' as const, timeline: db },
      { service: 'api', seconds: 8, state: 'healthy' as const, timeline: api },
    ];
    const tree = spansOf(factsOf({ builds: [], trials: [], finishedAt: null, startup: { seconds: 8, services } }));
    expect(found(tree, 'startup/service:api')).toMatchObject({ fromSeconds: 6, after: ['startup/service:db'] });
    expect(criticalPath(tree).map(({ id }) => id)).toEqual([
      'startup/other:before service:db',
      'startup/service:db/start',
      'startup/service:db/ready',
      'startup/service:db/healthy',
      'startup/service:api/start',
      'startup/service:api/ready',
    ]);
  });

  test('sets up a session fixture in the first test of each worker only', () => {
    const table = {
      files: ['test_a.py'],
      file: [0, 0, 0],
      name: ['test_1', 'test_2', 'test_3'],
      worker: [0, 1, 0],
      workers: ['gw0', 'gw1'],
      at: [0, 0.1, 3],
      seconds: [3, 3, 1],
      setup: [2, 2, 0.5],
      call: [1, 1, 0.5],
      teardown: [0, 0, 0],
      cpu: null,
      fixtures: ['db|session|'],
      uses: [[0], [0], [0]],
      leftOut: 0,
    };
    const db = { name: 'db', scope: 'session', where: '', count: 2, seconds: 3, slowest: 2, teardown: null };
    const trial = trialOf(FULL, { profile: profileOf({ table, fixtures: [db] }) });
    const fixtures = all(spansOf(factsOf({ trials: [trial], finishedAt: null }))).filter(
      ({ kind }) => kind === 'fixture',
    );
    expect(fixtures.map(({ id }) => id.split('/').slice(4))).toEqual([
      ['worker:gw0', 'test:test_a.py::test_1', 'setup', 'fixture:db'],
      ['worker:gw1', 'test:test_a.py::test_2', 'setup', 'fixture:db'],
    ]);
    expect(fixtures.map(durationOf)).toEqual([expect.closeTo(1.5), expect.closeTo(1.5)]);
  });
});

describe('the critical path', () => {
  const span = (id: string, fromSeconds: number, toSeconds: number, more: Partial<Span> = {}): Span => {
    return { id, name: id, kind: 'phase', fromSeconds, toSeconds, after: [], attributes: {}, children: [], ...more };
  };
  const shown = (tree: Span) =>
    criticalPath(tree).map(({ name, fromSeconds, toSeconds }) => [name, fromSeconds, toSeconds]);

  test.each<[string, readonly Span[], readonly (readonly [string, number, number])[]]>([
    ['leaves out what ran beside something longer', [span('a', 0, 4), span('b', 0, 10)], [['b', 0, 10]]],
    [
      'takes what was waited for, of two that ran until then',
      [span('a', 0, 5), span('b', 0, 5), span('c', 5, 10, { after: ['a'] })],
      [
        ['a', 0, 5],
        ['c', 5, 10],
      ],
    ],
    [
      'cuts off what still ran when the next began',
      [span('a', 0, 6), span('b', 4, 10)],
      [
        ['a', 0, 4],
        ['b', 4, 10],
      ],
    ],
    [
      'names a time in which nothing ran',
      [span('a', 0, 4), span('b', 6, 10)],
      [
        ['a', 0, 4],
        ['run: not explained', 4, 6],
        ['b', 6, 10],
      ],
    ],
  ])('%s', (_, children, path) => {
    expect(shown(span('run', 0, 10, { children }))).toEqual(path);
  });
});
