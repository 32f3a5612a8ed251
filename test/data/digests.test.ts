import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestsOf } from '../../src/data/digests.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('every file has its digest, by path; copies of the project and links have none', async () => {
  const folder = temporaryFolder();
  for (const name of ['trials/b', 'trials/a', 'source']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'trials/b/output.log'), '');
  writeFileSync(join(folder, 'trials/a/output.log'), 'abc');
  writeFileSync(join(folder, 'source/secret'), 'x');
  symlinkSync('/etc/passwd', join(folder, 'link'));
  expect(await digestsOf(folder)).toEqual([
    // FIPS 180-2, appendix B.1; and of nothing.
    {
      file: 'trials/a/output.log',
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    },
    {
      file: 'trials/b/output.log',
      bytes: 0,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    },
  ]);
  expect(await digestsOf(join(folder, 'missing'))).toEqual([]);
});
