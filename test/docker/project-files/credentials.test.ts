import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskText, maskWords, safeText } from '../../../src/docker/project-files/credentials.ts';

const P = 'Planted8841';

describe('a credential is masked', () => {
  test.each([
    [
      'in a URL',
      `pip install --index-url https://user:${P}@pypi.example/simple x`,
      'pip install --index-url https://***@pypi.example/simple x',
    ],
    ['in a URL, with an @ and a / in it', `psql postgres://u:${P}@x/${P}@db/x`, 'psql postgres://***@db/x'],
    ['as the user of a URL', `git clone https://${P}@host/x.git`, 'git clone https://***@host/x.git'],
    ['in the query of a URL', `curl https://host/x?token=${P}&a=${P}`, 'curl https://host/x?token=***&a=***'],
    ['as a variable', `export FOO=${P} && BAR="${P} x" make`, 'export FOO=*** && BAR=*** make'],
    ['after an option', `app --password ${P} --db-token '${P}' run`, "app --password *** --db-token '***' run"],
    ['with an option', `app --password=${P} --api-key="${P} ${P}"`, 'app --password=*** --api-key=***'],
    ['with a short option of a client', `mysqladmin ping -h db -p${P}`, 'mysqladmin ping -h db -p***'],
    ['after a short option of a client', `redis-cli -a ${P} ping`, 'redis-cli -a *** ping'],
    ['of curl', `curl -fsS -u me:${P} http://x`, 'curl -fsS -u *** http://x'],
    ['in a header', `curl -H "Authorization: Bearer ${P}" http://x`, 'curl -H "Authorization: ***" http://x'],
    ['in a header with another name', `curl -H 'X-Api-Key: ${P}' http://x`, "curl -H 'X-Api-Key: ***' http://x"],
    [
      'in a line for .npmrc',
      `echo "//registry.example/:_authToken=${P}" > .npmrc`,
      'echo "//registry.example/:_authToken=***" > .npmrc',
    ],
    ['in a quoted command line', `sh -c "mysql -p${P} -e 'select 1'"`, `sh -c "mysql -p*** -e 'select 1'"`],
    ['as the default of a variable', `echo \${DB_PASSWORD:-${P}}`, 'echo ${DB_PASSWORD:-***}'],
    ['by its shape', 'use ghp_abcdefghij0123456789 and AKIAABCDEFGHIJKLMNOP', 'use *** and ***'],
    ['by looking random', 'use kJ8sR2pQ9xW4vL7mN3bZ6tY1', 'use ***'],
    ['in the JSON form', `["mysql", "-p${P}", "--password", "${P}"]`, '["mysql", "-p***", "--password", "***"]'],
    ['with a header in quotes within a word', `curl -H"Authorization: Bearer ${P}" x`, 'curl -H"Authorization: *** x'],
    ['between apostrophes', `echo don't; app --password ${P}; isn't`, "echo don't; app --password ***; isn't"],
    ['in a line of settings', `db_password: ${P}`, 'db_password: ***'],
    ['after an equals sign with blanks', `secret = ${P}`, 'secret = ***'],
    ['in SQL', `CREATE USER x IDENTIFIED BY '${P}'`, "CREATE USER x IDENTIFIED BY '***'"],
    [
      'piped into a login',
      `echo ${P} | docker login -u me --password-stdin`,
      'echo *** | docker login -u me --password-stdin',
    ],
    ['piped into chpasswd', `echo "root:${P}" | chpasswd`, 'echo *** | chpasswd'],
    ['of openssl', `openssl rsa -passin pass:${P} -in x`, 'openssl rsa -passin *** -in x'],
    ['in a login', `docker login -u me -p ${P} host`, 'docker login -u me -p *** host'],
  ])('%s', (_, text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  test('in the words of a command', () => {
    expect(maskWords(['CMD', 'redis-cli', '-a', P, 'ping'])).toEqual(['CMD', 'redis-cli', '-a', '***', 'ping']);
    expect(maskWords(['CMD-SHELL', `PGPASSWORD=${P} pg_isready -U me`])[1]).toBe('PGPASSWORD=*** pg_isready -U me');
    expect(maskWords(['sh', '-c', `curl -u me:${P} http://x`])[2]).toBe('curl -u *** http://x');
  });
});

test.each([
  'pip install --no-cache-dir -r requirements.txt pytest==8.4.2 "x[y]>=1,<2"',
  'apt-get update && apt-get install -y --no-install-recommends build-essential',
  'python:3.11-slim@sha256:0f0b1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1',
  'mkdir -p /srv/app && cp -a x y',
  'pg_isready -U postgres -d shop',
  '-ra -q --cov=src --durations 10 -n auto -p no:cacheprovider',
  '${PORT:-5432}:5432',
  'tests/unit/test_a.py::TestA::test_b',
])('%s stays as it is', (text) => {
  expect(maskText(text)).toBe(text);
});

test('no text makes it throw, and what is masked stays masked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(typeof maskText(text)).toBe('string');
      expect(maskText(`app --password ${P}\n${text}`)).not.toContain(P);
    }),
  );
});

test('a text of any length is masked in bounded time, and cut after that', () => {
  for (const text of ['://'.repeat(300_000), '"'.repeat(500_000), "a'b ".repeat(250_000), `x=${'"'.repeat(99_999)}`]) {
    expect(safeText(text).length).toBeLessThanOrEqual(1_000);
  }
  expect(safeText(`${'x '.repeat(490)}https://u:${P}@host/${'x'.repeat(2_000)}`)).not.toContain(P);
  // The cut is in the credential.
  expect(safeText(`A=${'x'.repeat(19_970)} https://u:${P}${P}${P}@host`)).toBe('***');
});
