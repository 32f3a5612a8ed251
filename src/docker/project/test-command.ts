/** How a scenario's command reaches the test container past the image's ENTRYPOINT. */
import { commandText } from '../../plan/command-text.ts';
import { argumentUse, type ShellCall, shellCall, splitForEnv } from './shell-words.ts';

export interface TestArguments {
  /** Arguments after the service's name in `compose run`; none runs the service's own command. */
  readonly args: readonly string[];
  /** Words for `--entrypoint` if the image's own would not run the command; else null. */
  readonly entrypoint: readonly string[] | null;
  /** What was changed and why, one sentence; null if nothing was. */
  readonly note: string | null;
  /** The words do not show whether the ENTRYPOINT runs the command. Only the run itself shows it. */
  readonly uncertain: boolean;
}

const PYTHON = /^(?:.*\/)?python(?:\d+(?:\.\d+)?)?$/;
const PYTEST = /^(?:.*\/)?(?:pytest|py\.test)$/;
/** They pass one string to a shell, as `sh -c` expects. */
const CHANGES_USER = /^(?:.*\/)?(?:su|runuser)$/;
const STRING_OPTION = /^(?:-c|--command|--session-command)$/;

/**
 * @param input.entrypoint the service's, else the image's; null or empty if there is none
 * @param input.command the scenario's argument vector; null means the test service's own command
 */
export function testArguments(input: {
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
}): TestArguments {
  const { command } = input;
  const entrypoint = splitForEnv(input.entrypoint ?? []);
  if (command === null || entrypoint.length === 0) return asItIs(command ?? []);
  if (entrypoint.some((word) => CHANGES_USER.test(word))) return asOtherUser(entrypoint, command);
  const shell = shellCall(entrypoint);
  if (shell !== null) return throughShell(shell, command);
  return pastProgram(entrypoint, command);
}

/** The arguments of pytest, if a scenario's command runs pytest by its name; else null. */
export function pytestArguments(command: readonly string[] | null): readonly string[] | null {
  const at = (command ?? []).findIndex((word, index) => PYTEST.test(word) && !isValue(command?.[index - 1]));
  return command === null || at < 0 ? null : command.slice(at + 1);
}

function asItIs(args: readonly string[]): TestArguments {
  return { args, entrypoint: null, note: null, uncertain: false };
}

function uncertain(args: readonly string[]): TestArguments {
  return { ...asItIs(args), uncertain: true };
}

function pastProgram(entrypoint: readonly string[], command: readonly string[]): TestArguments {
  if (runsPytest(entrypoint)) return withoutWords(entrypoint, command, afterPytest(command));
  if (runsModules(entrypoint)) return withoutWords(entrypoint, command, afterModuleFlag(command));
  if (runsPython(entrypoint)) return withoutWords(entrypoint, command, afterPython(command));
  return uncertain(command);
}

/** `su app -c`, and `su app -c 'pytest -v'`: the user stays. */
function asOtherUser(entrypoint: readonly string[], command: readonly string[]): TestArguments {
  const at = entrypoint.findIndex((word) => STRING_OPTION.test(word)) + 1;
  const script = at === 0 ? undefined : entrypoint[at];
  if (at === entrypoint.length) return asOneString(command);
  if (script === undefined || argumentUse(script).kind !== 'none') return uncertain(command);
  return { ...asItIs([]), entrypoint: entrypoint.with(at, commandText(command)), note: replaced(script) };
}

function replaced(script: string): string {
  return `The ENTRYPOINT \`${script}\` takes no arguments (shell form), so the command replaces it.`;
}

function throughShell(shell: ShellCall, command: readonly string[]): TestArguments {
  const { reads, script, operands } = shell;
  if (reads === 'file') return throughFile(shell, command);
  if (script === null) return asOneString(command);
  const use = argumentUse(script);
  // The first word after the script is its `$0`, which `$@` leaves out.
  const name = operands.length === 0 ? ['sh'] : [];
  const ofName = "The ENTRYPOINT's script takes its first argument as its own name, so one is put before the command.";
  const named = (inner: TestArguments): TestArguments =>
    name.length === 0 || inner.entrypoint !== null
      ? inner
      : { ...inner, args: [...name, ...inner.args], note: inner.note ?? ofName };
  switch (use.kind) {
    case 'withName':
      return behind([...use.words, ...operands], command);
    case 'behind':
      return named(behind([...use.words, ...operands.slice(1)], command));
    case 'readAgain':
      return named(asOneString(command));
    case 'unclear':
      return named(uncertain(command));
    case 'none':
      return inPlaceOf(shell, script, command);
  }
}

/** The command's words follow others, which may be the program already. */
function behind(words: readonly string[], command: readonly string[]): TestArguments {
  return words.length === 0 ? asItIs(command) : testArguments({ entrypoint: words, command });
}

/** A shell with a file, or with nothing yet: it would read its first argument as a script file. */
function throughFile({ script }: ShellCall, command: readonly string[]): TestArguments {
  if (script !== null) return uncertain(command);
  const [program = ''] = command;
  if (program.startsWith('-') || /\.(?:sh|bash)$/.test(program)) return asItIs(command);
  return {
    ...asItIs(['-c', commandText(command)]),
    note: 'The ENTRYPOINT is a shell without `-c`, so the command is given to it by `-c`, quoted.',
  };
}

function asOneString(command: readonly string[]): TestArguments {
  const [only = '', ...more] = command;
  // One word with spaces in it is a string for the shell already.
  if (more.length === 0 && /\s/.test(only)) return asItIs(command);
  return {
    ...asItIs([commandText(command)]),
    note: 'The ENTRYPOINT is a shell that takes one string, so the command is given to it quoted.',
  };
}

/** Everything before the shell stays: an init program, the user that the tests run as. */
function inPlaceOf({ before }: ShellCall, script: string, command: readonly string[]): TestArguments {
  const [program = '', ...args] = command;
  return {
    args: before.length === 0 ? args : command,
    entrypoint: before.length === 0 ? [program] : before,
    note: replaced(script),
    uncertain: before.length > 0,
  };
}

function runsPytest(entrypoint: readonly string[]): boolean {
  return entrypoint.some((word, index) => PYTEST.test(word) && !isValue(entrypoint[index - 1]));
}

/** `-m pytest` names the module that runs; after any other option the word is that option's value. */
function isValue(before: string | undefined): boolean {
  return before !== undefined && before.startsWith('--') && before !== '--' && !before.includes('=');
}

/** `python -m` or `coverage run -m`: the command adds the module's name. */
function runsModules(entrypoint: readonly string[]): boolean {
  return entrypoint.at(-1) === '-m';
}

function runsPython(entrypoint: readonly string[]): boolean {
  return PYTHON.test(entrypoint.filter((word) => !word.startsWith('-')).at(-1) ?? '');
}

function afterModuleFlag(command: readonly string[]): readonly string[] {
  const [first = '', second, ...rest] = command;
  return PYTHON.test(first) && second === '-m' ? rest : command;
}

function afterPython(command: readonly string[]): readonly string[] {
  const [first = '', ...rest] = command;
  if (PYTHON.test(first)) return rest;
  return PYTEST.test(first) ? ['-m', 'pytest', ...rest] : command;
}

function afterPytest(command: readonly string[]): readonly string[] {
  const [first = '', second, third, ...rest] = command;
  if (PYTEST.test(first)) return command.slice(1);
  return PYTHON.test(first) && second === '-m' && third === 'pytest' ? rest : command;
}

function withoutWords(
  entrypoint: readonly string[],
  command: readonly string[],
  args: readonly string[],
): TestArguments {
  if (args === command) return asItIs(args);
  return {
    ...asItIs(args),
    // Without arguments, `compose run` would add the image's CMD; with `--entrypoint`, it does not.
    entrypoint: args.length === 0 ? entrypoint : null,
    note: `The ENTRYPOINT is already \`${entrypoint.join(' ')}\`, so the command's arguments are given to it: ${args.join(' ') || 'none'}.`,
  };
}
