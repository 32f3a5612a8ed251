import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openForeign, shortText } from '../../../src/docker/files/foreign-file.ts';
import { createLineSplitter } from '../../../src/docker/files/line-splitter.ts';
import { wholeOf } from '../../../src/docker/engine/streams.ts';
import { createTail } from '../../../src/docker/files/tail.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('lines of a stream', () => {
  const lines = (text: string, longest: number, chunkBytes: number) => {
    const splitter = createLineSplitter(longest);
    const bytes = Buffer.from(text);
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes)
      found.push(...splitter.add(bytes.subarray(at, at + chunkBytes)));
    return { found: [...found, ...splitter.end()], cut: splitter.cutLines() };
  };

  test.each([1, 2, 3, 7, 100])('come whole, in chunks of %i bytes', (chunkBytes) => {
    expect(lines('a\n\nb–ü\nend', 10, chunkBytes)).toEqual({ found: ['a', '', 'b–ü', 'end'], cut: 0 });
  });

  test.each([1, 4, 100])('are cut to their beginning where they are too long, in chunks of %i bytes', (chunkBytes) => {
    expect(lines('123456789\nab\n987654321', 4, chunkBytes)).toEqual({ found: ['1234', 'ab', '9876'], cut: 2 });
  });
});

test('of a stream the last bytes are kept', () => {
  const tail = createTail(5);
  for (let number = 0; number < 1_000; number += 1) tail.add(Buffer.from(`${number} `));
  expect(tail.text()).toBe(' 999 ');
});

describe('a file that a container may have written', () => {
  test('is opened where it is a file, and no link or pipe is followed', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'content');
    symlinkSync('/dev/zero', join(folder, 'device'));
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const file = await openForeign(join(folder, 'file'));
    expect(file!.bytes).toBe(7);
    expect((await wholeOf(file!.chunks)).toString()).toBe('content');
    for (const name of ['device', 'link', 'folder', 'pipe', 'none']) {
      expect(await openForeign(join(folder, name))).toBeNull();
    }
    await (await openForeign(join(folder, 'file')))!.close();
    expect(await shortText(join(folder, 'link'))).toBe('content');
    expect(await shortText(join(folder, 'pipe'))).toBeNull();
    writeFileSync(join(folder, 'large'), Buffer.alloc(4_000_001));
    expect(await shortText(join(folder, 'large'))).toBeNull();
  });
});
