/** The same tests as over SQLite, on a real PostgreSQL; and what only PostgreSQL can do. */
import { afterAll, expect, test } from 'vitest';
import { PacelineError } from '../../src/model/failure.ts';
import { openStore } from '../../src/store/store.ts';
import { PASSWORD, startPostgres } from '../support/postgres.ts';
import { usePlaces } from './place.ts';
import { NEW_RUN, RUN } from './samples.ts';

const postgres = await startPostgres('store-postgres');
afterAll(() => postgres.stop());

usePlaces(() => postgres.place());
await import('./runs.test.ts');
await import('./trials.test.ts');
await import('./history.test.ts');

/** Everything that users and Temporal see of an error. */
async function saidBy(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PacelineError);
  const { problem, message, stack, cause } = error as PacelineError;
  return `${JSON.stringify(problem)}\n${message}\n${stack}\n${String(cause)}\n${JSON.stringify(cause)}`;
}

test('what is stored is still there after reopening; data directories keep an id each', async () => {
  const place = await postgres.place();
  const other = { ...(await postgres.place()), url: place.url };
  const stores = await Promise.all([place, other, place].map((each) => openStore(each)));
  await stores[0]!.openRun(NEW_RUN);
  expect((await stores[1]!.listRuns()).map(({ run }) => run)).toEqual([RUN]);
  const ids = await Promise.all(stores.map((store) => store.instanceId()));
  expect(ids[0]).toBe(ids[2]);
  await Promise.all(stores.map((store) => store.close()));
});

test('concurrent openings of a new database create its tables once', async () => {
  const place = await postgres.place();
  const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(place)));
  expect(await stores[5]!.listRuns()).toEqual([]);
  await Promise.all(stores.map((store) => store.close()));
});

test('a store that a newer Paceline wrote is refused', async () => {
  const place = await postgres.place();
  await (await openStore(place)).close();
  await postgres.sql(place.url!, "insert into kysely_migration values ('9999-from-the-future', 'x')");
  expect(await saidBy(openStore(place))).toContain('written by a newer Paceline');
});

test('refuses tables of another program in the same schema, but not in another one', async () => {
  const place = await postgres.place();
  await postgres.sql(place.url!, 'create schema theirs; create table theirs.run (id integer)');
  await (await openStore(place)).close();
  const taken = await postgres.place();
  await postgres.sql(taken.url!, 'create table run (id integer)');
  expect(await saidBy(openStore(taken))).toContain('created by an older Paceline that cannot be migrated');
});

test.each([
  [
    'a wrong password',
    (url: string) => url.replace(encodeURIComponent(PASSWORD), 'wr%40ng-secret'),
    'PostgreSQL refuses this user',
  ],
  ['a database that is not there', (url: string) => `${url}-missing`, 'There is no such database'],
  ['a port without a server', (url: string) => url.replace(/:\d+\//, ':1/'), 'PostgreSQL cannot be reached'],
  [
    'encryption that the server does not have',
    (url: string) => `${url}?sslmode=require`,
    'PostgreSQL cannot be reached',
  ],
])('%s is a problem that says where, and shows no password', async (_, change, what) => {
  const { dataDirectory } = await postgres.place();
  const said = await saidBy(openStore({ dataDirectory, url: change(postgres.url) }));
  expect(said).toContain(what);
  expect(said).toContain('127.0.0.1');
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'wr@ng-secret', 'wr%40ng-secret']) {
    expect(said).not.toContain(secret);
  }
});

test('a lost connection is a problem; the same store works again when the server is back', async () => {
  const place = await postgres.place();
  const store = await openStore(place);
  await store.openRun(NEW_RUN);
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'paceline'`;
  await postgres.sql(postgres.url, kill);
  const notes = async (note: string) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await store.addNotes(RUN, [note]);
      } catch (error) {
        if (tries === 5 || !(error instanceof PacelineError)) throw error;
      }
    }
  };
  await notes('after');
  expect((await store.loadFacts(RUN)).notes).toEqual(['after']);
  await store.close();
});

test('a writer waits for the transaction of another client', async () => {
  const place = await postgres.place();
  const [one, two] = await Promise.all([openStore(place), openStore(place)]);
  await one.openRun(NEW_RUN);
  await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? one : two).addNotes(RUN, [`note ${i}`])));
  expect((await one.loadFacts(RUN)).notes).toHaveLength(10);
  await Promise.all([one.close(), two.close()]);
});
