import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeBytes } from '../../src/data/disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a missing directory has the free space of its parent', async () => {
  const folder = temporaryFolder();
  const { blocks, bsize } = statfsSync(folder);
  for (const path of [folder, join(folder, 'not', 'there', 'yet')]) {
    const free = await freeBytes(path);
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(blocks * bsize);
  }
});
