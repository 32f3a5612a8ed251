import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { RUN_FORMATS } from '../../src/report/formats/run-formats.ts';

test("GitLab's job collects the files that its command writes", () => {
  const text = readFileSync(new URL('../../docs/gitlab.md', import.meta.url), 'utf8');
  const { benchmark } = parse(/```yaml\n([^]*?)```/.exec(text)![1]!);
  const [command] = benchmark.script as [string];
  expect([...command.matchAll(/--format (\S+)/g)].map(([, format]) => format)).toEqual(['junit', 'openmetrics']);
  expect(benchmark.artifacts.reports).toEqual({
    junit: `benchmark/${RUN_FORMATS.junit.file}`,
    metrics: `benchmark/${RUN_FORMATS.openmetrics.file}`,
  });
});
