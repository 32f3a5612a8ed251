/**
 * Text that is not Paceline's own (test names, scenario names, log lines) made harmless. What a terminal would obey is
 * written out: escape sequences could rewrite the verdict, bidirectional overrides could turn a name around.
 */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** For one line: line breaks and tabs become spaces. */
export function oneLine(text: string): string {
  return safe(text.replace(/\s*[\r\n\t]+\s*/g, ' ')).trim();
}

/** For a block: lines stay lines, and a tab is two spaces. */
export function lines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => safe(line.replaceAll('\t', '  ')).trimEnd());
}

function safe(text: string): string {
  return text.toWellFormed().replace(UNSAFE, spelled);
}

function spelled(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
