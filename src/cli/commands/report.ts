/** `paceline report`: shows the report of a stored run. */
import { Command } from 'commander';
import { report, type ReportFlags, type ReportMore } from '../history/report.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import { formatOption } from '../report-formats.ts';
import type { Ending } from '../ending.ts';

export function reportCommand(io: Io, ending: Ending): Command {
  return withReport(new Command('report'), io, ending);
}

export function withReport(command: Command, io: Io, ending: Ending, more: ReportMore = {}): Command {
  return withDataDirectory(command)
    .argument('[run]', 'id of the run or comparison, or its first characters (default: the latest run)')
    .addOption(formatOption('how; may be repeated with --output'))
    .option('--json', 'the same as --format json')
    .option('--output <folder>', 'directory for result.json, report.md, report.html and a file for each --format')
    .option('--open', 'open the page in the browser')
    .action(async (run: string | undefined, flags: ReportFlags) => {
      await report(run, flags, io, more);
      ending.ends(0);
    });
}
