/**
 * A command text as an argument vector, split as compose splits `command:` (compose-go uses mattn/go-shellwords; checked
 * against `docker compose config` in test/plan/split-command.docker.test.ts).
 *
 * One deliberate difference: what only a shell would understand is an error here. Compose drops everything from an unquoted
 * `;`, `&`, `|`, `<` or `>` on without a word, so that "pytest && echo done" runs pytest alone; it takes variables from the
 * caller's environment; and it hands `~/x`, `tests/*.py` and `A=b` on as they are, for a program that does not exist.
 */
import { commandText } from './command-text.ts';

export type Split =
  | { readonly kind: 'words'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'wrong'; readonly what: string; readonly next: string };

const SPACE = new Set([' ', '\t', '\r', '\n']);
const SHELL_ONLY = new Set([';', '&', '|', '<', '>', '(', ')']);

const CLOSE = 'Close it, or put the whole command in a list of words.';
const OMIT = "Give a command, or leave the key out to run the test service's own.";

/** Built into shells: there is no such program, or none that could do it. */
const BUILT_IN = new Set(
  'cd source . export exec eval set unset alias ulimit umask if for while until case { ! [['.split(' '),
);
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** The beginning of a variable, a parameter of the shell, or the output of a command. */
const EXPANSION = /^[\w{($@*]$/;
/** Programs that people write on a line of their own, as in a script. */
const NEXT_COMMAND = /^(?:python[\d.]*|pytest|py\.test|coverage|tox|nox|make)$/;
/** An option that takes no value, so the word after it is an operand. */
const FLAG = /^-[vqxsl]+$/;

interface Word {
  readonly text: string;
  /** Stands first in a line, but not in the first one. */
  readonly startsLine: boolean;
  /** Characters that no quote or backslash takes from a shell. */
  readonly bare: string;
}

export function splitCommand(command: string): Split {
  const words: Word[] = [];
  /** null between words; '' is a word that has started, such as "". */
  let word: string | null = null;
  let bare = '';
  let quote: '"' | "'" | null = null;
  let escaped = false;
  let startsLine = false;
  const forShell = (what: string) => wrong(what, useShell(command));

  const characters = Array.from(command);
  for (const [index, character] of characters.entries()) {
    if (escaped) {
      if (character === '\n') return wrong('has a backslash at the end of a line', LINE_BREAK);
      word = (word ?? '') + character;
      escaped = false;
    } else if (character === '\\' && quote !== "'") {
      escaped = true;
    } else if (character === quote) {
      quote = null;
    } else if (character === '$' && quote !== "'" && EXPANSION.test(characters[index + 1] ?? '')) {
      return forShell('has a "$" that only a shell replaces');
    } else if (character === '`' && quote !== "'") {
      return forShell('has a "`", which only a shell understands');
    } else if (quote !== null) {
      word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (SPACE.has(character)) {
      if (word !== null) words.push({ text: word, bare, startsLine });
      startsLine = character === '\n' ? words.length > 0 : startsLine && word === null;
      [word, bare] = [null, ''];
    } else if (SHELL_ONLY.has(character)) {
      return forShell(`has an unquoted "${character}", which only a shell understands`);
    } else {
      word = (word ?? '') + character;
      bare += character;
    }
  }

  if (quote !== null) return wrong(`has a ${quote} that is never closed`, CLOSE);
  if (escaped) return wrong('ends in a backslash with nothing after it', 'Remove the trailing backslash.');
  if (word !== null) words.push({ text: word, bare, startsLine });
  const [program, ...rest] = words;
  if (program === undefined || program.text === '') return wrong('is empty', OMIT);
  return shellWord(words, command) ?? checkedWords([program.text, ...rest.map(({ text }) => text)]);
}

/** A list of words: none of them is for a shell, but the first must be a program. */
export function checkedWords(words: readonly [string, ...string[]]): Split {
  const [program] = words;
  if (ASSIGNMENT.test(program)) {
    const remedy = commandText(words).replaceAll(/\s+/g, ' ');
    return wrong(
      `begins with ${JSON.stringify(program)}, which only a shell reads as a variable`,
      `Write \`env ${remedy}\`.`,
    );
  }
  if (BUILT_IN.has(program))
    return wrong(`begins with "${program}", which is built into shells`, useShell(commandText(words)));
  return { kind: 'words', words };
}

const LINE_BREAK = 'Remove the backslash: a line break counts as a space here.';

/** @returns the part of a word that a shell would replace, or that begins another command; null if there is none */
function shellWord(words: readonly Word[], command: string): Split | null {
  for (const [index, { text, bare, startsLine }] of words.entries()) {
    if (bare === '~' || bare.startsWith('~/'))
      return wrong(`has ${JSON.stringify(text)}, which only a shell replaces`, useShell(command));
    const before = words[index - 1]?.text;
    const isOperand = !text.startsWith('-') && !/=|::/.test(text) && (!before?.startsWith('-') || FLAG.test(before));
    if (isOperand && /[*?]/.test(bare) && /\/|\.py\b/.test(text))
      return wrong(`has the pattern ${JSON.stringify(text)}, which only a shell replaces by files`, useShell(command));
    if (startsLine && NEXT_COMMAND.test(text))
      return wrong(`has a second command in the line that begins with "${text}"`, useShell(command));
  }
  return null;
}

function wrong(what: string, next: string): Split {
  return { kind: 'wrong', what, next };
}

/** The fix, in a form for the plan. */
function useShell(command: string): string {
  return `Write \`["sh", "-c", ${JSON.stringify(command.trim())}]\`; or put it in single quotes if it is meant literally.`;
}
