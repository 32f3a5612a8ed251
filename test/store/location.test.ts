import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PacelineError } from '../../src/model/failure.ts';
import { secretsOf, storeLocation, withoutPassword } from '../../src/store/location.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const URL_HERE = 'postgresql://me:s%40cret@db.internal:5433/bench?sslmode=verify-full';

test('the store is a file in the data directory unless a URL is given or is in config.json', () => {
  const dataDirectory = temporaryFolder();
  expect(storeLocation({ dataDirectory })).toEqual({ kind: 'sqlite', file: join(dataDirectory, 'store.sqlite') });
  expect(storeLocation({ dataDirectory, url: URL_HERE })).toEqual({ kind: 'postgres', url: URL_HERE });
  writeFileSync(join(dataDirectory, 'config.json'), JSON.stringify({ store: URL_HERE }));
  expect(storeLocation({ dataDirectory })).toEqual({ kind: 'postgres', url: URL_HERE });
  expect(storeLocation({ dataDirectory, url: 'postgres://other/db' })).toMatchObject({ url: 'postgres://other/db' });
});

test.each(['mysql://me:s3cret@db/bench', 'me:s3cret@db/bench', 'postgresql://me:s3cret@:bad:/x', 'store.sqlite'])(
  'what is not a PostgreSQL URL is refused without being shown: %s',
  (url) => {
    const refuse = () => storeLocation({ dataDirectory: temporaryFolder(), url });
    expect(refuse).toThrow(PacelineError);
    expect(refuse).toThrow(/^(?!.*s3cret).*not a PostgreSQL URL/s);
  },
);

test.each(['{', '{"store": 1}', '{"stores": "postgresql://a/b"}'])('a config.json that holds %s is refused', (text) => {
  const dataDirectory = temporaryFolder();
  writeFileSync(join(dataDirectory, 'config.json'), text);
  expect(() => storeLocation({ dataDirectory })).toThrow('config.json is not valid.');
});

test('messages show a URL without its password, wherever the password is', () => {
  expect(withoutPassword(URL_HERE)).toBe('postgresql://me@db.internal:5433/bench');
  expect(withoutPassword('postgres://db/bench?password=s3cret')).toBe('postgres://db/bench');
  expect(secretsOf(URL_HERE)).toEqual(['s%40cret', 's@cret']);
  expect(secretsOf('postgres://db/bench?password=s3cret')).toEqual(['s3cret']);
});
