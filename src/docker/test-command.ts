/** How a scenario's command reaches the test container past the image's ENTRYPOINT. */

export interface TestArguments {
  /** Arguments after the service's name in `compose run`; none runs the service's own command. */
  readonly args: readonly string[];
  /** One word for `--entrypoint` where the image's would not let the command through; else null. */
  readonly entrypoint: string | null;
  /** What was changed and why, one sentence; null where nothing was. */
  readonly note: string | null;
}

const SHELL = /^(?:.*\/)?(?:sh|bash|dash|ash|zsh)$/;
const PYTHON = /^(?:.*\/)?python(?:\d+(?:\.\d+)?)?$/;
const PYTEST = /^(?:.*\/)?(?:pytest|py\.test)$/;

/**
 * @param input.entrypoint the service's, else the image's; null or empty where there is none
 * @param input.command the scenario's argument vector; null means the test service's own command
 */
export function testArguments(input: {
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
}): TestArguments {
  const { command } = input;
  const entrypoint = input.entrypoint ?? [];
  if (command === null) return { args: [], entrypoint: null, note: null };
  if (entrypoint.length === 0) return { args: command, entrypoint: null, note: null };
  const shell = shellOf(entrypoint);
  if (shell !== null) return throughShell(shell, command);
  if (runsPytest(entrypoint)) return withoutWords(entrypoint, command, afterPytest(command));
  if (runsModules(entrypoint)) return withoutWords(entrypoint, command, afterModuleFlag(command));
  if (runsPython(entrypoint)) return withoutWords(entrypoint, command, afterPython(command));
  return { args: command, entrypoint: null, note: null };
}

interface Shell {
  /** What stands after `-c`; null where the command itself is to be the script. */
  readonly script: string | null;
  /** The first word after the script is `$0` there. */
  readonly hasName: boolean;
}

function shellOf(entrypoint: readonly string[]): Shell | null {
  const [program = '', flag = '', script, name] = entrypoint;
  if (!SHELL.test(program) || !/^-[a-z]*c$/.test(flag)) return null;
  return { script: script ?? null, hasName: name !== undefined };
}

function throughShell({ script, hasName }: Shell, command: readonly string[]): TestArguments {
  if (script === null) {
    return {
      args: [command.map(quoted).join(' ')],
      entrypoint: null,
      note: 'The ENTRYPOINT is a shell that takes one string, so the command is given to it quoted.',
    };
  }
  if (/\$0|\$\{0\}/.test(script) || (hasName && passesArguments(script)))
    return { args: command, entrypoint: null, note: null };
  if (passesArguments(script)) {
    return {
      args: ['sh', ...command],
      entrypoint: null,
      note: "The ENTRYPOINT's script takes its first argument as its own name, so one is put before the command.",
    };
  }
  const [program = '', ...args] = command;
  return {
    args,
    entrypoint: program,
    note: `The ENTRYPOINT \`${script}\` takes no arguments (shell form), so the command replaces it.`,
  };
}

function passesArguments(script: string): boolean {
  return /\$(?:[@*1-9]|\{[@*1-9])/.test(script);
}

function runsPytest(entrypoint: readonly string[]): boolean {
  return entrypoint.some((word, index) => PYTEST.test(word) && !isValue(entrypoint[index - 1]));
}

/** `-m pytest` names the module that runs; after any other option the word is that option's value. */
function isValue(before: string | undefined): boolean {
  return before !== undefined && before.startsWith('--') && before !== '--' && !before.includes('=');
}

/** `python -m`, to which the command gives the module's name. */
function runsModules(entrypoint: readonly string[]): boolean {
  return entrypoint.at(-1) === '-m' && runsPython(entrypoint);
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
  if (args === command) return { args, entrypoint: null, note: null };
  return {
    args,
    entrypoint: null,
    note: `The ENTRYPOINT is already \`${entrypoint.join(' ')}\`, so the command's arguments are given to it: ${args.join(' ') || 'none'}.`,
  };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
