import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demultiplex, jsonLines, onlyFile, wholeOf } from '../../../src/docker/engine/streams.ts';

/** `bytes` in pieces of the given lengths, over and over. */
async function* cut(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let offset = 0, index = 0; offset < bytes.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

function frame(stream: number, payload: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

describe('multiplexed output', () => {
  it('comes apart however the chunks are cut', async () => {
    const bytes = Buffer.concat([frame(1, 'out ✓\n'), frame(2, 'err\n'), frame(1, ''), frame(1, 'x'.repeat(50))]);
    await fc.assert(
      fc.asyncProperty(lengths, async (pieces) => {
        const frames = await all(demultiplex(cut(bytes, pieces)));
        expect(frames.map(({ stream, payload }) => [stream, payload.toString()])).toEqual([
          ['stdout', 'out ✓\n'],
          ['stderr', 'err\n'],
          ['stdout', ''],
          ['stdout', 'x'.repeat(50)],
        ]);
      }),
    );
  });
});

describe('JSON lines', () => {
  it('come apart however the chunks are cut, without a last line that is cut off', async () => {
    const bytes = Buffer.from('{"a":"ä€"}\n\n{"b":2}\r\n{"c":');
    await fc.assert(
      fc.asyncProperty(lengths, async (pieces) => {
        expect(await all(jsonLines(cut(bytes, pieces)))).toEqual([{ a: 'ä€' }, { b: 2 }]);
      }),
    );
  });
});

function entry(type: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write('name', 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

describe('the only file of an archive', () => {
  const end = Buffer.alloc(1024);
  it.each([
    ['a file', [entry('0', 'hello'), end], 'hello'],
    ['a file of whole blocks', [entry('0', 'x'.repeat(1024)), end], 'x'.repeat(1024)],
    ['a file behind an extended header', [entry('x', '20 mtime=1.5\n'), entry('0', 'hello'), end], 'hello'],
    ['an empty file', [entry('0', ''), end], ''],
    ['a folder', [entry('5', ''), entry('0', 'inside'), end], null],
    ['a link', [entry('2', ''), end], null],
    ['nothing', [end], null],
  ])('of %s', async (_, parts, expected) => {
    const tar = Buffer.concat(parts);
    async function* chunks() {
      for (let at = 0; at < tar.length; at += 100) yield tar.subarray(at, at + 100);
    }
    const file = await onlyFile(chunks());
    expect(file?.bytes ?? 0).toBe(expected?.length ?? 0);
    expect(file === null ? null : (await wholeOf(file.chunks)).toString()).toBe(expected);
  });
});
