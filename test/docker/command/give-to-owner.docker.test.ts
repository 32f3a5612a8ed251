import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveToOwner } from '../../../src/docker/command/give-to-owner.ts';
import { localEngine, PYTHON_IMAGE } from '../../support/local-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let local: Awaited<ReturnType<typeof localEngine>>;

beforeAll(async () => {
  local = await localEngine('give-to-owner');
});
afterAll(async () => local.cleanUp());

/** As an ordinary user's: only root can make such a folder, and only an ordinary user needs it. */
const OWNER = 4711;
const isRoot = process.getuid?.() === 0;

function ownersBelow(folder: string): readonly number[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [...new Set(names.map((name) => lstatSync(join(folder, name)).uid))];
}

describe.runIf(isRoot)('what tests left as root', () => {
  it('becomes the owner’s of the folder, links included, and nothing outside of it', async () => {
    const outside = join(temporaryFolder(), 'outside');
    writeFileSync(outside, '');
    const folder = join(temporaryFolder(), 'a "run", with 🚀');
    mkdirSync(folder);
    chownSync(folder, OWNER, OWNER);
    mkdirSync(join(folder, 'copies/.pytest_cache'), { recursive: true });
    writeFileSync(join(folder, 'copies/.pytest_cache/lastfailed'), '{}');
    chmodSync(join(folder, 'copies/.pytest_cache'), 0o700);
    symlinkSync(outside, join(folder, 'copies/link'));

    const given = await giveToOwner(local.endpoint, { folder, image: PYTHON_IMAGE, labels: local.labels });

    expect(given).toBe(true);
    expect(ownersBelow(folder)).toEqual([OWNER]);
    expect(lstatSync(outside).uid).toBe(0);
  });

  it('stays as it is, and that is said, without a shell in the image', async () => {
    const folder = temporaryFolder();
    chownSync(folder, OWNER, OWNER);
    writeFileSync(join(folder, 'file'), '');
    const image = 'paceline.example/no-such-image:1';
    expect(await giveToOwner(local.endpoint, { folder, image, labels: local.labels })).toBe(false);
    expect(ownersBelow(folder)).toEqual([0]);
  });
});

it('needs no container where all is the owner’s already', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const image = 'paceline.example/no-such-image:1';
  expect(await giveToOwner(local.endpoint, { folder, image, labels: local.labels })).toBe(true);
});
