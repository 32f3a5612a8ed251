/** The end of output that may be huge, for messages. The output is never kept whole. */
import { open } from 'node:fs/promises';

/** For a docker command's messages: the last ones say why it failed. */
export const STDERR_BYTES = 65_536;

/** At most the last `maxBytes` of `file`, starting at a line if the file is longer; '' if there is no file. */
export async function tailOf(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}

export interface Tail {
  readonly add: (chunk: Buffer) => void;
  /** At most the last `maxBytes`; cut where more was added. */
  readonly text: () => string;
}

/** Keeps the end of a stream. */
export function createTail(maxBytes: number): Tail {
  let kept: Buffer[] = [];
  let bytes = 0;
  const last = () => Buffer.concat(kept).subarray(-maxBytes);
  return {
    add: (chunk) => {
      kept.push(chunk.subarray(-maxBytes));
      bytes += Math.min(chunk.length, maxBytes);
      // Put together now and then, not at each chunk.
      if (bytes <= 2 * maxBytes) return;
      kept = [last()];
      bytes = maxBytes;
    },
    text: () => last().toString('utf8'),
  };
}
