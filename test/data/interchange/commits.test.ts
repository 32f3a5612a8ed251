import { expect, test } from 'vitest';
import { readCommit } from '../../../src/data/interchange/commits.ts';

const SHA256 = 'a'.repeat(64);

test.each([
  ['bce491700ba3728f331ea31e4a1785d443c9b8df', 'bce491700ba3728f331ea31e4a1785d443c9b8df'],
  ['BCE4917', 'bce4917'],
  [` ${SHA256} `, SHA256],
  ['bce4917-dirty', 'bce4917'],
  ['v1.2-14-gbce4917', 'bce4917'],
  ['v1.2-14-gbce4917-dirty', 'bce4917'],
])('%s is the commit %s', (text, id) => {
  expect(readCommit(text)).toEqual({ kind: 'commit', id });
});

test.each([
  undefined,
  null,
  '',
  'unknown',
  'Unknown',
  '(unknown)',
  'unversioned',
  'None',
  'null',
  'N/A',
  '-',
  '0000000',
  '0'.repeat(40),
])('%j stands for no commit', (text) => {
  expect(readCommit(text)).toEqual({ kind: 'none' });
});

test.each(['main', 'HEAD', 'feature/x', 'v1.2.0', `${SHA256}0`, 'refs/heads/main'])(
  '%s does not name a commit',
  (text) => {
    expect(readCommit(text)).toEqual({ kind: 'other' });
  },
);
