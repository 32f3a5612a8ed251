/** The text of a file: UTF-8, or UTF-16 with a byte order mark (PowerShell writes it for redirected output). */

export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  /** The first line that is neither. */
  | { readonly kind: 'faulty'; readonly line: number };

/** Invalid bytes are refused: with replacement characters, different names could become equal. */
export function decodedText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const text = decoded(bytes, encoding);
  if (text !== null) return { kind: 'text', text };
  let line = 1;
  if (encoding !== 'utf-8') return { kind: 'faulty', line };
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const until = end < 0 ? bytes.length : end;
    if (decoded(bytes.subarray(from, until), encoding) === null) break;
    from = until + 1;
  }
  return { kind: 'faulty', line };
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
