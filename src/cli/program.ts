/** The command line: which commands there are, and what is said to a wrong one. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { fileDiskError } from '../data/disk-trouble.ts';
import { wrongUsage } from '../model/failure.ts';
import { firstPortOf } from '../temporal/ports.ts';
import { lines } from '../report/text/foreign.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';

export interface Ending {
  /** How the command ended: the process's exit code. */
  readonly ends: (code: number) => void;
  /** A second Ctrl-C: nothing is waited for. */
  readonly leavesAtOnce: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => never;
}

const WRONG_USAGE = 2;

/** What people write to each other. */
const PROSE = new Set(['note', 'reason']);

const EXAMPLES = `
Examples:
  paceline run                                  benchmark the project in this folder
  paceline run --project ../shop --repeat 3     another project, each scenario three times
  paceline run --ref main --json > result.json  a commit, and the result as JSON
  paceline up                                   keep the server, its UI and a worker running
  paceline schedule create --at 04:00           every night
  paceline history targets                      how often each target was met
  paceline detect < series.json                 change points of any series of results
  paceline doctor                               can this machine run a benchmark?

Temporal: the server of TEMPORAL_ADDRESS or of Temporal's own configuration file; with neither, Paceline runs one.
Exit codes: 0 pass, 1 target missed, regressed or tests failed, 2 error or wrong usage, 130 cancelled.`;

/**
 * Runs one command line to its end; whatever goes wrong is said on stderr.
 * @returns the exit code
 */
export async function runProgram(
  argv: readonly string[],
  io: Io,
  leavesAtOnce: Ending['leavesAtOnce'],
): Promise<number> {
  const ended = { code: 0 };
  const ends = (code: number) => {
    ended.code = code;
  };
  try {
    const program = await createProgram(argv, io, { ends, leavesAtOnce });
    await program.parseAsync(argv, { from: 'user' });
    return ended.code;
  } catch (error) {
    return exitCodeOf(error) ?? reportFailure((await fileDiskError(error)) ?? error, io);
  }
}

/** Loads the code of the command that is asked for, and of no other: the worker's libraries take most of a second. */
async function createProgram(argv: readonly string[], io: Io, ending: Ending): Promise<Command> {
  const program = new Command('paceline')
    .description("Benchmarks a project's Docker test pipeline: does it meet its targets, and where does the time go?")
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--no-color', 'no colours, as with NO_COLOR')
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
  settle(program, io);
  return program;
}

/** The command's name is the first word that is not an option; `help run` asks for `run`. */
function askedFor(argv: readonly string[]): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

/**
 * Nothing that is named on a command line is empty or holds control characters. Empty is mostly a variable of a script that
 * is not set: `--project "$FOLDER"` would quietly mean the current one.
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
  if (text === '') throw wrongUsage(`${what} is empty.`, 'Give it a value, or leave it out.');
  if (typeof text !== 'string' || !/\p{Cc}/u.test(text)) return;
  throw wrongUsage(`${what} holds a line break or another control character.`, 'Write it on one line.');
}

/** What the worker would otherwise find wrong only once it is started, or take for not set. */
function checkEnvironment(env: NodeJS.ProcessEnv): void {
  firstPortOf(env);
  const { PACELINE_QUIET_SECONDS: quiet = '' } = env;
  if (quiet.trim() === '' || (Number(quiet) >= 0 && Number.isFinite(Number(quiet)))) return;
  throw wrongUsage(
    `PACELINE_QUIET_SECONDS is ${JSON.stringify(quiet)}, no number of seconds.`,
    'Set it to 0 or more, or leave it unset.',
  );
}

/** `--store` is for the worker in this process as well, and that reads the environment. */
function useStore(action: Command, { env }: Io): void {
  const { store } = action.opts<{ readonly store?: string }>();
  if (store !== undefined) env['PACELINE_STORE'] = store;
}

/** @returns the exit code of what commander itself ended: help and version are fine, the rest is wrong usage */
function exitCodeOf(error: unknown): number | null {
  if (!(error instanceof CommanderError)) return null;
  return error.exitCode === 0 ? 0 : WRONG_USAGE;
}

/** Commander passes these on only to the commands that it makes itself. */
function settle(command: Command, io: Io): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      // It repeats what was typed, which may hold what a terminal obeys.
      outputError: (text, write) => write(`paceline: ${lines(text.replace(/^error: /, '')).join('\n')}`),
    });
  if (command.commands.length > 0) command.showHelpAfterError(false);
  for (const child of command.commands) settle(child, io);
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
