/** What a shell command line in an ENTRYPOINT means, and how its script uses the words that follow. */

export interface ShellCall {
  /** Words before the shell: an init program, a change of user, variables. */
  readonly before: readonly string[];
  /** Without `-c` the first operand is a file, and the words after it are its arguments. */
  readonly reads: 'string' | 'file';
  /** The script, or the file's name; null if the next word will be it. */
  readonly script: string | null;
  /** `$0` of a string and what follows; of a file, its arguments. */
  readonly operands: readonly string[];
}

const SHELL = /^(?:.*\/)?(?:sh|bash|dash|ash|zsh|ksh|mksh)$/;

/** The first shell among the words; null if there is none, or its options are cut off in the middle. */
export function shellCall(words: readonly string[]): ShellCall | null {
  const at = words.findIndex((word) => SHELL.test(word));
  if (at < 0) return null;
  let next = at + 1;
  let takesString = false;
  for (; isOption(words[next]); next += 1) {
    const option = words[next] ?? '';
    if (option === '--' || option === '-') {
      next += 1;
      break;
    }
    if (/^-[^-]*c/.test(option)) takesString = true;
    next += valuesOf(option);
  }
  if (next > words.length) return null;
  const [script, ...operands] = words.slice(next);
  return {
    before: words.slice(0, at),
    reads: takesString ? 'string' : 'file',
    script: script ?? null,
    operands,
  };
}

function isOption(word: string | undefined): boolean {
  return word !== undefined && /^[-+]/.test(word);
}

/** How many words after an option are its values: `-o pipefail`, `-euo pipefail`, `-O extglob`, `--rcfile FILE`. */
function valuesOf(option: string): number {
  if (option.startsWith('--')) return /^--(?:rcfile|init-file)$/.test(option) ? 1 : 0;
  return option.replaceAll(/[^oO]/g, '').length;
}

/** The file of an ENTRYPOINT that may be a shell script, as its words name it; null if none does. */
export function scriptFile(words: readonly string[]): string | null {
  const shell = shellCall(words);
  if (shell?.reads === 'file' && shell.script !== null) return shell.script;
  return words.find((word) => /\.(?:sh|bash)$/.test(word) || isOwnProgram(word)) ?? null;
}

/** A path outside of the system's own folders: what a project puts into its image. */
function isOwnProgram(word: string): boolean {
  return /^[^-=]*\//.test(word) && !/^\/(?:usr\/)?s?bin\//.test(word);
}

/** Whether a file's text is a shell script by its first line. */
export function isShellScript(text: string): boolean {
  return /^#!.*\b(?:sh|bash|dash|ash|zsh|ksh|mksh)\b/.test(text.split('\n', 1)[0] ?? '');
}

/** As `env` splits them: the word after `-S` is several. One with quotes or escapes stays as it is. */
export function splitForEnv(words: readonly string[]): readonly string[] {
  if (!words.some((word) => ENV.test(word))) return words;
  return words.flatMap((word, index) => {
    const text =
      /^(?:--split-string=|-[a-zA-Z]*S(?=\S*\s))(.*)$/s.exec(word)?.[1] ??
      (SPLITS.test(words[index - 1] ?? '') ? word : null);
    return text === null || /["'\\]/.test(text) ? [word] : text.trim().split(/\s+/);
  });
}

const ENV = /^(?:.*\/)?env$/;
const SPLITS = /^(?:-[a-zA-Z]*S|--split-string)$/;

/** How a script uses its arguments. */
export type ArgumentUse =
  /** It has no place for any. */
  | { readonly kind: 'none' }
  /** `"$@"` runs as a command, after these words: none, or for example `exec poetry run`. */
  | { readonly kind: 'behind'; readonly words: readonly string[] }
  /** `"$0" "$@"` runs as a command, after these words: none, or for example `pytest`. */
  | { readonly kind: 'withName'; readonly words: readonly string[] }
  /** A shell parses them again: `eval "$@"`, `sh -c "$*"`. */
  | { readonly kind: 'readAgain' }
  /** It uses them in another way, e.g. `case "$1" in`. */
  | { readonly kind: 'unclear' };

const ALL = String.raw`"?\$(?:[@*]|\{[@*](?::?[-+][^}]*)?\})"?`;
const NAME = String.raw`"?\$(?:0|\{0\})"?\s+`;
const BEFORE = String.raw`(?:^|[;&|\n(){}]|\b(?:then|do|else)\b)\s*([^;&|\n(){}]*?)\s*`;
const NAME_AND_ALL = new RegExp(`${BEFORE}${NAME}${ALL}`);
const SIMPLE_COMMAND = new RegExp(`${BEFORE}${ALL}`, 'g');

/** @param script what a shell runs by `-c` */
export function argumentUse(script: string): ArgumentUse {
  const beforeName = NAME_AND_ALL.exec(script)?.[1];
  if (beforeName !== undefined) return { kind: 'withName', words: wordsOf(beforeName) };
  const last = [...withoutComments(script).matchAll(SIMPLE_COMMAND)].at(-1)?.[1];
  if (last !== undefined) {
    const words = wordsOf(last);
    const readsAgain = words.includes('eval') || shellCall(words)?.reads === 'string';
    return readsAgain ? { kind: 'readAgain' } : { kind: 'behind', words };
  }
  return usesArguments(script) ? { kind: 'unclear' } : { kind: 'none' };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '' && word !== 'exec');
}

/** Whether a shell script's text has a place for arguments, or gives them to a script that may have one. */
export function usesArguments(script: string): boolean {
  return /\$(?:[@*#1-9]|\{[@*#!1-9])|\bshift\b|\bgetopts\b|\bset\s+--|(?:^|[;&|\n])\s*(?:\.|source)\s/m.test(
    withoutComments(script),
  );
}

function withoutComments(script: string): string {
  return script
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
}
