import { describe, expect, test } from 'vitest';
import { composeWarnings, refusedByCompose } from '../../../src/docker/compose/compose-problems.ts';

const WARNING =
  'time="2026-11-24T14:14:59Z" level=warning msg="The \\"Y\\" variable is not set. Defaulting to a blank string."\n';

describe("compose's refusal", () => {
  test.each([
    [
      'services:\n  a: {image: x\n  b: [\n',
      'yaml: line 1: did not find expected',
      'WrongUsage',
      /^c\.yml:\d+:\d+ is not valid YAML: /,
    ],
    [
      'services:\n  a:\n    image: x\n\tb: 1\n',
      'yaml: line 3: found a tab',
      'WrongUsage',
      /^c\.yml:4:1 is not valid YAML: .*[Tt]ab/,
    ],
    [
      'services:\n  a: {}\n  a: {}\n',
      'yaml: unmarshal errors:\n  line 3: mapping key "a" already defined at line 2',
      'WrongUsage',
      /^c\.yml:3:3 is not valid YAML: Map keys must be unique\.$/,
    ],
    [null, 'yaml: line 7: found a tab', 'WrongUsage', /^c\.yml:7 is not valid YAML: line 7: found a tab\.$/],
    [
      '',
      'env file /p/.env.db not found: stat /p/.env.db: no such file or directory',
      'WrongUsage',
      /^c\.yml needs a file that does not exist: env file \/p\/\.env\.db not found\.$/,
    ],
    [
      '',
      'error while interpolating services.a.image: required variable REQ is missing a value: please set',
      'WrongUsage',
      /needs a variable that is not set: .*REQ/,
    ],
    [
      '',
      `${WARNING}validating /p/c.yml: services.a Additional property foo is not allowed`,
      'ComposeFailed',
      /^Compose does not accept c\.yml: validating \/p\/c\.yml: services\.a Additional property foo is not allowed\.$/,
    ],
  ])('of %j is reported as %s', (text, stderr, type, what) => {
    const { problem } = refusedByCompose({ file: 'c.yml', text, stderr });
    expect(problem.type).toBe(type);
    expect(problem.what).toMatch(what);
    expect(problem.next).toMatch(/\.$/);
  });
});

test('warnings are sentences, each once, without those about `version`', () => {
  const obsolete = 'time="x" level=warning msg="/p/c.yml: `version` is obsolete"\n';
  expect(composeWarnings(WARNING + WARNING + obsolete)).toEqual([
    'The "Y" variable is not set. Defaulting to a blank string.',
  ]);
});
