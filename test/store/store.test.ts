import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { RegressionAlert, SeriesKey } from '../../src/model/regression.ts';
import { seriesId } from '../../src/model/series-id.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { NEW_RUN, RUN } from './samples.ts';

function rawly(dataDirectory: string): DatabaseSync {
  const database = new DatabaseSync(join(dataDirectory, 'store.sqlite'));
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

test('what is stored is still there after reopening', async () => {
  const dataDirectory = temporaryFolder();
  const first = await openStore({ dataDirectory });
  await first.openRun(NEW_RUN);
  const id = await first.instanceId();
  await first.close();
  const second = await openStore({ dataDirectory });
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(await second.instanceId()).toBe(id);
  expect(await second.listRuns()).toHaveLength(1);
  await second.close();
});

test('two data directories are two instances', async () => {
  const stores = await Promise.all([1, 2].map(() => openStore({ dataDirectory: temporaryFolder() })));
  const [one, two] = await Promise.all(stores.map((store) => store.instanceId()));
  expect(one).not.toBe(two);
  await Promise.all(stores.map((store) => store.close()));
});

test('concurrent openings of a new data directory agree on its id', async () => {
  const dataDirectory = temporaryFolder();
  const stores = await Promise.all(Array.from({ length: 8 }, () => openStore({ dataDirectory })));
  const ids = await Promise.all(stores.map((store) => store.instanceId()));
  expect(new Set(ids).size).toBe(1);
  await Promise.all(stores.map((store) => store.close()));
});

test('a write waits for another writer without blocking the process', async () => {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  await store.openRun(NEW_RUN);
  const other = rawly(dataDirectory);
  other.exec('begin immediate');
  let done = false;
  const writing = store.addNotes(RUN, ['a note']).then(() => {
    done = true;
  });
  // If it blocked, this timer would not fire and the lock would never be released.
  await sleep(200);
  expect(done).toBe(false);
  expect((await store.loadFacts(RUN)).notes).toEqual([]);
  other.exec('commit');
  await writing;
  expect((await store.loadFacts(RUN)).notes).toEqual(['a note']);
  await store.close();
});

test('a store that a newer Paceline wrote is refused and left as it is', async () => {
  const dataDirectory = temporaryFolder();
  await (await openStore({ dataDirectory })).close();
  const newer = rawly(dataDirectory);
  newer.exec("insert into kysely_migration values ('9999-from-the-future', '2099-01-01T00:00:00.000Z')");
  newer.close();
  await expect(openStore({ dataDirectory })).rejects.toMatchObject({
    problem: {
      type: 'StoreUnavailable',
      what: 'The store was written by a newer Paceline (its schema contains "9999-from-the-future", which this version does not know).',
    },
  });
});

test('a store from before migrations existed is refused and not changed', async () => {
  const dataDirectory = temporaryFolder();
  const older = rawly(dataDirectory);
  older.exec('create table run (id integer)');
  await expect(openStore({ dataDirectory })).rejects.toMatchObject({
    problem: {
      type: 'StoreUnavailable',
      what: expect.stringContaining('created by an older Paceline that cannot be migrated'),
    },
  });
  expect(older.prepare('select name from sqlite_master').all()).toEqual([{ name: 'run' }]);
});

test('a store whose tables lack a column, as from before the first release, is refused and left as it is', async () => {
  const dataDirectory = temporaryFolder();
  await (await openStore({ dataDirectory })).close();
  const older = rawly(dataDirectory);
  older.exec('alter table trial drop column disturbed');
  older.close();
  await expect(openStore({ dataDirectory })).rejects.toMatchObject({
    problem: {
      type: 'StoreUnavailable',
      what: 'The store was created by an older Paceline that cannot be migrated (trial.disturbed does not exist).',
    },
  });
});

test('a store of the first release keeps its runs, which are benchmarks', async () => {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  await store.openRun(NEW_RUN);
  await store.close();
  const first = rawly(dataDirectory);
  const { names } = first.prepare("select group_concat(name) names from sqlite_master where type = 'table'").get() as {
    names: string;
  };
  for (const table of 'series_point,series,alert,acknowledgement,reset,imported_point,file_digest,serving_host,verified_advice,advice_verification'.split(
    ',',
  )) {
    expect(names.split(',')).toContain(table);
    first.exec(`drop table ${table}`);
  }
  first.exec('drop index run_summary; drop index run_by_kind');
  first.exec('drop index run_by_time; alter table run drop column kind; alter table run drop column parent');
  first.exec('alter table trial drop column hint; alter table trial drop column times');
  first.exec('alter table run drop column project_files');
  first.exec("delete from kysely_migration where name > '0001-z'");
  first.close();
  const later = await openStore({ dataDirectory });
  expect(await later.listRuns()).toMatchObject([{ run: RUN, kind: 'benchmark', parent: null }]);
  await later.close();
});

test('series with an old id are found by the id in their alerts', async () => {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  const at = NEW_RUN.startedAt;
  await store.openRun(NEW_RUN);
  await store.savePoints(RUN, [{ key: KEY, point: { ...POINT, runId: RUN.runId, at } }]);
  await store.saveAlerts(RUN, [{ ...ALERT, runId: RUN.runId, at }]);
  await store.acknowledge(ALERT.id, { at, reason: 'Known.' });
  await store.resetSeries(seriesId(KEY), { at, reason: 'New disk.', runId: null });
  const before = [await store.listSeries(), await store.seriesHistories([KEY]), await store.alerts()];
  await store.close();
  const older = rawly(dataDirectory);
  older.exec('pragma foreign_keys = off');
  for (const table of ['series', 'series_point', 'alert', 'acknowledgement', 'reset']) {
    expect(older.prepare(`update ${table} set series_id = 'an-older-id'`).run().changes).toBe(1);
  }
  older.exec('drop table verified_advice; drop table advice_verification');
  older.exec('alter table trial drop column hint; alter table trial drop column times');
  older.exec('alter table run drop column project_files');
  older.exec("delete from kysely_migration where name > '0002-z'");
  older.close();
  const later = await openStore({ dataDirectory });
  expect([await later.listSeries(), await later.seriesHistories([KEY]), await later.alerts()]).toEqual(before);
  await later.close();
});

const KEY: SeriesKey = {
  project: 'shop',
  metric: 'trial.duration',
  scenario: 'full',
  lane: null,
  fingerprint: { cpuModel: 'AMD EPYC', cores: 2, memoryGib: 7.5, engineMajor: '28' },
  source: 'engine',
};
const POINT = { commit: 'c1', dirty: false, value: 40, samples: 3, disturbed: null, tests: null, alertState: null };
const ALERT: Omit<RegressionAlert, 'runId' | 'at'> = {
  id: 'feedbeef',
  kind: 'regression',
  state: 'confirmed',
  direction: 'slower',
  key: KEY,
  commit: 'c1',
  value: 40,
  baseline: null,
  threshold: 0.2,
  floor: 2,
  ratio: 1.3,
  interval: null,
  n: 5,
  gates: [],
  decidedBy: 'pairs',
  message: 'It is slower.',
};

test('a file serves one host: a second one is refused until the first has left', async () => {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  const [one, two] = [
    { engineId: 'E1', host: 'alpha' },
    { engineId: 'E2', host: 'beta' },
  ];
  await store.serveHost(one);
  await store.serveHost({ ...one, host: 'alpha-recreated' });
  await expect(store.serveHost(two)).rejects.toMatchObject({
    problem: {
      type: 'StoreUnavailable',
      what: 'Host alpha-recreated writes to this store, and a SQLite file serves one host only.',
      next: expect.stringContaining('use PostgreSQL'),
    },
  });
  await store.leaveHost(one);
  await store.serveHost(two);
  await expect(store.serveHost(one)).rejects.toThrow('Host beta');
  const file = rawly(dataDirectory);
  file.exec("update serving_host set seen_at = '2026-01-01T00:00:00.000Z'");
  await store.serveHost(one);
  await store.close();
});

test('a file that is not a store is refused and not changed', async () => {
  const dataDirectory = temporaryFolder();
  const text = 'this is not a SQLite file, even if it is long'.repeat(100);
  writeFileSync(join(dataDirectory, 'store.sqlite'), text);
  await expect(openStore({ dataDirectory })).rejects.toMatchObject({ problem: { type: 'StoreUnavailable' } });
  expect(readFileSync(join(dataDirectory, 'store.sqlite'), 'utf8')).toBe(text);
});

test('a missing data directory is a problem that names it', async () => {
  const dataDirectory = join(temporaryFolder(), 'missing');
  await expect(openStore({ dataDirectory })).rejects.toMatchObject({
    problem: { type: 'StoreUnavailable', what: expect.stringContaining(dataDirectory) },
  });
});
