/** The three formats in which the engine streams: multiplexed output, JSON lines, and a tar of one file. */
import type { LogStream } from './log-stream.ts';

const HEADER_BYTES = 8;

/**
 * Takes apart the output of a container without a terminal: frames of `[1 or 2, 0, 0, 0, length as uint32]` and payload,
 * however the chunks happen to be cut. A frame that is cut off at the end is dropped.
 * https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerAttach
 */
export async function* demultiplex(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly stream: LogStream; readonly payload: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', payload: rest.subarray(HEADER_BYTES, end) };
      rest = rest.subarray(end);
    }
  }
}

/** One JSON object a line, however the chunks are cut; a last line that is cut off is dropped, and so is whatever else comes. */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = objectOrNull(line);
      if (message !== null) yield message;
    }
  }
}

function objectOrNull(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

const BLOCK_BYTES = 512;

/** A file of any size. Only one piece of it is in memory at a time. */
export interface StreamedFile {
  readonly bytes: number;
  /** In order. The source is released at its end, and when the reader stops early. */
  readonly chunks: AsyncIterable<Buffer>;
  /** To be called if the chunks are not read. */
  close(): Promise<void>;
}

/**
 * The one regular file of a tar archive as the engine sends it for a path; null when the path is a folder, a link or a device.
 * Reads what Go's archive/tar writes: ustar with extended (pax) headers, which are skipped since only the content is wanted.
 * Nothing is kept in memory but the chunk at hand; the archive is released once the content was read, or if there is none.
 */
export async function onlyFile(archive: AsyncIterable<Buffer>): Promise<StreamedFile | null> {
  const bytes = byteReader(archive);
  for (;;) {
    const header = await wholeOf(bytes.take(BLOCK_BYTES));
    const type = String.fromCharCode(header[156] ?? 0);
    const isFile = header.length === BLOCK_BYTES && header[0] !== 0 && (type === '0' || type === '\0');
    if (isFile) return { bytes: sizeOf(header), chunks: bytes.lastly(sizeOf(header)), close: bytes.close };
    if (header.length < BLOCK_BYTES || header[0] === 0 || !'xgLK'.includes(type)) {
      await bytes.close();
      return null;
    }
    const blocks = Math.ceil(sizeOf(header) / BLOCK_BYTES);
    for await (const _ of bytes.take(blocks * BLOCK_BYTES));
  }
}

/** People write no longer password, variable or script. */
const LONGEST_TEXT_BYTES = 65_536;

/** A short text that was copied out of a container; null if there is none, or one that is too long to be read whole. */
export async function shortTextOf(file: StreamedFile | null): Promise<string | null> {
  if (file === null) return null;
  if (file.bytes <= LONGEST_TEXT_BYTES) return (await wholeOf(file.chunks)).toString('utf8');
  await file.close();
  return null;
}

/** Only for short content. */
export async function wholeOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

function byteReader(source: AsyncIterable<Buffer>) {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const close = async () => void (await iterator.return?.());
  /** The next `count` bytes, or fewer at the end. */
  async function* take(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (rest.length === 0) {
        const next = await iterator.next();
        if (next.done === true) return;
        rest = next.value;
      }
      const chunk = rest.subarray(0, left);
      rest = rest.subarray(chunk.length);
      left -= chunk.length;
      if (chunk.length > 0) yield chunk;
    }
  }
  async function* lastly(count: number): AsyncGenerator<Buffer> {
    try {
      yield* take(count);
    } finally {
      await close();
    }
  }
  return { take, lastly, close };
}

/** Octal digits, or for files of 8 GiB and more a binary number marked by the highest bit. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1').replace(/[\0 ]+$/, ''), 8) || 0;
}
