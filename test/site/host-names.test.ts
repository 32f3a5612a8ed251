import { expect, test } from 'vitest';
import { hostNames } from '../../src/site/host-names.ts';

const isAllowed = hostNames(['127.0.0.1', 'Bench.internal']);

test.each([
  '127.0.0.1:9233',
  '127.0.0.1',
  'localhost',
  'LOCALHOST:80',
  'localhost.:9233',
  'pages.localhost:9233',
  '[::1]:9233',
  '10.0.3.7:9233',
  'bench.internal:9233',
])('%s names this machine', (host) => {
  expect(isAllowed(host)).toBe(true);
});

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:9233',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'notlocalhost',
  'bench.internal.evil.example',
  'localhost:9233@evil.example',
  'localhost/x',
  '[::1',
  'a b',
])('%s does not', (host) => {
  expect(isAllowed(host)).toBe(false);
});
