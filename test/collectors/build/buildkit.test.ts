import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBuildRecord } from '../../support/build-record.ts';

/** Recorded from real builds with buildx 0.13.1; `.lines` is the same record as later versions write it, one object a line. */
function recorded(name: string) {
  return readFileSync(new URL(`../../fixtures/buildkit/${name}.rawjson`, import.meta.url), 'utf8');
}

describe('the record of a build', () => {
  test('a cold build has no step from the cache, although FROM was there already', () => {
    const record = readBuildRecord(recorded('cold'));
    expect(record.userSteps).toEqual({ total: 3, cached: 0 });
    expect(record.steps.filter((step) => step.isUserStep).map((step) => step.name)).toEqual([
      expect.stringContaining('[test 2/2] RUN echo "a {brace} and a "quote""'),
      '[test 1/2] COPY data.bin /data.bin',
      expect.stringContaining('[deps 1/2] RUN --mount=type=cache'),
    ]);
    expect(record.error).toBeNull();
    expect(record.text).toBe('');
  });

  test('WORKDIR does not count: --no-cache does not reach it, and it does no work', () => {
    const { userSteps, steps } = readBuildRecord(recorded('workdir-cold'));
    expect(userSteps).toEqual({ total: 4, cached: 0 });
    expect(steps.find(({ name }) => name.includes('WORKDIR'))).toMatchObject({ cached: true, isUserStep: false });
  });

  test('a step that another build began earlier counts from the own beginning on', () => {
    const { seconds, steps } = readBuildRecord(recorded('concurrent-build'));
    // The other one had begun 17.7 s before.
    expect(seconds).toBeCloseTo(1.988, 3);
    expect(steps.find(({ name }) => name.startsWith('[context '))).toMatchObject({ beginsSeconds: 0, seconds: 0 });
  });

  test('tells what sending the context and exporting the image took', () => {
    const { contextSeconds, exportSeconds } = readBuildRecord(recorded('workdir-cold'));
    expect(contextSeconds).toBeCloseTo(0.039, 3);
    expect(exportSeconds).toBeCloseTo(0.107, 3);
  });

  test('a warm build has every step from the cache', () => {
    expect(readBuildRecord(recorded('warm')).userSteps).toEqual({ total: 3, cached: 3 });
  });

  test('the context is the bytes that were sent, the last figure of each transfer', () => {
    expect(readBuildRecord(recorded('cold')).contextBytes).toBe(30);
    expect(readBuildRecord(recorded('missing-image')).contextBytes).toBeNull();
  });

  test.each(['failed-step', 'failed-step.lines'])('a failed build names the step and its last lines (%s)', (name) => {
    expect(readBuildRecord(recorded(name)).error).toEqual({
      step: '[test 3/3] RUN echo "collecting dependencies" && echo "no such package: nope" >&2 && exit 7',
      message: expect.stringMatching(/did not complete successfully: exit code: 7$/),
      lastLines: ['collecting dependencies', 'no such package: nope'],
    });
  });

  test('both shapes of rawjson give the same record', () => {
    expect(readBuildRecord(recorded('failed-step.lines'))).toEqual(readBuildRecord(recorded('failed-step')));
  });

  test('a Dockerfile that cannot be parsed fails outside of any step', () => {
    const { error } = readBuildRecord(recorded('syntax-error'));
    expect(error?.step).toBeNull();
    expect(error?.message).toBe('dockerfile parse error on line 1: unknown instruction: FORM (did you mean FROM?)');
    expect(error?.lastLines).toContain('   1 | >>> FORM x');
  });

  test('an image that cannot be had is named', () => {
    expect(readBuildRecord(recorded('missing-image')).error).toMatchObject({
      step: '[internal] load metadata for nowhere.invalid/x:1',
      message: expect.stringContaining('no such host'),
    });
  });
});

describe('times', () => {
  const vertex = (digest: string, times: object) =>
    JSON.stringify({ vertexes: [{ digest, name: `[${digest}/9] RUN x`, ...times }] });

  test('keep their nanoseconds, and intervals that overlap count once', () => {
    const record = readBuildRecord(
      [
        vertex('1', { started: '2026-01-01T00:00:00.000000001Z', completed: '2026-01-01T00:00:02.000000001Z' }),
        vertex('1', { started: '2026-01-01T00:00:01Z', completed: '2026-01-01T00:00:03.5Z' }),
        vertex('1', { started: '2026-01-01T00:00:10Z', completed: '2026-01-01T00:00:10.000000250Z' }),
      ].join('\n'),
    );
    expect(record.steps[0]?.seconds).toBe(3.500000249);
    expect(record.seconds).toBe(10.000000249);
  });

  test('a step that never ended has no time, and is no 0', () => {
    const record = readBuildRecord(vertex('1', { started: '2026-01-01T00:00:00Z' }));
    expect(record.steps[0]?.seconds).toBeNull();
    expect(record.seconds).toBeNull();
  });

  test('steps that BuildKit cancelled after another one failed are not the reason', () => {
    const record = readBuildRecord(
      vertex('1', { error: 'context canceled' }) + vertex('2', { error: 'process "x" did not complete: exit code: 1' }),
    );
    expect(record.error?.step).toBe('[2/9] RUN x');
  });
});

describe('any input', () => {
  test('is read without an exception, and text is kept as text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.json()).map((all) => all.join('\n')),
        ),
        (input) => {
          const record = readBuildRecord(input);
          expect(record.userSteps.cached).toBeLessThanOrEqual(record.userSteps.total);
        },
      ),
    );
  });

  test('cut off anywhere gives a record of what came before', () => {
    const whole = recorded('failed-step');
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (length) => {
        const { steps } = readBuildRecord(whole.slice(0, length));
        expect(steps.length).toBeLessThanOrEqual(readBuildRecord(whole).steps.length);
      }),
      { numRuns: 50 },
    );
  });

  test('cut between any two of its bytes it is the same record', () => {
    for (const name of ['failed-step', 'syntax-error', 'source-change']) {
      const whole = readBuildRecord(recorded(name), Number.MAX_SAFE_INTEGER);
      for (const chunkBytes of [1, 7, 4_096]) expect(readBuildRecord(recorded(name), chunkBytes)).toEqual(whole);
    }
  });

  test('of what a step printed only the last lines are kept, and of each its end', () => {
    const data = (text: string) => Buffer.from(text).toString('base64');
    const logs = Array.from({ length: 500 }, () => ({ vertex: 'a', data: data(`${'x'.repeat(10_000)}\n`) }));
    const objects = [
      { vertexes: [{ digest: 'a', name: '[2/2] RUN noisy', started: '2026-01-01T00:00:00Z' }] },
      ...logs.map((log) => ({ logs: [log] })),
      { logs: [{ vertex: 'a', data: data('the last words\n') }] },
      { vertexes: [{ digest: 'a', error: 'exit code: 1' }] },
    ];
    const { lastLines } = readBuildRecord(objects.map((object) => JSON.stringify(object)).join('\n')).error!;
    expect(lastLines.at(-1)).toBe('the last words');
    expect(lastLines.join('').length).toBeLessThan(10_000);
  });

  test('fields of the wrong kind are passed over', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('digest', 'name', 'started', 'completed'), fc.anything())),
        (vertexes) => {
          const input = JSON.stringify({ vertexes, statuses: vertexes, logs: vertexes }, (_, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          );
          expect(() => readBuildRecord(input)).not.toThrow();
        },
      ),
    );
  });
});
