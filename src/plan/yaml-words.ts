/** What is wrong with a YAML text, in the words of a person: the library speaks of flow maps and implicit keys. */

export interface YamlWords {
  readonly what: string;
  readonly next: string;
}

const GENERAL = 'Check indentation, brackets and quotes there.';

type Rule = readonly [pattern: RegExp, words: (match: RegExpExecArray) => YamlWords];

/** By the library's messages (yaml 2), which its error codes alone do not distinguish. */
const RULES: readonly Rule[] = [
  [
    /^Flow (map|sequence) in block collection/,
    ([, kind]) => {
      const [open, close] = kind === 'map' ? '{}' : '[]';
      return {
        what: `a ${open} above has no closing ${close}`,
        next: `Close it with ${close}, or write each part on a line of its own.`,
      };
    },
  ],
  [
    /^Missing closing (['"])quote/,
    ([, quote]) => ({ what: `a text that begins with ${quote} has no closing ${quote}`, next: 'Close the quotes.' }),
  ],
  [
    /items must start at the same column/,
    () => ({
      what: 'this line is indented in another way than the lines that it belongs to',
      next: 'Give all keys of one section the same number of spaces.',
    }),
  ],
  [
    /^Nested mappings are not allowed/,
    () => ({
      what: 'a second key begins within a value',
      next: 'Put a value that contains ": " in quotes, or correct the indentation.',
    }),
  ],
  [
    /^Implicit (map )?keys? needs? to be/,
    () => ({ what: 'a key has no value', next: 'Write each key as "key: value", on one line.' }),
  ],
  [
    /^Plain value cannot start with .* (\S)$/,
    ([, sign]) => ({ what: `a value cannot begin with ${sign}`, next: 'Put the value in quotes.' }),
  ],
  [
    /^Unexpected scalar at node end/,
    () => ({ what: 'something follows the end of a value', next: 'Check quotes and indentation there.' }),
  ],
  [
    /^Unexpected flow-(map|seq)-end/,
    ([, kind]) => ({
      what: kind === 'map' ? 'a } has no { before it' : 'a ] has no [ before it',
      next: 'Remove it, or open it before.',
    }),
  ],
];

/** @param message of the library, one line */
export function yamlWords(message: string): YamlWords {
  for (const [pattern, words] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return words(match);
  }
  return { what: `invalid YAML: ${message}`, next: GENERAL };
}
