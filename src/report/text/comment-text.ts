/** Foreign text in a comment on GitHub: shown as it is, and nothing happens because of it. */
import { escaped } from './markdown-text.ts';

/** Shown with no width. Dependabot and Renovate break mentions the same way: GitHub looks for them after entities are read. */
const BREAK = '&#8203;';

/** Longer names are cut: a plan's are shorter. */
const LONGEST_MARKER = 1000;

/**
 * In a sentence or a cell. No markup and no HTML, no mention of a person, no reference to an issue, and no link, which would
 * leave a trace at its target.
 * @param most characters of the text
 */
export function commentText(text: string, most = 600): string {
  const letters = Array.from(text.toWellFormed());
  const short = letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
  return (
    escaped(short)
      .replaceAll('&#64;', `@${BREAK}`)
      .replaceAll('\\#', `\\#${BREAK}`)
      .replace(/gh-(?=\d)/gi, (word) => `${word}${BREAK}`)
      .replaceAll('://', `:${BREAK}//`)
      .replace(/www\./gi, (word) => `${word.slice(0, -1)}${BREAK}.`)
      .replace(/\bmailto:|\bxmpp:/gi, (word) => `${word}${BREAK}`)
      // A formula.
      .replaceAll('$', () => `$${BREAK}`)
  );
}

/** The hidden line that a later comment of the same project is found by. It cannot end early, whatever the name is. */
export function commentMarker(project: string): string {
  return `<!-- paceline:${markerName(project)} -->`;
}

/** Letters and digits of ASCII as they are, the rest as `.` and its number: no `--`, no `>`, one marker for each name. */
function markerName(project: string): string {
  const name = Array.from(project.toWellFormed().normalize('NFC'))
    .map((letter) => (/[a-z0-9_/]/i.test(letter) ? letter : `.${letter.codePointAt(0)!.toString(16)}.`))
    .join('');
  if (name.length > LONGEST_MARKER) return `${name.slice(0, LONGEST_MARKER)}.${name.length}`;
  return name === '' ? '.' : name;
}
