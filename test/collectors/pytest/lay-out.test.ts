import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layOut } from '../../../src/collectors/pytest/collector.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SOURCE = new URL('../../../src/collectors/pytest/', import.meta.url);

test('the probe has all its modules in the test container, for every user to read', async () => {
  const results = temporaryFolder();
  await layOut(results);
  const plugin = join(results, 'pytest', 'plugin');
  const wanted = readdirSync(SOURCE).filter((name) => name.startsWith('paceline_probe') && name.endsWith('.py'));
  expect(readdirSync(plugin).filter((name) => name.endsWith('.py'))).toEqual(wanted.toSorted());
  for (const name of wanted) {
    expect(readFileSync(join(plugin, name), 'utf8')).toBe(readFileSync(new URL(name, SOURCE), 'utf8'));
    expect(statSync(join(plugin, name)).mode & 0o444).toBe(0o444);
  }
});
