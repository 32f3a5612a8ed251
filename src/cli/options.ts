/** Parsers for the values of options, with their error messages. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PlanFlags } from '../plan/overrides.ts';

/** @returns a parser for a whole number from `least` to `most` */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Specify a whole number ${range}.`);
  };
}

export function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError('Specify a port from 1 to 65535.');
}

/** Of the pages that a worker serves. */
export interface PagesFlags {
  readonly pagesHost?: string;
  readonly pagesPort?: number;
  readonly pagesName?: readonly string[];
  readonly uiUrl?: string;
}

export function withPages(command: Command): Command {
  return command
    .option('--pages-port <n>', 'port of the pages (default: 9233, or the next free one)', port)
    .option('--pages-host <address>', 'address on which the pages are served (default: 127.0.0.1)')
    .option('--pages-name <name>', 'name under which browsers may open the pages; may be repeated', collected)
    .option('--ui-url <url>', "address of a configured server's Temporal UI, for links to it", webAddress);
}

function webAddress(text: string): string {
  if (/^https?:\/\/[^/\s]+/.test(text)) return text;
  throw new InvalidArgumentError('Specify an address that begins with http:// or https://.');
}

/** Collects the values of an option that may be repeated. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Options that select what is benchmarked, and that override its paceline.yml. */
export interface SourceFlags extends PlanFlags {
  readonly project: string;
  readonly ref?: string;
  readonly git?: string;
  readonly path?: string;
  /** Run one scenario only: the command of the test service. */
  readonly ownCommand?: boolean;
}

export function withSource(command: Command): Command {
  return command
    .option('-p, --project <path>', 'directory of the project', '.')
    .option('--ref <ref>', 'branch, tag or commit (default: the directory as it is, with uncommitted changes)')
    .option('--git <url>', 'git repository to fetch, instead of a local directory')
    .option('--path <directory>', "with --git: the project's directory in the repository (default: its top)");
}

export function withPlan(command: Command): Command {
  return withSource(command)
    .option('--service <name>', "compose service that runs the tests (default: the plan's, else `test`)")
    .option(
      '--compose <file>',
      'compose file, relative to the project; may be repeated, and compose merges the files',
      collected,
    )
    .option('--dockerfile <file>', 'Dockerfile, if the test service has no `build` section')
    .option('--scenario <name>', 'only this scenario; may be repeated', collected)
    .option('--repeat <n>', 'number of trials of each scenario', wholeNumber(1))
    .option('--warmup <n>', 'number of warm-up trials before them, recorded but never judged', wholeNumber(0))
    .option('--max-trials <n>', 'maximum number of trials of a scenario', wholeNumber(1))
    .option('--seed <n>', 'seed of the random order of repeated trials', wholeNumber(0))
    .option('--lanes <n>', 'maximum number of concurrent trials', wholeNumber(1))
    .addOption(new Option('--own-command').hideHelp());
}

export function withDataDirectory(command: Command): Command {
  return command
    .option('--data-dir <path>', "data directory of Paceline (default: PACELINE_DATA, else the user's data directory)")
    .option('--store <url>', 'PostgreSQL URL for the results, instead of a file there (default: PACELINE_STORE)');
}

export interface MetricsFlags {
  readonly metricsPort?: number;
  readonly metricsHost?: string;
}

export function withMetrics(command: Command): Command {
  return command
    .option(
      '--metrics-port <n>',
      'serve Prometheus metrics at /metrics on this port (default: PACELINE_METRICS_PORT)',
      port,
    )
    .option('--metrics-host <address>', 'address to serve metrics on (default: 127.0.0.1)');
}

/** The environment of a worker that serves metrics as the options say. */
export function metricsEnv(env: NodeJS.ProcessEnv, { metricsPort, metricsHost }: MetricsFlags): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(metricsPort === undefined ? {} : { PACELINE_METRICS_PORT: String(metricsPort) }),
    ...(metricsHost === undefined ? {} : { PACELINE_METRICS_HOST: metricsHost }),
  };
}

export function withPorts(command: Command): Command {
  return command
    .option('--port <n>', 'port of the embedded server (default: 7233, or the next free one)', port)
    .option('--ui-port <n>', 'port of the Temporal UI (default: 8233, or the next free one)', port);
}
