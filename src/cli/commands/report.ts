/** `paceline report`: a stored run's report. */
import { Command, Option } from 'commander';
import { report, type ReportFlags, type ReportMore } from '../history/report.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';

export function reportCommand(io: Io, ending: Ending): Command {
  return withReport(new Command('report'), io, ending);
}

export function withReport(command: Command, io: Io, ending: Ending, more: ReportMore = {}): Command {
  return withDataDirectory(command)
    .argument('[run]', "the run's id, or the beginning of it")
    .addOption(new Option('--format <format>', 'how').choices(['terminal', 'markdown', 'json']).default('terminal'))
    .option('--json', 'the same as --format json')
    .option('--output <folder>', 'write result.json and report.md there as well')
    .action(async (run: string | undefined, flags: ReportFlags) => {
      await report(run, flags, io, more);
      ending.ends(0);
    });
}
