/**
 * A short, stable name of a text: 64 bits of FNV-1a (Fowler, Noll and Vo) over its UTF-16 units, as 16 hexadecimal digits. For ids, not for
 * secrets.
 */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
