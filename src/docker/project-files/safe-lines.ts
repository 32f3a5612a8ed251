/** Which lines of a project's file may be kept as they are, so that a patch can show and change them. In doubt a line is not. */
import { maskText } from './credentials.ts';

/** The lines of a text that may be kept; null in place of the others. */
export type SafeLines = readonly (string | null)[];

/**
 * For each line whether nothing in it looks like a credential: neither by itself nor after the lines before it, for an option at the end of one
 * line takes the first word of the next.
 */
export function safeTogether(lines: readonly string[]): readonly boolean[] {
  const together = maskText(lines.join('\n')).split('\n');
  return lines.map((line, index) => together[index] === line && maskText(line) === line);
}

/** A comment may hold a setting that was turned off, with its secret. */
const SETTING =
  /^[#;\s]*-?\s*(?:(?:ENV|ARG|LABEL|export|set)\s|["']?(?!(?:todo|note|fixme)\b)[\w.-]+["']?\s*[:=]\s*\S)/i;

export function isSafeComment(comment: string): boolean {
  return !SETTING.test(comment) && maskText(comment) === comment;
}
