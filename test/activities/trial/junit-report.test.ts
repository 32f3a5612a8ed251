import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { junitEnvironment, switchesReportsOff } from '../../../src/activities/trial/junit-report.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PLAIN = ['python', '-m', 'pytest'];

describe('a report is asked for', () => {
  test("after the project's own options", () => {
    expect(junitEnvironment('-q', true)).toEqual({ PYTEST_ADDOPTS: '-q --junitxml=/paceline-results/junit.xml' });
  });

  test('but not of a pytest without the plugin that knows the option', async () => {
    const source = temporaryFolder();
    expect(junitEnvironment('-p no:junitxml', true)).toEqual({});
    expect(await switchesReportsOff([...PLAIN, '-p', 'no:junitxml'], source)).toBe(true);
    expect(await switchesReportsOff(PLAIN, source)).toBe(false);
  });

  test.each([
    ['pytest.ini', '[pytest]\naddopts = -p no:junitxml\n'],
    ['pytest.toml', '[pytest]\naddopts = ["-p", "no:junitxml"]\n'],
    ['pyproject.toml', '[tool.pytest]\naddopts = ["-p", "no:junitxml"]\n'],
  ])('but not where %s switches that plugin off', async (file, text) => {
    const source = temporaryFolder();
    await writeFile(join(source, file), text);
    expect(await switchesReportsOff(PLAIN, source)).toBe(true);
  });
});
