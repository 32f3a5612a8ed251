import { expect, test } from 'vitest';
import { hasPassword } from '../../src/plan/git-url.ts';

test.each([
  ['https://github.example/a/b.git', false],
  ['https://user:token@github.example/a/b.git', true],
  ['https://token@github.example/a/b.git', true],
  ['HTTP://u:p@host/x', true],
  ['ssh://git@github.example/a/b.git', false],
  ['ssh://git:secret@github.example/a/b.git', true],
  ['git@github.example:a/b.git', false],
  ['file:///srv/a@b:c.git', false],
  ['/srv/user:x@y/repo.git', false],
])('%s: %s', (url, holds) => {
  expect(hasPassword(url)).toBe(holds);
});
