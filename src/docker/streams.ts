/** The three formats in which the engine streams: multiplexed output, JSON lines, and a tar of one file. */
import type { LogStream } from './engine.ts';

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

/**
 * The one regular file of a tar archive as the engine sends it for a path; null when the path is a folder, a link or a device.
 * Reads what Go's archive/tar writes: ustar with extended (pax) headers, which are skipped since only the content is wanted.
 */
export function onlyFile(tar: Buffer): Buffer | null {
  for (let offset = 0; offset + BLOCK_BYTES <= tar.length; ) {
    const header = tar.subarray(offset, offset + BLOCK_BYTES);
    if (header[0] === 0) return null;
    const type = String.fromCharCode(header[156] ?? 0);
    const sizeBytes = sizeOf(header);
    const start = offset + BLOCK_BYTES;
    if (type === '0' || type === '\0') return Buffer.from(tar.subarray(start, start + sizeBytes));
    if (!'xgLK'.includes(type)) return null;
    offset = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return null;
}

/** Octal digits, or for files of 8 GiB and more a binary number marked by the highest bit. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1').replace(/[\0 ]+$/, ''), 8) || 0;
}
