/** A file of the project line by line, for patches. */
import type { FileText } from '../../model/project-files.ts';
import { LARGEST_PATCHED_BYTES } from './bounds.ts';
import type { SafeLines } from './safe-lines.ts';

/**
 * @param safe which lines may be kept, of the text as it was read
 * @returns null for a file that is too large, or whose line ends are mixed: no patch would fit it
 */
export function fileText(file: string, text: string, safe: (text: string) => SafeLines | null): FileText | null {
  if (Buffer.byteLength(text) > LARGEST_PATCHED_BYTES || text === '') return null;
  const ends = text.match(/\r?\n/g) ?? [];
  const crlf = ends[0] === '\r\n';
  if (ends.some((end) => (end === '\r\n') !== crlf) || text.replaceAll('\r\n', '').includes('\r')) return null;
  const kept = safe(text);
  if (kept === null) return null;
  const endsWithNewline = text.endsWith('\n');
  return { file, lines: endsWithNewline ? kept.slice(0, -1) : kept, endsWithNewline, crlf };
}
