import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asDraft, removeMade } from '../../src/data/draft.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function make(draft: string, content: string): Promise<void> {
  mkdirSync(draft);
  writeFileSync(join(draft, 'file'), content);
}

test('while it is made, nothing has its name', async () => {
  const to = join(temporaryFolder(), 'runs', 'source');
  await asDraft(to, async (draft) => {
    await make(draft, 'made');
    expect(existsSync(to)).toBe(false);
  });
  expect(readFileSync(join(to, 'file'), 'utf8')).toBe('made');
});

test('work that fails leaves nothing', async () => {
  const folder = temporaryFolder();
  const failing = asDraft(join(folder, 'source'), async (draft) => {
    await make(draft, 'half');
    throw new Error('no more');
  });
  await expect(failing).rejects.toThrow('no more');
  expect(readdirSync(folder)).toEqual([]);
});

test('of two that make the same, the first to be complete has the name and the other leaves nothing', async () => {
  const folder = temporaryFolder();
  const to = join(folder, 'source');
  await asDraft(to, async (slow) => {
    await make(slow, 'slow');
    await asDraft(to, (fast) => make(fast, 'fast'));
  });
  expect(readFileSync(join(to, 'file'), 'utf8')).toBe('fast');
  expect(readdirSync(folder)).toEqual(['source']);
});

test('removing takes drafts along, and nothing of a longer name', async () => {
  const folder = temporaryFolder();
  for (const name of ['source', 'source.draft-0a', 'source-2']) mkdirSync(join(folder, name));
  await removeMade(join(folder, 'source'));
  await removeMade(join(folder, 'missing', 'source'));
  expect(readdirSync(folder)).toEqual(['source-2']);
});
