/** A real PostgreSQL for the tests of one file, in a container that is gone afterwards. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { StoreOptions } from '../../src/store/store.ts';
import { localEngine } from './local-engine.ts';

const IMAGE = 'paceline/stand-in-postgres:15';
/** Characters that a URL must escape, so that whatever shows them in either form is found. */
export const PASSWORD = 'p@ss/w:rd#1';

export interface TestPostgres {
  readonly url: string;
  /** A database of its own. */
  place(): Promise<StoreOptions>;
  sql(url: string, text: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startPostgres(owner: string): Promise<TestPostgres> {
  const engine = await localEngine(owner);
  const flags = ['--rm', '--label', `paceline.test=${engine.owner}`, '-p', '127.0.0.1::5432'];
  const data = ['--tmpfs', '/var/lib/postgresql/data', '-e', `POSTGRES_PASSWORD=${PASSWORD}`];
  const id = await engine.docker('run', '-d', ...flags, ...data, IMAGE);
  const port = (await engine.docker('port', id, '5432/tcp')).split('\n')[0]!.split(':').at(-1)!;
  const url = `postgresql://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  const folders: string[] = [];
  let databases = 0;
  return {
    url,
    sql,
    place: async () => {
      databases += 1;
      await sql(url, `create database test_${databases}`);
      const dataDirectory = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-test-')));
      folders.push(dataDirectory);
      writeFileSync(join(dataDirectory, 'instance'), 'abcdef123456\n');
      return { dataDirectory, url: url.replace(/postgres$/, `test_${databases}`) };
    },
    stop: async () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      await engine.cleanUp();
    },
  };
}

async function sql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Its entrypoint starts it twice; only the second time it listens on the network. */
async function untilReady(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await sql(url, 'select 1');
      return;
    } catch (error) {
      if (tries > 150) throw error;
      await sleep(200);
    }
  }
}
