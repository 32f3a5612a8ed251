/** The command line: which commands there are, and what is said to a wrong one. */
import type { Ending } from './ending.ts';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { fileDiskError } from '../data/disk-trouble.ts';
import { wrongUsage } from '../model/failure.ts';
import { firstPortOf } from '../temporal/ports.ts';
import { lines } from '../report/text/foreign.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

const WRONG_USAGE = 2;

/** Options with free text: line breaks are allowed. */
const PROSE = new Set(['note', 'reason']);

const EXAMPLES = `
Examples:
  paceline run                                  # benchmark the project in this directory
  paceline run --project ../shop --repeat 3     # benchmark another project, each scenario three times
  paceline run --ref main --json > result.json  # benchmark a branch and write the result as JSON
  paceline up                                   # keep the server, its UI and a worker running
  paceline schedule create --at 04:00           # benchmark every night
  paceline history targets                      # show how often each target was met
  paceline detect < series.json                 # find the change points of any series of results
  paceline doctor                               # check whether this machine can run a benchmark

Temporal: Paceline uses the server of TEMPORAL_ADDRESS or of Temporal's configuration file. Without these it starts one.
Exit codes: 0 pass, 1 target missed, regressed or tests failed, 2 error or wrong usage, 130 cancelled.`;

/**
 * Runs one command line to its end. Errors are reported on stderr.
 * @returns the exit code
 */
export async function runProgram(
  argv: readonly string[],
  io: Io,
  exitImmediately: Ending['exitImmediately'],
): Promise<number> {
  const ended = { code: 0 };
  const ends = (code: number) => {
    ended.code = code;
  };
  try {
    const program = await createProgram(argv, io, { ends, exitImmediately });
    await program.parseAsync(argv, { from: 'user' });
    return ended.code;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode !== null) return exitCode;
    const { reportFailure } = await import('./failure.ts');
    return reportFailure((await fileDiskError(error)) ?? error, io);
  }
}

/** Loads only the code of the given command: importing the worker's libraries takes most of a second. */
async function createProgram(argv: readonly string[], io: Io, ending: Ending): Promise<Command> {
  const program = new Command('paceline')
    .description("Benchmark a project's Docker test pipeline: does it meet its targets, and where does the time go?")
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .option('--no-color', 'output without colours, as with NO_COLOR')
    .addHelpText('after', EXAMPLES)
    .hook('preAction', (_, action) => {
      checkValues(action);
      checkEnvironment(io.env);
      useStore(action, io);
    });
  const asked = askedFor(argv);
  for (const { name, description, load } of COMMANDS) {
    const command = name === asked ? (await load())(io, ending) : new Command(name);
    program.addCommand(command.description(description));
  }
  configureOutput(program, io);
  return program;
}

/** The name of the command: the first word that is not an option. `help run` returns `run`. */
function askedFor(argv: readonly string[]): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

/**
 * Refuses values that are empty or contain control characters. An empty value usually comes from an unset variable of a
 * script: `--project "$FOLDER"` would silently mean the current directory.
 */
function checkValues(action: Command): void {
  for (const [key, value] of Object.entries(action.opts<Readonly<Record<string, unknown>>>())) {
    if (PROSE.has(key)) continue;
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    for (const text of [value].flat()) checkValue(flag, text);
  }
  for (const [index, text] of action.args.entries()) {
    checkValue(action.registeredArguments[index]?.name().toUpperCase() ?? 'An argument', text);
  }
}

function checkValue(what: string, text: unknown): void {
  if (text === '') throw wrongUsage(`${what} is empty.`, 'Specify a value, or leave it out.');
  if (typeof text !== 'string' || !/\p{Cc}/u.test(text)) return;
  throw wrongUsage(`${what} contains a line break or another control character.`, 'Write it in one line.');
}

/** Checks here what the worker would report only after it has started, or would silently ignore. */
function checkEnvironment(env: NodeJS.ProcessEnv): void {
  firstPortOf(env);
  const { PACELINE_QUIET_SECONDS: quiet = '' } = env;
  if (quiet.trim() === '' || (Number(quiet) >= 0 && Number.isFinite(Number(quiet)))) return;
  throw wrongUsage(
    `PACELINE_QUIET_SECONDS is ${JSON.stringify(quiet)}, which is not a number of seconds.`,
    'Set it to a number from 0 up, or unset it.',
  );
}

/** The worker in this process reads the store from the environment, so `--store` is put there. */
function useStore(action: Command, { env }: Io): void {
  const { store } = action.opts<{ readonly store?: string }>();
  if (store !== undefined) env['PACELINE_STORE'] = store;
}

/** @returns the exit code for what commander itself ended: 0 for help and version, else wrong usage */
function exitCodeOf(error: unknown): number | null {
  if (!(error instanceof CommanderError)) return null;
  return error.exitCode === 0 ? 0 : WRONG_USAGE;
}

/** Commander does not pass these settings on to commands that it did not create. */
function configureOutput(command: Command, io: Io): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      // The message repeats what was typed, which may contain escape sequences for the terminal.
      outputError: (text, write) => write(`paceline: ${lines(withHint(text, command)).join('\n')}`),
    });
  if (command.commands.length > 0) command.showHelpAfterError(false);
  for (const child of command.commands) configureOutput(child, io);
}

/** Commander says what is wrong with a command line, and this what to type. */
function withHint(text: string, command: Command): string {
  const message = text.replace(/^error: /, '');
  const [, words] = /^too many arguments for .*: (.+)\.$/.exec(message.trim()) ?? [];
  const takesProject = command.options.some(({ short }) => short === '-p');
  const isOne = words !== undefined && !words.includes(', ');
  if (isOne && takesProject && command.registeredArguments.length === 0) {
    return `${message}Did you mean --project ${words}?\n`;
  }
  if (words !== undefined || message.startsWith('missing required argument')) {
    return `${message}Usage: ${commandPath(command)} ${command.usage()}\n`;
  }
  return message;
}

/** "paceline schedule create" */
function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}
