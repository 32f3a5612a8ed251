import { describe, expect, test } from 'vitest';
import { followReadyLine, readLine, tellsInItsLog } from '../../../src/collectors/startup/ready-line.ts';

test.each([
  ['postgres:15', '2026-11-24 10:00:01 UTC [1] LOG:  database system is ready to accept connections'],
  ['paceline/stand-in-postgres:15', 'LOG:  database system is ready to accept connections'],
  ['registry.example/postgis/postgis:16', 'LOG:  database system is ready to accept connections'],
  ['redis:7', '1:M 24 Nov 2026 10:00:01.000 * Ready to accept connections tcp'],
  ['mysql:8', "mysqld: ready for connections. Version: '8.0.36'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306"],
  ['mongo:7', '{"msg":"Waiting for connections","attr":{"port":27017}}'],
  ['rabbitmq:3-management', ' completed with 5 plugins. Server startup complete; 5 plugins started.'],
  ['shop-api', 'INFO:     Application startup complete.'],
  ['shop-api', '[2026-11-24 10:00:01 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)'],
  ['shop-api', 'Started ShopApplication in 3.21 seconds (process running for 3.9)'],
])('%s can be used: %s', (image, line) => {
  expect(readLine(line, image)).toBe('ready');
});

test.each([
  ['postgres:15', 'waiting for server to start.... starting PostgreSQL 15'],
  ['postgres:15', 'LOG:  listening on IPv4 address "0.0.0.0", port 5432'],
  ['shop-api', 'Waiting for the database; the server will be listening later'],
  ['shop-api', 'the application is starting'],
])('%s says nothing of it: %s', (image, line) => {
  expect(readLine(line, image)).toBeNull();
});

test('images whose logs are known to tell are worth waiting for', () => {
  const images = ['postgres:15', 'redis:7', 'redis.example/shop-api:1', 'shop-api'];
  expect(images.map(tellsInItsLog)).toEqual([true, true, false, false]);
});

describe('a log that is followed', () => {
  /** @returns the lines that were passed on when the log came in these chunks */
  async function told(image: string, ...chunks: readonly string[]): Promise<(string | null)[]> {
    const lines: (string | null)[] = [];
    const engine = {
      followLogs: async (
        _: string,
        { onChunk }: Parameters<Parameters<typeof followReadyLine>[0]['engine']['followLogs']>[1],
      ) => {
        for (const chunk of chunks) await onChunk(Buffer.from(chunk), 'stdout');
        return { kind: 'read' as const };
      },
    };
    const { signal } = new AbortController();
    await followReadyLine({ engine, container: 'c', image, onLine: (line) => lines.push(line), signal });
    return lines;
  }

  test('takes back what the server said that only set the database up', async () => {
    const ready = 'LOG:  database system is ready to accept connections';
    const setUp = `${ready}\nLOG:  received fast shutdown request\nLOG:  database system is shut down\n`;
    expect(await told('postgres:15', setUp, `PostgreSQL init process complete\n${ready}\n`)).toEqual([
      ready,
      null,
      ready,
      null,
    ]);
  });

  test('is read line by line wherever it is cut, colours left out', async () => {
    expect(await told('api', 'one\n\u001b[32mListen', 'ing on :80\u001b[0m\nListening on :81\n')).toEqual([
      'Listening on :80',
      null,
    ]);
  });
});
