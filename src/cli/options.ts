/** Values of flags, each with what is said of a wrong one. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PlanFlags } from '../plan/overrides.ts';

/** A whole number from `least` to `most`, for `argParser`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Give a whole number ${range}.`);
  };
}

export function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError('Give a port from 1 to 65535.');
}

/** May be given several times. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Flags that say what is benchmarked, and what deviates from its paceline.yml. */
export interface SourceFlags extends PlanFlags {
  readonly project: string;
  readonly ref?: string;
  readonly git?: string;
  readonly path?: string;
  /** One scenario, the test service's own command. */
  readonly ownCommand?: boolean;
}

export function withSource(command: Command): Command {
  return command
    .option('-p, --project <path>', "the project's folder", '.')
    .option('--ref <ref>', 'a branch, tag or commit; without it the folder as it lies')
    .option('--git <url>', 'a git repository to fetch, instead of a folder')
    .option('--path <folder>', "with --git: the project's folder in the repository (default: its top)");
}

export function withPlan(command: Command): Command {
  return withSource(command)
    .option('--service <name>', "the compose service that runs the tests (default: the plan's, else `test`)")
    .option(
      '--compose <file>',
      'the compose file, relative to the project; given several times, compose merges them',
      collected,
    )
    .option('--dockerfile <file>', 'the Dockerfile, where the test service has no build of its own')
    .option('--scenario <name>', 'only this scenario; may be given several times', collected)
    .option('--repeat <n>', 'trials of each scenario', wholeNumber(1))
    .option('--warmup <n>', 'trials before those, recorded and never judged', wholeNumber(0))
    .option('--max-trials <n>', 'at most so many trials of a scenario', wholeNumber(1))
    .option('--seed <n>', 'for the random order of repeated trials', wholeNumber(0))
    .option('--lanes <n>', 'at most so many trials beside each other', wholeNumber(1))
    .addOption(new Option('--own-command').hideHelp());
}

export function withDataDirectory(command: Command): Command {
  return command
    .option('--data-dir <path>', "where Paceline keeps its data (default: PACELINE_DATA, else the user's data folder)")
    .option('--store <url>', 'a PostgreSQL that keeps the results, instead of a file there (default: PACELINE_STORE)');
}

export function withPorts(command: Command): Command {
  return command
    .option('--port <n>', 'port of the embedded server (default: 7233, or the next free one)', port)
    .option('--ui-port <n>', 'port of its UI (default: 8233, or the next free one)', port);
}
