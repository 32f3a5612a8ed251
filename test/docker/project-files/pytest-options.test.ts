import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PYTEST_FILES, type PytestFile, readPytestOptions } from '../../../src/docker/project-files/pytest-options.ts';

const NOT_PYTEST = { kind: 'notPytest' };
const invalid = (format: string, line: number | null) => ({
  kind: 'unread',
  reason: { kind: 'invalid', format, line },
});
const options = (...entries: [string, number, string | null][]) => ({
  kind: 'options',
  options: entries.map(([name, line, value]) => ({ name, line, value })),
  leftOut: 0,
});

describe('the configuration of pytest', () => {
  test.each<[string, PytestFile, string, unknown]>([
    [
      'pytest.ini',
      'pytest.ini',
      '# c\n[pytest]\naddopts = -ra\n  -q\n\nmarkers:\n    slow: x\n',
      options(['addopts', 3, '-ra\n-q'], ['markers', 6, 'slow: x']),
    ],
    ['an empty pytest.ini', 'pytest.ini', '', options()],
    ['a pytest.ini with other sections', '.pytest.ini', '[x]\na = b', options()],
    ['CRLF and a BOM', 'pytest.ini', '\uFEFF[pytest]\r\nxfail_strict = true\r\n', options(['xfail_strict', 2, 'true'])],
    ['a line that is not an option', 'pytest.ini', '[pytest]\nplanted', invalid('INI', 2)],
    ['an option before a section', 'pytest.ini', 'a = b', invalid('INI', 1)],
    ['an option twice', 'pytest.ini', '[pytest]\na = b\na = c', invalid('INI', 3)],
    [
      'setup.cfg',
      'setup.cfg',
      '[metadata]\nname = x\n[tool:pytest]\ntestpaths = tests',
      options(['testpaths', 4, 'tests']),
    ],
    ['setup.cfg with the section of pytest.ini', 'setup.cfg', '[pytest]\ntestpaths = tests', NOT_PYTEST],
    ['tox.ini', 'tox.ini', '[tox]\n[pytest]\ntimeout = 5', options(['timeout', 3, '5'])],
    ['tox.ini without it', 'tox.ini', '[tox]\n', NOT_PYTEST],
    [
      'pyproject.toml',
      'pyproject.toml',
      '[project]\naddopts = "x"\n\n[tool.pytest.ini_options]\naddopts = "-n auto"\ntestpaths = [\n  "a", # "c" =\n  "b",\n]\n[tool.x]\naddopts = 1',
      options(['addopts', 5, '-n auto'], ['testpaths', 6, 'a\nb']),
    ],
    [
      'pyproject.toml with a string of several lines',
      'pyproject.toml',
      '[tool.pytest.ini_options]\nmarkers = """\ntimeout = 1\n"""\ntimeout = 2',
      options(['markers', 2, 'timeout = 1\n'], ['timeout', 5, '2']),
    ],
    [
      'pyproject.toml with dotted keys',
      'pyproject.toml',
      '[tool]\npytest.ini_options.addopts = "-q"',
      options(['addopts', 2, '-q']),
    ],
    [
      'pyproject.toml with all in one line',
      'pyproject.toml',
      '[tool]\npytest = { ini_options = { addopts = "-q" } }',
      options(['addopts', 2, '-q']),
    ],
    [
      "pyproject.toml in pytest 9's own form",
      'pyproject.toml',
      '[tool.pytest]\naddopts = ["-q"]',
      options(['addopts', 2, '-q']),
    ],
    ['pyproject.toml without it', 'pyproject.toml', '[tool.x]\na = 1', NOT_PYTEST],
    ['an empty pyproject.toml', 'pyproject.toml', '', NOT_PYTEST],
    [
      'pyproject.toml that is not TOML',
      'pyproject.toml',
      '[tool.pytest.ini_options]\naddopts = planted',
      invalid('TOML', 2),
    ],
    ['pytest.toml', 'pytest.toml', '[pytest]\nstrict = true', options(['strict', 2, 'true'])],
    ['an empty pytest.toml', 'pytest.toml', '', options()],
    [
      'variables for the tests',
      'pytest.ini',
      '[pytest]\nenv =\n  A=planted\nDJANGO_SETTINGS_MODULE = x.settings',
      options(['env', 2, null], ['DJANGO_SETTINGS_MODULE', 4, 'x.settings']),
    ],
    [
      'an option with a password',
      'pytest.ini',
      '[pytest]\naddopts = --db-password planted --dsn=postgres://u:planted@h/d',
      options(['addopts', 2, '--db-password *** --dsn=***']),
    ],
  ])('%s', (_, file, text, expected) => {
    const read = readPytestOptions(file, text);
    expect(read).toEqual(expected);
    expect(JSON.stringify(read)).not.toContain('planted');
  });
});

test('a file of 1 MB takes bounded time', () => {
  const many = Array.from({ length: 60_000 }, (_, index) => `option${index} = 1`).join('\n');
  expect(readPytestOptions('pytest.ini', `[pytest]\n${many}`)).toMatchObject({ kind: 'options', leftOut: 59_000 });
  expect(readPytestOptions('pyproject.toml', `[tool.pytest.ini_options]\n${many}`)).toMatchObject({ leftOut: 59_000 });
  const long = readPytestOptions('pytest.ini', `[pytest]\naddopts =\n${'  -x\n'.repeat(200_000)}`);
  expect(long).toMatchObject({ kind: 'options', leftOut: 0 });
});

test('no text makes it throw', () => {
  const part = fc.constantFrom(
    '[pytest]\n',
    '[tool.pytest.ini_options]\n',
    'a',
    ' = ',
    '\n',
    '  ',
    '"',
    '"""',
    '[',
    '{',
    ':',
    '#',
    '.',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...PYTEST_FILES),
      fc.array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 5 }))),
      (file, parts) => {
        expect(readPytestOptions(file, parts.join('')).kind).toMatch(/^(options|notPytest|unread)$/);
      },
    ),
  );
});
