import { expect, test } from 'vitest';
import { readCompareInput } from '../../src/workflows/compare-input.ts';

const SOURCE = { path: '/srv/shop' };
const GOOD = { source: SOURCE, base: 'main', head: 'HEAD' };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'names no source'],
  ['a text', 'main..HEAD', 'names no source'],
  ['a list', [GOOD], 'names no source'],
  ['a source that is a text', { ...GOOD, source: '/srv/shop' }, 'names no source'],
  [
    'a source at a ref',
    { ...GOOD, source: { ...SOURCE, ref: 'v1' } },
    'has a ref in its source, but `base` and `head` name what is compared',
  ],
  [
    'a relative path',
    { ...GOOD, source: { path: 'shop' } },
    'has a relative path, and a worker cannot know what it is relative to',
  ],
  [
    'a git URL with a token',
    { ...GOOD, source: { git: 'https://ghp_1234@github.example/a/b.git' } },
    "has a git URL with a password in it, which everyone could read in Temporal's history",
  ],
  ['no base', { source: SOURCE, head: 'HEAD' }, 'names no base'],
  ['a base that is null', { ...GOOD, base: null }, 'names no base'],
  ['no head', { source: SOURCE, base: 'main' }, 'names no head'],
  ['a head that is a number', { ...GOOD, head: 7 }, 'has a `head` that is not a string'],
  ['an empty head', { ...GOOD, head: '' }, 'has a `head` that is empty'],
  [
    'a base of two lines',
    { ...GOOD, base: 'a\nb' },
    'has a `base` that holds a line break or another control character',
  ],
  ['a head that is a list', { ...GOOD, head: ['main'] }, 'has a `head` that is not a string'],
  ['a head without a ref', { ...GOOD, head: { patch: 'x' } }, 'has a `head` whose `ref` is not a string'],
  [
    'a key that a side does not have',
    { ...GOOD, head: { ref: 'main', patches: 'x' } },
    'has the unknown key "patches" in its `head`; allowed keys: ref, patch, set',
  ],
  ['an empty patch', { ...GOOD, base: { ref: 'main', patch: '' } }, 'has a `base` whose `patch` is empty'],
  [
    'a patch that is not a text',
    { ...GOOD, base: { ref: 'main', patch: 7 } },
    'has a `base` whose `patch` is not a text',
  ],
  [
    'a patch that is too long',
    { ...GOOD, head: { ref: 'main', patch: 'x'.repeat(262_145) } },
    'has a `head` whose `patch` is longer than 262144 characters',
  ],
  [
    'plan overrides as a text',
    { ...GOOD, head: { ref: 'main', set: 'a=1' } },
    'has a `head` whose `set` is not a mapping of paths to values',
  ],
  [
    'a plan override with an invalid path',
    { ...GOOD, head: { ref: 'main', set: { 'scenarios[': 1 } } },
    'has a `head` whose `set` has "scenarios[", which is not the path of a plan\'s key',
  ],
  [
    'too many plan overrides',
    { ...GOOD, head: { ref: 'main', set: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, 1])) } },
    'has a `head` whose `set` has more than 50 plan overrides',
  ],
  [
    'a plan override that is too long',
    { ...GOOD, head: { ref: 'main', set: { project: 'x'.repeat(65_536) } } },
    'has a `head` whose `set` is longer than 65536 characters',
  ],
  [
    'a key that is misspelt',
    { ...GOOD, scenario: ['Quick'] },
    'has the unknown key "scenario" in the input; allowed keys: source, base, head, plan, phases, scenarios, pairs, budgetSeconds',
  ],
  ['a phase that is a string', { ...GOOD, phases: 'test' }, 'has a `phases` that is not a list with at least one item'],
  [
    'an unknown phase',
    { ...GOOD, phases: ['build'] },
    'has an item in `phases` that is not one of build.cold, build.warm, build.source-change, build.dependency-change, build.base-change, startup, teardown, test',
  ],
  ['no scenario', { ...GOOD, scenarios: [] }, 'has a `scenarios` that is not a list with at least one item'],
  ['a scenario that is a number', { ...GOOD, scenarios: [1] }, 'has an item in `scenarios` that is not a string'],
  ['too few pairs', { ...GOOD, pairs: 1 }, 'has a `pairs` that is not a whole number from 5 to 100'],
  ['half a pair', { ...GOOD, pairs: 5.5 }, 'has a `pairs` that is not a whole number from 5 to 100'],
  ['pairs as a string', { ...GOOD, pairs: '5' }, 'has a `pairs` that is not a whole number from 5 to 100'],
  ['no time', { ...GOOD, budgetSeconds: 0 }, 'has a `budgetSeconds` that is not a number from 1 to 2678400'],
  [
    'time as a string',
    { ...GOOD, budgetSeconds: '10m' },
    'has a `budgetSeconds` that is not a number from 1 to 2678400',
  ],
])('%s is refused with a sentence', (_, input, what) => {
  expect(readCompareInput(input)).toEqual({
    kind: 'wrong',
    problem: {
      type: 'WrongUsage',
      what: `The input of \`compare\` ${what}.`,
      next: 'Give {"source": {"path": "/absolute/path"}, "base": "main", "head": "my-branch"}; docs/regressions.md lists the other keys.',
    },
  });
});

test.each<[string, unknown, unknown]>([
  ['two refs of a folder', GOOD, GOOD],
  [
    'all allowed keys',
    { ...GOOD, plan: {}, phases: ['startup', 'test'], scenarios: ['Quick'], pairs: 5, budgetSeconds: 600 },
    { ...GOOD, plan: {}, phases: ['startup', 'test'], scenarios: ['Quick'], pairs: 5, budgetSeconds: 600 },
  ],
  [
    'one ref with a patch and a plan override on one side',
    { ...GOOD, head: { ref: 'main', patch: 'x'.repeat(262_144), set: { 'scenarios[0].command': 'pytest' } } },
    { ...GOOD, head: { ref: 'main', patch: 'x'.repeat(262_144), set: { 'scenarios[0].command': 'pytest' } } },
  ],
  [
    'null for what a side does not change',
    { ...GOOD, head: { ref: 'main', patch: null, set: null } },
    { ...GOOD, head: { ref: 'main' } },
  ],
  [
    'null for what is not given',
    { ...GOOD, source: { ...SOURCE, git: null }, plan: null, phases: null, scenarios: null, pairs: null },
    GOOD,
  ],
])('%s is taken', (_, input, taken) => {
  expect(readCompareInput(input)).toEqual({ kind: 'valid', input: taken });
});
