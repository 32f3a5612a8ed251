/** `paceline run`: one benchmark from beginning to end, watched. */
import type { RunFlags } from '../run/flags.ts';
import { Command, Option } from 'commander';
import { exitCode } from '../../analysis/judge/exit-code.ts';
import { PacelineError } from '../../model/failure.ts';
import type { Io } from '../io.ts';
import { withDataDirectory, withPlan, withPorts } from '../options.ts';
import type { Ending } from '../ending.ts';
import { present } from '../run/present.ts';
import { checkFormats, fileFormats, formatOption } from '../report-formats.ts';
import { readRequest } from '../run/request.ts';
import { runUntilDone } from '../run/run-until-done.ts';

const CANCELLED = 130;

const EXAMPLES = `
Examples:
  paceline run                                        # the project in this directory
  paceline run --project ../shop --scenario 'Quick Tests Only' --repeat 5
  paceline run --git https://git.example.com/shop.git --ref v1.2 --json > result.json
  paceline run --git https://git.example.com/mono.git --path services/api

Ctrl-C cancels the run, cleans up and shows what was measured. Press Ctrl-C again to quit immediately. In a second
terminal, which is attached to the run of another one, Ctrl-C only detaches.`;

export function runCommand(io: Io, ending: Ending): Command {
  const command = new Command('run')
    .option('--json', 'result as JSON on stdout')
    .option('-o, --output <dir>', 'directory for result.json, report.md, report.html and the logs')
    .addOption(formatOption('with --output: also a file in this format; may be repeated'))
    .option('--strict', 'exit code 1 if the verdict is inconclusive')
    .option('-v, --verbose', "the tests' output while they run, and the whole report at the end")
    .option(
      '--fresh',
      'new run; an unfinished run of the same project, plan and commit is cancelled (default: attach to it)',
    )
    .addOption(new Option('--seed-output').hideHelp())
    .addHelpText('after', EXAMPLES);
  return withPorts(withDataDirectory(withPlan(command))).action(async (flags: RunFlags) => {
    ending.ends(await run(flags, io, ending));
  });
}

async function run(flags: RunFlags, io: Io, ending: Ending): Promise<number> {
  checkFormats(flags.format, flags.output, 0);
  const request = await readRequest(flags, io);
  const { end, serverStays } = await runUntilDone(request, flags, io, ending);
  if (end.kind === 'stopped' || end.kind === 'detached') return CANCELLED;
  if (end.kind === 'withoutResult') {
    if (!end.cancelled) throw new PacelineError(end.problem);
    io.err(`${end.problem.what}\n`);
    return CANCELLED;
  }
  await present(end.result, io, {
    json: flags.json ?? false,
    verbose: flags.verbose ?? false,
    legacyOutput: flags.seedOutput ?? false,
    dataDirectory: request.dataDirectory,
    outputDirectory: request.outputDirectory,
    formats: fileFormats(flags.format),
    serverStays,
  });
  return exitCode(end.result.verdict, { strict: flags.strict ?? false });
}
