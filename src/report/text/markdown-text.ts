/** Text that Markdown shows literally. */
import { oneLine } from './foreign.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Foreign text in a sentence or a table cell of GitHub's: no markup, no HTML, no line break. */
export function escaped(text: string): string {
  return (
    oneLine(text)
      .replace(/[&<>]/g, (character) => ENTITIES[character]!)
      .replace(/[\\`*_[\]|~#]/g, '\\$&')
      // "@name" would notify a person, and "#1" is escaped above.
      .replaceAll('@', '&#64;')
  );
}

/** The same for Temporal's UI, which shows an entity as it is written. */
export function escapedForTemporal(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]|~#&<>]/g, '\\$&');
}

/** Foreign text as code, also within a table cell, where only a pipe must be escaped. */
export function code(text: string): string {
  const shown = oneLine(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${space}${shown.replaceAll('|', '\\|')}${space}${fence}`;
}

/** A fenced block that its content cannot close. */
export function block(content: readonly string[]): string[] {
  const longest = Math.max(2, ...content.map((line) => /^\s*(`*)/.exec(line)![1]!.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...content, fence];
}

/** A table in GitHub's form. Cells are Markdown already. @param align one of `l` and `r` for each column */
export function table(align: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const rule = align.split('').map((side) => (side === 'r' ? '---:' : '---'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
