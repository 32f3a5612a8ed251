import { expect, test } from 'vitest';
import { projectNameOf } from '../../src/model/project-name.ts';

test.each([
  ['git@host:org/shop.git', '', 'shop'],
  ['git@host:shop.git', '', 'shop'],
  ['ssh://git@host:2222/org/shop.git', 'services/api', 'shop/services/api'],
  ['https://user:token@host/org/shop.git/', '', 'shop'],
  ['https://user:token@host', '', 'project-folder'],
  ['https://host/org/shop?token=secret', '', 'shop'],
  ['user:token@host', '', 'host'],
  ['/srv/git/shop/.git', '', 'shop'],
  ['../shop', '', 'shop'],
  ['org/shop', 'a', 'shop/a'],
  ['', '', 'project-folder'],
  [null, 'services/api', 'project-folder/services/api'],
])('the remote %j and the folder %j give %s', (remote, subfolder, name) => {
  expect(projectNameOf({ remote, folder: '/home/me/project-folder', subfolder })).toBe(name);
});

test('a folder keeps its name, whatever is in it, and a long one its end', () => {
  expect(projectNameOf({ remote: null, folder: '/x/my #1 shop@2', subfolder: '' })).toBe('my #1 shop@2');
  expect(projectNameOf({ remote: null, folder: '/', subfolder: '' })).toBe('project');
  const long = projectNameOf({ remote: null, folder: '/x', subfolder: `${'a/'.repeat(200)}api` });
  expect(long).toHaveLength(100);
  expect(long.endsWith('/api')).toBe(true);
});
