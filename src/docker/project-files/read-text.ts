/** A project's own file as text, or why it is not read. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { UnreadReason } from '../../model/project-files.ts';
import { LARGEST_FILE_BYTES } from './bounds.ts';

export type ReadText =
  /** `whole`: the text is the file byte for byte, without a byte order mark or another encoding. */
  | { readonly kind: 'text'; readonly text: string; readonly whole: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unread'; readonly reason: UnreadReason };

/**
 * @param encoding `bytes` takes other encodings as well, as BuildKit does: what is not UTF-8 becomes U+FFFD
 */
export async function readText(path: string, encoding: 'utf-8' | 'bytes'): Promise<ReadText> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (handle instanceof Error) {
    const isMissing = handle.code === 'ENOENT' || handle.code === 'ENOTDIR';
    return isMissing ? { kind: 'missing' } : { kind: 'unread', reason: { kind: 'notReadable' } };
  }
  try {
    const { size } = await handle.stat().then((found) => (found.isFile() ? found : { size: -1 }));
    if (size < 0) return { kind: 'unread', reason: { kind: 'notReadable' } };
    if (size > LARGEST_FILE_BYTES) return { kind: 'unread', reason: { kind: 'tooLarge', bytes: size } };
    return decoded(await handle.readFile(), encoding);
  } catch {
    return { kind: 'unread', reason: { kind: 'notReadable' } };
  } finally {
    await handle.close();
  }
}

function decoded(bytes: Buffer, encoding: 'utf-8' | 'bytes'): ReadText {
  if (bytes.includes(0)) return { kind: 'unread', reason: { kind: 'notText' } };
  try {
    const text = new TextDecoder('utf-8', { fatal: encoding === 'utf-8' }).decode(bytes);
    return { kind: 'text', text, whole: Buffer.byteLength(text) === bytes.length && !text.includes('\uFFFD') };
  } catch {
    return { kind: 'unread', reason: { kind: 'notText' } };
  }
}
