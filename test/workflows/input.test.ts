import { expect, test } from 'vitest';
import { readInput } from '../../src/workflows/input.ts';

const NEXT =
  'Give {"source": {"path": "/absolute/path"}} or {"source": {"git": "URL", "ref": "main"}}; `paceline plan --json` prints one.';

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'names no source'],
  ['null', null, 'names no source'],
  ['a text', 'hello', 'names no source'],
  ['a list', [{ source: { path: '/srv' } }], 'names no source'],
  ['an empty object', {}, 'names no source'],
  ['a source that is a text', { source: '/srv/shop' }, 'names no source'],
  ['an empty source', { source: {} }, 'names no source'],
  ['a source with nothing but a ref', { source: { ref: 'main' } }, 'names no source'],
  ['a path that is null', { source: { path: null } }, 'names no source'],
  ['a path that is a number', { source: { path: 5 } }, 'has a source whose `path` is not a string'],
  ['an empty path', { source: { path: '' } }, 'has a source whose `path` is empty'],
  ['a ref that is a number', { source: { path: '/srv', ref: 7 } }, 'has a source whose `ref` is not a string'],
  ['a host that is a list', { source: { path: '/srv', host: [] } }, 'has a source whose `host` is not a string'],
  ['a git URL that is an object', { source: { git: { url: 'x' } } }, 'has a source whose `git` is not a string'],
  [
    'a NUL in a path',
    { source: { path: '/srv\0' } },
    'has a source whose `path` holds a line break or another control character',
  ],
  [
    'a huge path',
    { source: { path: `/${'a'.repeat(4096)}` } },
    'has a source whose `path` is longer than 4096 characters',
  ],
  [
    'a relative path',
    { source: { path: 'shop' } },
    'has a relative path, and a worker cannot know what it is relative to',
  ],
  [
    'a path and a git URL',
    { source: { path: '/srv', git: 'https://x/y.git' } },
    'has a `path` that is not relative to the top of the repository',
  ],
  [
    'a folder that leads out of its repository',
    { source: { path: 'services/../../api', git: 'https://x/y.git' } },
    'has a `path` that leads out of the repository',
  ],
  [
    'a git URL with a token',
    { source: { git: 'https://x-access-token:ghs_1234@github.example/a/b.git' } },
    "has a git URL with a password in it, which everyone could read in Temporal's history",
  ],
  [
    'a git URL with nothing but a token',
    { source: { git: 'https://ghp_1234@github.example/a/b.git' } },
    "has a git URL with a password in it, which everyone could read in Temporal's history",
  ],
  [
    'a key that is misspelt',
    { source: { path: '/srv', reff: 'v1' } },
    'has the unknown key "reff" in its source; allowed keys: path, ref, host, base',
  ],
  [
    'an unknown key',
    { source: { path: '/srv' }, plann: {} },
    'has the unknown key "plann" in the input; allowed keys: source, plan, confirmSeconds',
  ],
])('%s is refused with a sentence', (_, input, what) => {
  expect(readInput(input)).toEqual({
    kind: 'wrong',
    problem: { type: 'WrongUsage', what: `The input of \`benchmark\` ${what}.`, next: NEXT },
  });
});

test.each<[string, unknown, unknown]>([
  ['a path', { source: { path: '/srv' } }, { source: { path: '/srv' } }],
  [
    'a folder of a git URL',
    { source: { git: 'https://x/y.git', path: 'services/api' } },
    { source: { git: 'https://x/y.git', path: 'services/api' } },
  ],
  [
    'a path on a host at a ref',
    { source: { path: '/srv', ref: 'v1', host: 'h' } },
    { source: { path: '/srv', ref: 'v1', host: 'h' } },
  ],
  ['a git URL', { source: { git: 'git@host:shop.git' } }, { source: { git: 'git@host:shop.git' } }],
  [
    'a plan, which is checked where the project is',
    { source: { path: '/srv' }, plan: 'no plan' },
    { source: { path: '/srv' }, plan: 'no plan' },
  ],
  [
    'null for what is not given',
    { source: { path: '/srv', ref: null, git: null }, plan: null },
    { source: { path: '/srv' } },
  ],
])('%s is taken', (_, input, taken) => {
  expect(readInput(input)).toEqual({ kind: 'valid', input: taken });
});
