import { describe, expect, it } from 'vitest';
import { addoptsPatch, commandWith, countIn, distributionIn } from '../../../src/analysis/xdist/options.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';

describe('a command with other workers', () => {
  it.each([
    ['pytest -v', 'pytest -v -n 4 --dist load'],
    ['pytest -n 2 --cov=.', 'pytest -n 4 --dist load --cov=.'],
    ['pytest -nauto x', 'pytest -n 4 --dist load x'],
    ['pytest --numprocesses=2 --dist=loadfile x', 'pytest -n 4 --dist load x'],
    ['pytest --dist loadfile x -n 3', 'pytest -n 4 --dist load x'],
  ])('%s', (before, after) => {
    expect(commandWith(before.split(' '), { workers: 4, distribution: 'load' }).join(' ')).toBe(after);
  });

  it('names no distribution for a single process', () => {
    expect(commandWith(['pytest', '-n', '2'], { workers: 0, distribution: null })).toEqual(['pytest', '-n', '0']);
  });

  it('reads both options in each way of writing', () => {
    expect(['-n 2', '-n2', '-n=2', '--numprocesses 2'].map((text) => countIn(text.split(' ')))).toEqual([
      '2',
      '2',
      '2',
      '2',
    ]);
    expect(['--dist load', '--dist=load', '-v'].map((text) => distributionIn(text.split(' ')))).toEqual([
      'load',
      'load',
      null,
    ]);
  });
});

describe('a patch of addopts', () => {
  const files = (lines: readonly string[], line = 2): ProjectFiles => ({
    dockerfiles: [],
    dockerignores: [],
    composeFiles: [],
    pytest: { file: 'pytest.ini', options: [{ name: 'addopts', line, value: '' }], leftOut: 0 },
    unread: [],
    texts: [{ file: 'pytest.ini', lines, endsWithNewline: true, crlf: false }],
  });

  it.each([
    ['on one line', ['[pytest]', 'addopts = -v -n auto --dist loadfile'], '+addopts = -v -n 4 --dist worksteal'],
    ['as a list below', ['[pytest]', 'addopts =', '    -v', '    -n auto', 'testpaths = tests'], '+    -n 4'],
    ['in TOML', ['[tool.pytest.ini_options]', 'addopts = "-n auto"'], '+addopts = "-n 4"'],
  ])('changes the options %s', (_, lines, added) => {
    const patch = addoptsPatch(files(lines), { workers: 4, distribution: 'worksteal' });
    expect(patch?.split('\n').filter((line) => /^\+(?!\+)/.test(line))).toEqual([added]);
  });

  it('is none where no workers are named, or the file was not read', () => {
    expect(addoptsPatch(files(['[pytest]', 'addopts = -v --nodes']), { workers: 4, distribution: null })).toBeNull();
    expect(addoptsPatch(null, { workers: 4, distribution: null })).toBeNull();
  });
});
