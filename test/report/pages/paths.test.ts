import { array, assert as check, property, string, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figurePath, folderOf, hrefTo, linksFrom, runPath, runsPath } from '../../../src/report/pages/paths.ts';

describe('where pages are', () => {
  test.each([
    ['/', '/runs/a/', 'runs/a/'],
    ['/runs/a/', '/', '../../'],
    ['/runs/a/', '/runs/b/', '../b/'],
    ['/runs/a/', '/runs/a/', './'],
    ['/projects/shop/', runsPath('shop', { by: 'branch', value: 'main' }), 'runs/branch/main/'],
    ['/projects/shop/runs/page/2/', figurePath('shop', '0123'), '../../../figures/0123/'],
  ])('from %s to %s is %s', (from, to, href) => {
    expect(hrefTo(from, to)).toBe(href);
  });

  test('a browser goes where a link says, from any page to any other', () => {
    const path = array(stringMatching(/^[a-z0-9]{1,5}$/), { maxLength: 4 }).map(
      (parts) => `/${parts.map((each) => `${each}/`).join('')}`,
    );
    check(
      property(path, path, (from, to) => {
        expect(new URL(hrefTo(from, to), `http://host${from}`).pathname).toBe(to);
      }),
    );
  });

  test('links of files name the file', () => {
    expect(linksFrom('/', 'index.html')('a', runPath('a'))).toMatchObject({ href: 'runs/a/index.html' });
  });
});

describe('folders of names', () => {
  test('a plain name stays as it is', () => {
    expect(folderOf('shop-2.0_x')).toBe('shop-2.0_x');
  });

  test('no name leaves its folder or shares it with another', () => {
    check(
      property(string({ unit: 'binary' }), string({ unit: 'binary' }), (a, b) => {
        expect(folderOf(a)).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
        expect(folderOf(a) === folderOf(b)).toBe(a === b);
      }),
    );
  });

  test.each(['..', '.', '', 'Shop', 'feature/x', '<script>', 'a.', 'x'.repeat(500)])('%j gets a digest', (name) => {
    expect(folderOf(name)).toMatch(/^[a-z0-9-]+-[0-9a-f]{16}$/);
  });
});
