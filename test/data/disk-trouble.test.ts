/** Disks that cannot be written to: errors and words as they really come; a real disk that is full is in test/e2e. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  dataDiskError,
  diskTroubleAt,
  diskTroubleError,
  diskTroubleIn,
  diskTroubleOf,
  fileDiskError,
  GOES_ON,
  mountPoint,
} from '../../src/data/disk-trouble.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const failed = (fields: object) => Object.assign(new Error('it failed'), fields);

test.each([
  ['ENOSPC', failed({ code: 'ENOSPC' }), 'full'],
  ['EDQUOT', failed({ code: 'EDQUOT' }), 'quota'],
  ['EROFS', failed({ code: 'EROFS' }), 'readOnly'],
  ['SQLITE_FULL', failed({ code: 'ERR_SQLITE_ERROR', errcode: 13 }), 'full'],
  ['one below another', new Error('around it', { cause: failed({ code: 'ENOSPC' }) }), 'full'],
  ['another code', failed({ code: 'ENOENT' }), null],
  ['another result of SQLite', failed({ code: 'ERR_SQLITE_ERROR', errcode: 5 }), null],
  ['no error', 'ENOSPC', null],
])('an error: %s', (_, error, expected) => {
  expect(diskTroubleOf(error)).toBe(expected);
});

test.each([
  ['failed to copy: write /var/lib/docker/overlay2/x: no space left on device', 'full'],
  ["cp: error writing 'x': No space left on device", 'full'],
  ['cp: cannot create directory: Disk quota exceeded', 'quota'],
  ['mkdir /data/x: read-only file system', 'readOnly'],
  ['exit code: 1', null],
])('words: %s', (text, expected) => {
  expect(diskTroubleIn(text)).toBe(expected);
});

test('a folder that can be written to is none, and nothing is left in it', async () => {
  const folder = temporaryFolder();
  expect(await diskTroubleAt(folder)).toBeNull();
  expect(await diskTroubleAt(join(folder, 'not-there'))).toBeNull();
});

test('a device that is always full is found by writing', async () => {
  await expect(async () => writeFileSync('/dev/full', 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
});

describe('the message for users', () => {
  test('names the folder, the disk by its mount point, what is free and needed, and that the run goes on', async () => {
    const folder = temporaryFolder();
    const { problem } = await diskTroubleError(folder, 'full', GOES_ON);
    const mount = await mountPoint(folder);
    expect(problem.type).toBe('DiskFull');
    expect(problem.what).toMatch(/[\d.]+ MB are free, but a run needs about 1 GB\.$/);
    expect(problem.what).toContain(`the disk at ${mount}, where ${folder} is`);
    expect(problem.next).toBe(
      'Free some space there, then run the same command again: the run continues where it stopped.',
    );
  });

  test.each([
    ['quota', /^The disk quota of this user is exceeded on the disk at /],
    ['readOnly', /^The system made the disk at .*, read-only\.$/],
  ] as const)('of %s', async (trouble, what) => {
    expect((await diskTroubleError(temporaryFolder(), trouble, GOES_ON)).problem.what).toMatch(what);
  });

  test("an error of a file elsewhere is not the data directory's", async () => {
    const folder = temporaryFolder();
    const elsewhere = failed({ code: 'ENOSPC', path: '/somewhere/else' });
    expect(await dataDiskError(folder, elsewhere)).toBeNull();
    expect((await fileDiskError(elsewhere))!.problem.what).toContain('/somewhere');
    const own = failed({ code: 'ENOSPC', path: join(folder, 'store.sqlite') });
    expect((await dataDiskError(folder, own))!.problem.what).toContain(folder);
    expect(await dataDiskError(folder, new Error('another'))).toBeNull();
    expect(await fileDiskError(new Error('another'))).toBeNull();
  });
});
