import { expect, test } from 'vitest';
import type { ExternalPoint } from '../../src/model/external-point.ts';
import type { RegressionAlert, SeriesEntry, SeriesKey } from '../../src/model/regression.ts';
import type { RunResult } from '../../src/model/result.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { freshPlace } from './place.ts';
import { NEW_RUN } from './samples.ts';

const KEY: SeriesKey = {
  project: 'shop',
  metric: 'test.duration',
  scenario: 'full',
  lane: { cpus: 2, memoryBytes: 2e9 },
  fingerprint: { cpuModel: 'AMD EPYC', cores: 2, memoryGib: 7.5, engineMajor: '28' },
  source: 'trials',
};

function night(index: number): { readonly run: { runId: string; workflowId: string }; readonly at: string } {
  const runId = `run-${String(index).padStart(5, '0')}`;
  const at = new Date(Date.UTC(2026, 0, 1) + index * 86_400_000).toISOString();
  return { run: { runId, workflowId: `w/${runId}` }, at };
}

function entry(index: number, value: number, key = KEY): SeriesEntry {
  const { run, at } = night(index);
  const point = { commit: `c${index}`, dirty: false, samples: 3, disturbed: null, tests: null, alertState: null };
  return { key, point: { ...point, runId: run.runId, at, value } };
}

async function openNight(store: Store, index: number, more: Partial<Parameters<Store['openRun']>[0]> = {}) {
  const { run, at } = night(index);
  await store.openRun({ ...NEW_RUN, run, startedAt: at, ...more });
  return run;
}

async function finish(store: Store, index: number): Promise<void> {
  const { run, at } = night(index);
  const result = { runId: run.runId, verdict: 'pass' } as RunResult;
  await store.finishRun(run, { result, verdict: 'pass', finishedAt: at });
}

function alertOf(index: number, state: RegressionAlert['state'], more: Partial<RegressionAlert> = {}): RegressionAlert {
  const { run, at } = night(index);
  return {
    id: `alert-${index}`,
    kind: 'regression',
    state,
    direction: 'slower',
    key: KEY,
    runId: run.runId,
    commit: `c${index}`,
    at,
    value: 40,
    baseline: null,
    threshold: 0.2,
    floor: 2,
    ratio: 1.3,
    interval: null,
    n: 0,
    gates: [],
    decidedBy: null,
    message: `It is ${state}.`,
    ...more,
  };
}

async function withNights(count: number): Promise<Store> {
  const store = await openStore(await freshPlace());
  for (let index = 0; index < count; index += 1) {
    const run = await openNight(store, index);
    await store.savePoints(run, [entry(index, 30 + index)]);
    await finish(store, index);
  }
  return store;
}

async function valuesOf(store: Store, range = {}): Promise<readonly number[]> {
  const [history] = await store.seriesHistories([KEY], range);
  return history!.points.map(({ value }) => value);
}

test('a series is given in order of time, up to a run, and the newest of it up to a limit', async () => {
  const store = await withNights(5);
  expect(await valuesOf(store)).toEqual([30, 31, 32, 33, 34]);
  expect(await valuesOf(store, { before: night(3).at })).toEqual([30, 31, 32]);
  expect(await valuesOf(store, { exceptRun: night(4).run.runId, limit: 2 })).toEqual([32, 33]);
  await store.close();
});

test('the first commit of a point counts, and the order of the parts of a key does not', async () => {
  const store = await withNights(1);
  const { source, project, ...rest } = KEY;
  await store.savePoints(night(0).run, [entry(0, 99, { ...rest, source, project })]);
  expect(await valuesOf(store)).toEqual([30]);
  expect(await store.listSeries({ project: 'shop' })).toMatchObject([{ key: KEY, points: 1, from: night(0).at }]);
  expect(await store.listSeries({ project: 'other' })).toEqual([]);
  await store.close();
});

test('another host, lane, source or metric is another series', async () => {
  const store = await withNights(1);
  const others: SeriesKey[] = [
    { ...KEY, fingerprint: { ...KEY.fingerprint, cores: 4 } },
    { ...KEY, lane: null },
    { ...KEY, source: 'import:bencher' },
    { ...KEY, metric: 'total.duration' },
  ];
  await store.savePoints(
    night(0).run,
    others.map((key, index) => entry(0, 100 + index, key)),
  );
  const histories = await store.seriesHistories([KEY, ...others]);
  expect(histories.map(({ points }) => points.map(({ value }) => value))).toEqual([[30], [100], [101], [102], [103]]);
  await store.close();
});

test('a side of a comparison is not in a series or list, but can be named', async () => {
  const store = await withNights(2);
  const run = await openNight(store, 2, { kind: 'comparison', parent: night(1).run.runId });
  await store.savePoints(run, [entry(2, 500)]);
  expect(await valuesOf(store)).toEqual([30, 31]);
  expect((await store.listRuns()).map(({ run }) => run.runId)).toEqual(['run-00001', 'run-00000']);
  expect(await store.listRuns({ id: 'run-00002' })).toMatchObject([{ kind: 'comparison', parent: 'run-00001' }]);
  await store.close();
});

test('finds runs by the first characters of their id', async () => {
  const store = await withNights(12);
  const found = async (id: string) => (await store.listRuns({ id })).map(({ run }) => run.runId);
  expect(await found('run-0001')).toEqual(['run-00011', 'run-00010']);
  expect(await found('run-00004')).toEqual(['run-00004']);
  expect(await found('nothing')).toEqual([]);
  expect(await store.runRef('run-00004')).toEqual(night(4).run);
  expect(await store.runRef('run')).toBeNull();
  await store.close();
});

test.each([
  ['confirmed', 'cleared', 'confirmed'],
  ['cleared', 'confirmed', 'cleared'],
  ['inconclusive', 'candidate', 'inconclusive'],
  ['candidate', 'candidate', 'candidate'],
  ['candidate', 'cleared', 'cleared'],
] as const)('an alert that is %s and is then stored as %s is %s', async (first, second, stored) => {
  const store = await withNights(1);
  await store.saveAlerts(night(0).run, [alertOf(0, first)]);
  expect(await store.saveAlerts(night(0).run, [alertOf(0, second)])).toMatchObject([{ state: stored }]);
  const [found, none] = await store.alerts({ runId: night(0).run.runId });
  expect(found).toMatchObject({ alert: { state: stored, message: `It is ${stored}.` }, acknowledged: null });
  expect(found!.decidedAt === null).toBe(stored === 'candidate');
  expect(none).toBeUndefined();
  await store.close();
});

test('a suspicion that is cleared leaves everything else as it was', async () => {
  const store = await withNights(4);
  const everything = async () => ({
    facts: await store.loadFacts(night(3).run),
    result: await store.result(night(3).run.runId),
    series: await store.listSeries(),
    points: (await store.seriesHistories([KEY]))[0]!.points.map((point) => ({ ...point, alertState: null })),
  });
  const before = JSON.stringify(await everything());
  await store.saveAlerts(night(3).run, [alertOf(3, 'candidate')]);
  await store.saveAlerts(night(3).run, [alertOf(3, 'cleared')]);
  expect(JSON.stringify(await everything())).toBe(before);
  const [history] = await store.seriesHistories([KEY]);
  expect(history!.points.at(-1)!.alertState).toBe('cleared');
  expect(history!.alerts).toHaveLength(1);
  await store.close();
});

test('lists alerts by project, by state and by whether they are open', async () => {
  const store = await withNights(4);
  for (const [index, state] of (['confirmed', 'cleared', 'candidate', 'confirmed'] as const).entries()) {
    await store.saveAlerts(night(index).run, [alertOf(index, state)]);
  }
  const ids = async (filter: Parameters<Store['alerts']>[0]) =>
    (await store.alerts(filter)).map(({ alert }) => alert.id).sort();
  expect(await ids({})).toEqual(['alert-0', 'alert-1', 'alert-2', 'alert-3']);
  expect(await ids({ project: 'other' })).toEqual([]);
  expect(await ids({ states: ['cleared', 'candidate'] })).toEqual(['alert-1', 'alert-2']);
  await store.acknowledge('alert-0', { reason: 'The new index is worth it.', at: '2026-02-01T00:00:00.000Z' });
  expect(await ids({ open: true })).toEqual(['alert-2', 'alert-3']);
  expect(await ids({ id: 'alert-3' })).toEqual(['alert-3']);
  await store.close();
});

test('acknowledgements and resets are events of the series; the first reason counts', async () => {
  const store = await withNights(3);
  await store.saveAlerts(night(1).run, [alertOf(1, 'confirmed')]);
  const at = '2026-02-01T00:00:00.000Z';
  await store.acknowledge('alert-1', { reason: 'Known.', at });
  expect(await store.acknowledge('alert-1', { reason: 'Again.', at: '2026-03-01T00:00:00.000Z' })).toMatchObject({
    acknowledged: { reason: 'Known.', at },
  });
  const [{ id }] = (await store.listSeries()) as unknown as [{ id: string }];
  const reset = { at: '2026-01-02T12:00:00.000Z', reason: 'New disk.', runId: null };
  expect(await store.resetSeries(id, reset)).toBe(true);
  expect(await store.resetSeries('nothing', reset)).toBe(false);
  const [history] = await store.seriesHistories([KEY]);
  expect(history!.events).toEqual([
    { kind: 'reset', at: reset.at, reason: 'New disk.' },
    { kind: 'acknowledged', alertId: 'alert-1', runId: 'run-00001', at, reason: 'Known.' },
  ]);
  expect(history!.points).toHaveLength(3);
  await store.close();
});

test('does not acknowledge an alert that is missing, undecided or ambiguous', async () => {
  const store = await withNights(2);
  await store.saveAlerts(night(0).run, [alertOf(0, 'candidate')]);
  await store.saveAlerts(night(1).run, [alertOf(1, 'confirmed')]);
  const acknowledge = (id: string) => store.acknowledge(id, { reason: 'x', at: '2026-02-01T00:00:00.000Z' });
  await expect(acknowledge('alert-0')).rejects.toThrow('Alert alert-0 is not decided yet.');
  await expect(acknowledge('alert-')).rejects.toThrow('Several alerts begin with `alert-`.');
  await expect(acknowledge('other')).rejects.toThrow('No alert begins with `other`.');
  await store.close();
});

test('more digests than one statement takes are stored and read, and replace the earlier ones', async () => {
  const store = await withNights(1);
  const digestsOf = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ file: `file-${String(i).padStart(4, '0')}`, bytes: i, sha256: 'abc' }));
  await store.saveDigests(night(0).run, digestsOf(1_203));
  expect(await store.digests('run-00000')).toEqual(digestsOf(1_203));
  await store.saveDigests(night(0).run, digestsOf(1));
  expect(await store.digests('run-00000')).toEqual(digestsOf(1));
  await store.close();
});

test('deleting a run deletes its rows and no others', async () => {
  const store = await withNights(3);
  await store.saveAlerts(night(1).run, [alertOf(1, 'cleared')]);
  await store.addNotes(night(1).run, ['a note']);
  await store.saveDigests(night(1).run, [{ file: 'result.json', bytes: 3, sha256: 'abc' }]);
  await store.deleteRun('run-00001');
  expect(await valuesOf(store)).toEqual([30, 32]);
  expect(await store.alerts()).toEqual([]);
  expect(await store.digests('run-00001')).toEqual([]);
  await expect(store.loadFacts(night(1).run)).rejects.toMatchObject({ problem: { type: 'RunUnknown' } });
  expect((await store.listRuns()).map(({ run }) => run.runId)).toEqual(['run-00002', 'run-00000']);
  await store.close();
});

test('only finished runs that exceed both limits and have no open alert can be deleted', async () => {
  const store = await withNights(6);
  await openNight(store, 6);
  await store.saveAlerts(night(1).run, [alertOf(1, 'confirmed')]);
  await store.saveAlerts(night(2).run, [alertOf(2, 'cleared')]);
  const ids = async (retention: Parameters<Store['prunableRuns']>[0]) =>
    (await store.prunableRuns(retention)).map(({ runId }) => runId);
  expect(await ids({ keep: 3 })).toEqual(['run-00000', 'run-00002', 'run-00003']);
  expect(await ids({ before: night(3).at })).toEqual(['run-00000', 'run-00002']);
  expect(await ids({ keep: 3, before: night(1).at })).toEqual(['run-00000']);
  expect(await ids({ keep: 3, project: 'other' })).toEqual([]);
  await store.acknowledge('alert-1', { reason: 'Known.', at: night(5).at });
  expect(await ids({ before: night(2).at })).toEqual(['run-00000', 'run-00001']);
  await store.close();
});

test('imported points are stored once, and separately from points of Paceline', async () => {
  const store = await withNights(1);
  const point: ExternalPoint = {
    name: 'shop',
    measure: 'test.duration',
    unit: 's',
    better: 'lower',
    value: 12,
    low: null,
    high: null,
    commit: null,
    at: '2026-01-01T00:00:00.000Z',
  };
  const points = [point, { ...point, value: 13, at: '2026-01-02T00:00:00.000Z' }];
  expect(await store.importPoints('bencher', points)).toBe(2);
  expect(await store.importPoints('bencher', [...points, { ...point, name: 'other' }])).toBe(1);
  expect(await store.importedPoints({ name: 'shop' })).toEqual(points);
  const other = { ...point, value: 14 };
  expect(await store.keptInstead('bencher', [other, points[1]!])).toEqual([{ given: other, kept: point }]);
  expect(await store.keptInstead('elsewhere', [other])).toEqual([]);
  expect(await store.importedSeries()).toMatchObject([
    { origin: 'bencher', name: 'other', points: 1 },
    { origin: 'bencher', name: 'shop', points: 2, from: points[0]!.at, until: points[1]!.at },
  ]);
  expect(await valuesOf(store)).toEqual([30]);
  expect(await store.listSeries()).toHaveLength(1);
  await store.close();
});

test('runs from before there were series are known to have no points', async () => {
  const store = await withNights(2);
  await openNight(store, 2);
  await finish(store, 2);
  await openNight(store, 3);
  expect(await store.runsWithoutPoints(10)).toEqual([night(2).run]);
  await store.close();
});

test('accepting an alert accepts earlier ones of its series; a cleared one cannot be accepted', async () => {
  const store = await withNights(3);
  await store.saveAlerts(night(0).run, [alertOf(0, 'cleared')]);
  await store.saveAlerts(night(1).run, [alertOf(1, 'confirmed')]);
  await store.saveAlerts(night(2).run, [alertOf(2, 'confirmed')]);
  expect(await store.alerts({ open: true })).toHaveLength(2);
  await expect(store.acknowledge('alert-0', { reason: 'x', at: new Date().toISOString() })).rejects.toMatchObject({
    problem: { type: 'WrongUsage', what: 'Alert alert-0 was cleared, so there is nothing to accept.' },
  });
  await store.acknowledge('alert-2', { reason: 'Worth it.', at: new Date().toISOString() });
  expect(await store.alerts({ open: true })).toEqual([]);
  await store.close();
});

test('runs of one store are a history for another one: figures, decided alerts and acknowledgements', async () => {
  const from = await withNights(2);
  await openNight(from, 9, { kind: 'check' });
  await from.savePoints(night(9).run, [entry(9, 99)]);
  await finish(from, 9);
  await from.saveAlerts(night(1).run, [alertOf(1, 'confirmed')]);
  await from.acknowledge('alert-1', { reason: 'Worth it.', at: night(2).at });
  const kept = await from.keptRuns({ project: 'shop', limit: 100 });
  expect(kept.map(({ run }) => run.runId)).toEqual([night(0).run.runId, night(1).run.runId]);
  const to = await openStore(await freshPlace());
  expect(await to.addKeptRuns(kept)).toBe(2);
  expect(await to.addKeptRuns(kept)).toBe(0);
  const [[before], [after]] = [await from.seriesHistories([KEY]), await to.seriesHistories([KEY])];
  expect(after?.points).toEqual(before?.points);
  expect(after?.events).toEqual(before?.events);
  expect(after?.alerts).toMatchObject([{ id: 'alert-1', state: 'confirmed' }]);
  expect(await to.runsWithoutPoints(10)).toEqual([]);
  await Promise.all([from.close(), to.close()]);
});

test('a run of a proposed change is never a part of a history', async () => {
  const store = await withNights(2);
  await openNight(store, 2, { kind: 'check' });
  await store.savePoints(night(2).run, [entry(2, 99)]);
  await finish(store, 2);
  expect(await valuesOf(store)).toEqual([30, 31]);
  await store.close();
});
