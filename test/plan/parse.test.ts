import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PacelineError } from '../../src/model/failure.ts';
import { parsePlanInput } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { SEED_BLOCK } from './seed.ts';

const context = { file: 'paceline.yml', folderName: 'shop' };

function refusal(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (error instanceof PacelineError) return error.problem;
    throw error;
  }
  return null;
}

/** Nine times nine times nine …: a billion from nine lines. */
const MULTIPLYING = 'bcdefghij'
  .split('')
  .map((key, index) => `${key}: &${key} [${`*${'abcdefghi'[index]}, `.repeat(9)}x]`)
  .join('\n')
  .replace(/^/, 'a: &a x\n');

const TOP_KEYS =
  'project, compose, dockerfile, service, build, startup, targets, alerts, trials, lanes, runsPerDay, notify, scenarios';

describe('what is wrong is said with its place and the way out', () => {
  test.each([
    [
      'a text without its closing quote',
      'scenarios:\n  - name: "A\n',
      'paceline.yml:3:1: a text that begins with " has no closing ".',
      'Close the quotes.',
    ],
    [
      'a bracket that is not closed',
      'build: { target: 3m\nservice: b\n',
      'paceline.yml:2:1: a { above has no closing }.',
      'Close it with }, or write each part on a line of its own.',
    ],
    [
      'a line that is indented in another way',
      'build:\n   target: 3m\n  modes: [cold]\n',
      'paceline.yml:3:1: this line is indented in another way than the lines that it belongs to.',
      'Give all keys of one section the same number of spaces.',
    ],
    [
      'a value with a colon',
      'project: a: b\n',
      'paceline.yml:1:10: a second key begins within a value.',
      'Put a value that contains ": " in quotes, or correct the indentation.',
    ],
    [
      'a value that begins with a sign of YAML',
      'project: @a\n',
      'paceline.yml:1:10: a value cannot begin with @.',
      'Put the value in quotes.',
    ],
    [
      'a bracket too many',
      'build: {}}\n',
      'paceline.yml:1:10: a } has no { before it.',
      'Remove it, or open it before.',
    ],
    [
      'a mistake without words in the table',
      'a: *\n',
      'paceline.yml:1:4: invalid YAML: Alias cannot be an empty string.',
      'Check indentation, brackets and quotes there.',
    ],
    ['a tab', 'build:\n\ttarget: 3m\n', 'paceline.yml:2:1: a tab is used as indentation.', 'Indent with spaces.'],
    [
      'a key twice',
      'service: a\ncompose: b.yml\nservice: c\n',
      'paceline.yml:3:1: this key is already defined.',
      'Remove one of the two.',
    ],
    [
      'two documents',
      'service: a\n---\nservice: b\n',
      'paceline.yml:2:1: a second document starts here.',
      'Keep one document; remove the --- line.',
    ],
    [
      'an alias without an anchor',
      'scenarios:\n  - name: *base\n',
      'paceline.yml:2:11: the alias *base has no anchor before it.',
      'Mark what it stands for with &base.',
    ],
    [
      'a text',
      'a benchmark, please',
      'paceline.yml:1:1: the plan must be a section, not a text.',
      'Write its keys below it, indented, each as "key: value".',
    ],
    [
      'an unknown key near a known one',
      'service: a\nscenarois: []\n',
      'paceline.yml:2:1: scenarois is not a key of a plan.',
      'Did you mean scenarios?',
    ],
    [
      'an unknown key in other words',
      'targets:\n  coverage_report: 30 s\n',
      'paceline.yml:2:3: targets.coverage_report is not a key of a plan.',
      'Did you mean coverageReport?',
    ],
    [
      'a key in the wrong section',
      'timeout: 20 min\n',
      'paceline.yml:1:1: timeout is not a key of a plan.',
      'It is known as trials.timeout.',
    ],
    [
      'an unknown key near none',
      'build:\n  x: 1\n',
      'paceline.yml:2:3: build.x is not a key of a plan.',
      'The keys here are modes, target.',
    ],
    [
      'a target that is not a duration',
      'scenarios:\n  - { name: A }\n  - { name: B }\n  - name: C\n    target: soon\n',
      'paceline.yml:5:13: scenarios[2].target is "soon", which is not a duration.',
      'Write it like "< 180 s", "3 min", "1m30s", or 90 for seconds.',
    ],
    [
      'a target of another kind',
      'build:\n  target: [120]\n',
      'paceline.yml:2:11: build.target must be a duration, not a list.',
      'Write it like "< 180 s", or none for no target.',
    ],
    [
      'two scenarios of one name',
      'scenarios:\n  - name: A\n  - name: B\n  - name: " A "\n',
      'paceline.yml:4:11: scenarios[2].name is "A", as in scenarios[0].',
      'Give each scenario a name of its own.',
    ],
    [
      'an empty matrix',
      'scenarios: []\n',
      'paceline.yml:1:12: scenarios is an empty list.',
      'Name at least one scenario, or leave the key out for the four that Paceline starts with.',
    ],
    [
      'a matrix whose rows are all commented out',
      'scenarios:\n  # - name: A\n',
      'paceline.yml:1:11: scenarios is an empty list.',
      'Name at least one scenario, or leave the key out for the four that Paceline starts with.',
    ],
    [
      'more than one primary',
      'scenarios:\n  - { name: A, primary: true }\n  - { name: B, primary: true }\n',
      'paceline.yml:3:25: scenarios[1].primary is true, as in scenarios[0].',
      'Mark one scenario as the primary one.',
    ],
    [
      'a scenario without a name',
      'scenarios:\n  - command: pytest\n',
      'paceline.yml:2:5: scenarios[0].name is missing.',
      'Add it.',
    ],
    [
      'a scenario that is a command alone',
      'scenarios:\n  - python -m pytest\n',
      'paceline.yml:2:5: scenarios[0] must be a section, not a text.',
      'Write its keys below it, indented, each as "key: value".',
    ],
    [
      'a number as name',
      'scenarios:\n  - name: 3\n',
      'paceline.yml:2:11: scenarios[0].name must be a string, not the number 3.',
      'Put it in quotes: "3".',
    ],
    [
      'an unbalanced quote',
      "scenarios:\n  - name: A\n    command: pytest -m 'not slow\n",
      "paceline.yml:3:14: scenarios[0].command has a ' that is never closed.",
      'Close it, or put the whole command in a list of words.',
    ],
    [
      'a shell operator',
      'scenarios:\n  - name: A\n    command: pytest && echo done\n',
      'paceline.yml:3:14: scenarios[0].command has an unquoted "&", which only a shell understands.',
      'Write `["sh", "-c", "pytest && echo done"]`; or put it in single quotes if it is meant literally.',
    ],
    [
      'a number in an argument vector',
      'scenarios:\n  - name: A\n    command: [pytest, -n, 2]\n',
      'paceline.yml:3:14: scenarios[0].command holds the number 2 as word 3, but each word must be a string.',
      'Put it in quotes: "2".',
    ],
    [
      'an empty command',
      'scenarios:\n  - name: A\n    command: ""\n',
      'paceline.yml:3:14: scenarios[0].command is empty.',
      "Give a command, or leave the key out to run the test service's own.",
    ],
    [
      'per cent without its sign',
      'targets: { cpu: 80 }\n',
      'paceline.yml:1:17: targets.cpu is 80, which could be per cent or a factor.',
      'Write "80 %" if you mean per cent.',
    ],
    [
      'a list with a file outside the project',
      'compose: [a.yml, ../b.yml]\n',
      "paceline.yml:1:18: compose[1] leads out of the project's folder.",
      'Give a path relative to that folder, without "..".',
    ],
    [
      'no compose file',
      'compose: []\n',
      'paceline.yml:1:10: compose is an empty list.',
      'Name at least one compose file, or leave the key out.',
    ],
    [
      'a compose file that is not a string',
      'compose: 5\n',
      'paceline.yml:1:10: compose must be a file or a list of files, not the number 5.',
      'Write it like docker-compose.test.yml.',
    ],
    [
      'a file outside the project',
      'compose: ../compose.yml\n',
      "paceline.yml:1:10: compose leads out of the project's folder.",
      'Give a path relative to that folder, without "..".',
    ],
    [
      'an unknown mode',
      'build: { modes: [cold, hot] }\n',
      'paceline.yml:1:24: build.modes[1] is "hot", which is unknown.',
      'Write cold or warm or source-change or dependency-change or base-change.',
    ],
    [
      'fewer trials than repeats',
      'trials:\n  repeat: 10\n  max: 3\n',
      'paceline.yml:3:8: trials.max is 3, fewer than the 10 of repeat.',
      'Raise max, or leave it out.',
    ],
    ['no trials', 'trials: { repeat: 0 }\n', 'paceline.yml:1:19: trials.repeat is 0, less than 1.', 'Write 1 or more.'],
    [
      'lanes by name',
      'lanes: { cpus: all }\n',
      'paceline.yml:1:16: lanes.cpus is a text; it must be a whole number from 1 to 1024.',
      'Write the number, or auto.',
    ],
    [
      'nesting without end',
      '['.repeat(50_000),
      expect.stringMatching(/^paceline\.yml:1:\d+: nested too deeply for a plan\.$/),
      'Name a plan file.',
    ],
    [
      'aliases that multiply',
      MULTIPLYING,
      'paceline.yml: aliases or merges cannot be followed: Excessive alias count indicates a resource exhaustion attack.',
      'Write the values out.',
    ],
    [
      'very many aliases',
      `project: &name shop\nscenarios: [${'*name, '.repeat(101)}]\n`,
      'paceline.yml:2:713: more than 100 aliases.',
      'Write the values out.',
    ],
    [
      'another file altogether',
      'x'.repeat(200_001),
      'paceline.yml has 200001 characters, more than a plan can have.',
      'Name a plan file.',
    ],
  ])('%s', (_, text, what, next) => {
    expect(refusal(() => parsePlanInput(text, context))).toEqual({ type: 'WrongUsage', what, next });
  });
});

it('all issues are said at once, in the order of the file', () => {
  const text = `scenarios:
  - { name: A, target: soon }
  - { name: A, command: "pytest 'x" }
servce: test
`;
  expect(refusal(() => parsePlanInput(text, context))).toEqual({
    type: 'WrongUsage',
    what: [
      'paceline.yml:2:24: scenarios[0].target is "soon", which is not a duration. Write it like "< 180 s", "3 min", "1m30s", or 90 for seconds.',
      'paceline.yml:3:13: scenarios[1].name is "A", as in scenarios[0]. Give each scenario a name of its own.',
      "paceline.yml:3:25: scenarios[1].command has a ' that is never closed. Close it, or put the whole command in a list of words.",
      'paceline.yml:4:1: servce is not a key of a plan. Did you mean service?',
    ].join('\n'),
    next: 'Correct these 4 places; docs/plan.md explains every key.',
  });
});

it('of many issues the first ones are said, and how many are left', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
  const problem = refusal(() => parsePlanInput(text, context));
  expect(problem?.what.split('\n')).toEqual([
    ...[0, 1, 2, 3].map((k) => `paceline.yml:${k + 1}:1: k${k} is not a key of a plan. The keys here are ${TOP_KEYS}.`),
    '… and 19996 more.',
  ]);
});

it('data is refused by its path', () => {
  expect(refusal(() => resolvePlan({ scenarios: [{ name: 'A', target: 'soon' }] }, context))).toEqual({
    type: 'WrongUsage',
    what: 'Plan: scenarios[0].target is "soon", which is not a duration.',
    next: 'Write it like "< 180 s", "3 min", "1m30s", or 90 for seconds.',
  });
  expect(refusal(() => resolvePlan([], context))?.what).toBe('The plan must be a section, not a list.');
});

it('a plan as it was written keeps its words', () => {
  const text = 'targets: { total: "< 10 min" }\nscenarios:\n  - name: A\n    command: pytest -v\n';
  expect(parsePlanInput(text, context)).toEqual({
    targets: { total: '< 10 min' },
    scenarios: [{ name: 'A', command: 'pytest -v' }],
  });
});

describe('whatever comes in, nothing but a plan or a short refusal comes out', () => {
  const isShort = (read: () => unknown) => (refusal(read)?.what.split('\n').length ?? 0) <= 5;
  const holds = <T>(inputs: fc.Arbitrary<T>, read: (input: T) => unknown) =>
    fc.assert(fc.property(inputs, (input) => isShort(() => read(input))));
  const parse = (text: string) => resolvePlan(parsePlanInput(text, context), context);
  const resolve = (data: unknown) => resolvePlan(data, context);

  it('of any text', () => {
    expect(() => holds(fc.string({ unit: 'binary', maxLength: 300 }), parse)).not.toThrow();
  });

  it('of text in the letters of YAML', () => {
    const unit = fc.constantFrom(...'-:?[]{}&*!|>\'"%@`#,<>=~ \n\t'.split(''), 'a', '1', 'name', '<<', '__proto__');
    expect(() => holds(fc.string({ unit, maxLength: 60 }), parse)).not.toThrow();
  });

  it('of a plan with a piece replaced', () => {
    const broken = fc
      .tuple(fc.nat(SEED_BLOCK.length), fc.nat(20), fc.string({ maxLength: 5 }))
      .map(([at, length, piece]) => SEED_BLOCK.slice(0, at) + piece + SEED_BLOCK.slice(at + length));
    expect(() => holds(broken, parse)).not.toThrow();
  });

  it('of any data', () => {
    expect(() => holds(fc.anything(), resolve)).not.toThrow();
  });

  it('of any data under the keys of a plan', () => {
    const keys = fc.constantFrom(
      ...TOP_KEYS.split(', '),
      'name',
      'target',
      'command',
      'primary',
      '__proto__',
      'toString',
    );
    const { section } = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, fc.anything({ maxDepth: 1 }), tie('section'), fc.array(tie('node'))),
      section: fc.dictionary(keys, tie('node')),
    }));
    expect(() => holds(section, resolve)).not.toThrow();
  });
});
