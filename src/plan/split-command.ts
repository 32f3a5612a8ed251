/**
 * A command text as an argument vector, split as compose splits `command:` (compose-go uses mattn/go-shellwords; checked
 * against `docker compose config` in test/plan/split-command.docker.test.ts).
 *
 * One deliberate difference: compose drops everything from an unquoted `;`, `&`, `|`, `<` or `>` on without a word, so that
 * "pytest && echo done" runs pytest alone. Here that is an error.
 */
export type Split =
  | { readonly kind: 'words'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'wrong'; readonly what: string; readonly next: string };

const SPACE = new Set([' ', '\t', '\r', '\n']);
const SHELL_ONLY = new Set([';', '&', '|', '<', '>', '(', ')']);

const USE_SHELL = `Quote it if it is meant literally; a shell runs only by ["sh", "-c", "…"].`;
const CLOSE = 'Close it, or put the whole command in a list of words.';
const OMIT = "Give a command, or leave the key out to run the test service's own.";

export function splitCommand(command: string): Split {
  const words: string[] = [];
  /** null between words; '' is a word that has begun, such as "". */
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  let escaped = false;

  for (const character of command) {
    if (escaped) {
      word = (word ?? '') + character;
      escaped = false;
    } else if (character === '\\' && quote !== "'") {
      escaped = true;
    } else if (character === quote) {
      quote = null;
    } else if (quote !== null) {
      word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (SPACE.has(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (SHELL_ONLY.has(character)) {
      return { kind: 'wrong', what: `has an unquoted "${character}", which only a shell understands`, next: USE_SHELL };
    } else {
      word = (word ?? '') + character;
    }
  }

  if (quote !== null) return { kind: 'wrong', what: `has a ${quote} that is never closed`, next: CLOSE };
  if (escaped)
    return { kind: 'wrong', what: 'ends in a backslash with nothing after it', next: 'Take the backslash away.' };
  if (word !== null) words.push(word);
  const [program, ...rest] = words;
  if (program === undefined || program === '') return { kind: 'wrong', what: 'is empty', next: OMIT };
  return { kind: 'words', words: [program, ...rest] };
}
