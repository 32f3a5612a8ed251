import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { openStore, type Store } from '../../src/store/store.ts';
import { measured, type Measurement } from '../../src/model/measurement.ts';
import { startChild } from '../support/child.ts';
import { freshPlace } from './place.ts';
import { keyOf, measurementsOf, NEW_RUN, recordOf, RUN } from './samples.ts';

const CHILD = new URL('commit-trial.child.ts', import.meta.url).pathname;

async function storeWithRun(): Promise<Store> {
  const store = await openStore(await freshPlace());
  await store.openRun(NEW_RUN);
  return store;
}

test('returns a committed trial unchanged, with its measurements assigned to that try', async () => {
  const store = await storeWithRun();
  const stored = await store.commitTrial(keyOf(), recordOf(), measurementsOf(31.25));
  const subject = { scenario: 'full-test-suite', trial: 1, try: 1 };
  expect(stored).toEqual(recordOf());
  expect(await store.trial(keyOf())).toEqual(recordOf());
  expect((await store.loadFacts(RUN)).measurements).toEqual(
    measurementsOf(31.25).map((measurement) => ({ ...measurement, subject: { ...measurement.subject, ...subject } })),
  );
  await store.close();
});

test('the first commit of a try counts, and a later one returns what is stored', async () => {
  const store = await storeWithRun();
  await store.commitTrial(keyOf(), recordOf({ seconds: 31 }), measurementsOf(31));
  expect(await store.commitTrial(keyOf(), recordOf({ seconds: 99 }), measurementsOf(99))).toEqual(
    recordOf({ seconds: 31 }),
  );
  const { trials, measurements } = await store.loadFacts(RUN);
  expect(trials).toHaveLength(1);
  expect(measurements).toHaveLength(measurementsOf(31).length);
  await store.close();
});

test('another try of the same trial is stored next to the first', async () => {
  const store = await storeWithRun();
  const lost = recordOf({
    outcome: 'lost',
    reason: 'The container is gone.',
    seconds: null,
    exitCode: null,
    tests: null,
  });
  await store.commitTrial(keyOf(), lost, []);
  await store.commitTrial(keyOf({ try: 2 }), recordOf({ try: 2 }), measurementsOf(31.25));
  expect((await store.loadFacts(RUN)).trials).toEqual([lost, recordOf({ try: 2 })]);
  await store.close();
});

test('an intent is new once, for each try', async () => {
  const store = await storeWithRun();
  const answers = [];
  for (const key of [keyOf(), keyOf(), keyOf({ try: 2 }), keyOf({ trial: 2 }), keyOf()]) {
    answers.push(await store.intend(key));
  }
  expect(answers).toEqual(['new', 'known', 'new', 'new', 'known']);
  expect(await store.trial(keyOf())).toBeNull();
  await store.close();
});

test('a hint is stored with its kind and fields', async () => {
  const store = await storeWithRun();
  const hint = { kind: 'coverageThreshold', requiredPercent: '90', reachedPercent: '71' } as const;
  await store.commitTrial(keyOf(), recordOf({ outcome: 'testsBroken', hint }), []);
  expect(await store.trial(keyOf())).toMatchObject({ hint });
  expect((await store.loadFacts(RUN)).trials).toMatchObject([{ hint }]);
  await store.close();
});

test('a measurement that cannot be stored takes the whole commit with it', async () => {
  const store = await storeWithRun();
  const impossible: Measurement = {
    ...measured('trial.duration', 1, 'engine'),
    value: { kind: 'measured', value: Number.NaN },
  };
  await expect(store.commitTrial(keyOf(), recordOf(), [...measurementsOf(1), impossible])).rejects.toThrow(
    'a_value_or_a_reason',
  );
  const { trials, measurements } = await store.loadFacts(RUN);
  expect({ trials, measurements }).toEqual({ trials: [], measurements: [] });
  await store.close();
});

test.each([
  ['quotes', `'"; drop table trial; --`],
  ['emoji', '🐢 slow 👩‍👩‍👧 test'],
  ['300 characters', 'x'.repeat(300)],
  ['line breaks and control characters', 'a\r\nb\tc\u001b[31m'],
  ['a NUL', 'before\0after'],
  ['nothing', ''],
])('hostile text is only data: %s', async (_, text) => {
  const store = await storeWithRun();
  const record = recordOf({
    scenarioId: text,
    scenarioName: text,
    command: [text, text],
    reason: text,
    logTail: text,
    hostId: text,
    problem: { type: 'Internal', what: text, next: text, detail: text },
  });
  const key = keyOf({ scenarioId: text });
  await store.commitTrial(key, record, [measured('trial.duration', 1, text, { service: text })]);
  expect(await store.trial(key)).toEqual(record);
  const [measurement] = (await store.loadFacts(RUN)).measurements;
  expect(measurement).toMatchObject({ source: text, subject: { scenario: text, service: text } });
  await store.close();
});

test('every finite number comes back exactly', async () => {
  const store = await storeWithRun();
  let trial = 0;
  await fc.assert(
    fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
      trial += 1;
      await store.commitTrial(keyOf({ trial }), recordOf({ seconds: value }), []);
      // Adding 0 makes -0 the 0 that it is to SQLite and to JSON.
      expect((await store.trial(keyOf({ trial })))?.seconds).toBe(value + 0);
    }),
    { numRuns: 50 },
  );
  await store.close();
});

test('of two processes that commit the same trials of one store, exactly one wins each', async () => {
  const place = await freshPlace();
  const { dataDirectory, url = '' } = place;
  const trials = 25;
  const children = ['1', '2'].map((seconds) =>
    startChild(CHILD, ['race', dataDirectory, url, seconds, String(trials)]),
  );
  expect(await Promise.all(children.map((child) => child.line()))).toEqual(['ready', 'ready']);
  for (const child of children) child.process.stdin?.end('go\n');
  const [one, two] = await Promise.all(children.map(async (child) => JSON.parse(await child.line()) as number[]));

  expect(one).toHaveLength(trials);
  expect(two).toEqual(one);
  const store = await openStore(place);
  const facts = await store.loadFacts(RUN);
  expect(facts.trials.map(({ seconds }) => seconds)).toEqual(one);
  const durations = facts.measurements.filter(({ metric }) => metric === 'trial.duration');
  const bySeconds = durations.toSorted((a, b) => (a.subject.trial ?? 0) - (b.subject.trial ?? 0));
  expect(bySeconds.map(({ value }) => (value.kind === 'measured' ? value.value : null))).toEqual(one);
  await store.close();
});

test('a process killed between the row and its measurements stores neither, and the next attempt commits', async () => {
  const place = await freshPlace();
  const child = startChild(CHILD, ['die', place.dataDirectory, place.url ?? '']);
  expect(await child.line()).toBe('row written');
  expect(await child.ended()).toBe('SIGKILL');

  const store = await openStore(place);
  expect(await store.intend(keyOf())).toBe('known');
  expect(await store.trial(keyOf())).toBeNull();
  expect((await store.loadFacts(RUN)).measurements).toEqual([]);
  expect(await store.commitTrial(keyOf(), recordOf(), measurementsOf(31.25))).toEqual(recordOf());
  expect((await store.loadFacts(RUN)).measurements).toHaveLength(3);
  await store.close();
});

test('returns the time of the last passed trial of each scenario, from any run of the project', async () => {
  const store = await storeWithRun();
  const at = (second: number) => ({ startedAt: `2026-03-01T02:00:${second}.000Z` });
  await store.commitTrial(keyOf(), recordOf({ seconds: 40, ...at(10) }), []);
  await store.commitTrial({ ...keyOf(), trial: 2 }, recordOf({ trial: 2, seconds: 31, ...at(50) }), []);
  const red = { outcome: 'testsFailed', reason: 'red', seconds: 3, ...at(55) } as const;
  await store.commitTrial({ ...keyOf(), trial: 3 }, recordOf({ trial: 3, ...red }), []);
  const { project } = await store.loadFacts(RUN);
  expect(await store.lastSeconds(project)).toEqual({ 'full-test-suite': 31 });
  expect(await store.lastSeconds('another')).toEqual({});
  await store.close();
});

test('the times of a trial are stored', async () => {
  const store = await storeWithRun();
  const parts = [{ kind: 'tests' as const, name: null, fromSeconds: 0.5, toSeconds: 3 }];
  const times = { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:04.000Z', parts };
  await store.commitTrial(keyOf(), recordOf({ times }), []);
  expect(await store.trial(keyOf())).toEqual(recordOf({ times }));
  await store.close();
});
