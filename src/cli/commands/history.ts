/** `paceline history`: earlier runs. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS, IMPORT_FORMATS } from '../../data/interchange/index.ts';
import { readDuration, readRatio } from '../../plan/quantities.ts';
import { type AdviceHistoryFlags, listHonesty } from '../history/advice.ts';
import { prune, type PruneFlags } from '../history/change.ts';
import { listComparisons } from '../history/comparisons.ts';
import { exportPoints, type ExportFlags, importFile, type ImportFlags } from '../history/interchange.ts';
import {
  listRegressions,
  listRuns,
  listSeries,
  listTargets,
  type LookFlags,
  type RejudgeFlags,
  rejudgeRuns,
} from '../history/look.ts';
import type { Io } from '../io.ts';
import { wholeNumber, withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';
import { withReport } from './report.ts';

const EXAMPLES = `
Examples:
  paceline history                                   # list the latest runs
  paceline history targets                           # show how often each target was met, worst first
  paceline history comparisons                       # list the latest comparisons
  paceline history regressions --open                # list regressions that are not acknowledged
  paceline history advice                            # show how good the predictions of savings were
  paceline history rejudge --regression 15%          # try another threshold on past runs
  paceline history prune --keep 200 --older-than 90d
  paceline history import dev/bench/data.js --as old-ci
  paceline history export --format openmetrics > paceline.om`;

export function historyCommand(io: Io, ending: Ending): Command {
  const does =
    <Flags>(work: (flags: Flags, io: Io) => Promise<void>) =>
    async (flags: Flags) => {
      await work(flags, io);
      ending.ends(0);
    };
  const command = new Command('history').addHelpText('after', EXAMPLES);
  command.addCommand(looking('list', 'List the latest runs, newest first.').action(does<LookFlags>(listRuns)), {
    isDefault: true,
  });
  command.addCommand(
    withReport(
      new Command('show').description(
        'Show the report of a run, as `paceline report` does, with its alerts and their ids.',
      ),
      io,
      ending,
      { alerts: true },
    ),
  );
  command.addCommand(
    looking('targets', 'Show the share of the last 30 clean runs that met each target, worst first.').action(
      does<LookFlags>(listTargets),
    ),
  );
  command.addCommand(
    looking('regressions', 'List alerts: suspected, confirmed, or inconclusive.')
      .option('--open', 'only alerts that are not acknowledged yet')
      .option('--all', 'all alerts, cleared ones included')
      .action(does(listRegressions)),
  );
  command.addCommand(
    withDataDirectory(
      new Command('advice').description('Show how good the predictions of each audit were: predicted over verified.'),
    )
      .argument('[project]', 'only remedies of this project')
      .option('--json', 'output as JSON')
      .action(async (project: string | undefined, flags: AdviceHistoryFlags) => {
        await listHonesty(project, flags, io);
        ending.ends(0);
      }),
  );
  command.addCommand(
    looking('comparisons', 'List the latest comparisons, newest first. `paceline report ID` shows one.').action(
      does<LookFlags>(listComparisons),
    ),
  );
  command.addCommand(looking('series', 'List the series of results.').action(does<LookFlags>(listSeries)));
  command.addCommand(
    looking('rejudge', 'Show which past runs another threshold would have marked as suspected regressions.')
      .requiredOption('--regression <share>', 'threshold, e.g. 15%', ratio)
      .option('--floor <duration>', "smallest difference that counts (default: the newest plan's)", seconds)
      .option('--last <n>', 'number of newest runs of each series to judge', wholeNumber(1), 90)
      .action(does<RejudgeFlags>(rejudgeRuns)),
  );
  command.addCommand(
    withDataDirectory(new Command('prune').description('Delete old runs: their rows, figures and directories.'))
      .option('--keep <n>', 'number of newest runs to keep of each project', wholeNumber(0))
      .option('--older-than <age>', 'minimum age of the runs to delete, e.g. 90d, 12w', age)
      .option('--project <name>', 'only runs of this project')
      .option('--yes', 'no confirmation prompt')
      .option('--dry-run', 'list of what would be deleted; nothing is deleted')
      .option('--json', 'output as JSON')
      .action(does<PruneFlags>(prune)),
  );
  command.addCommand(
    withDataDirectory(new Command('import').description('Import figures of other tools, as separate series.'))
      .argument('<file>', 'file to import, or - for stdin')
      .addOption(new Option('--format <format>', 'format of the file (default: detected)').choices(IMPORT_FORMATS))
      .option('--as <name>', 'name of the imported series (default: name of the file)')
      .option('--commit <commit>', 'commit of figures without one')
      .option('--at <time>', 'time of figures without one (default: modification time of the file)')
      .option('--json', 'output as JSON')
      .action(async (file: string, flags: ImportFlags) => {
        await importFile(file, flags, io);
        ending.ends(0);
      }),
  );
  command.addCommand(
    withDataDirectory(new Command('export').description('Export the figures of clean runs for other tools.'))
      .addOption(new Option('--format <format>', 'output format').choices(EXPORT_FORMATS).default('jsonl'))
      .option('--project <name>', 'only this project')
      .option('--imported [name]', 'export imported series')
      .option('--output <file>', 'output file (default: stdout)')
      .action(does<ExportFlags>(exportPoints)),
  );
  return command;
}

function looking(name: string, description: string): Command {
  return withDataDirectory(new Command(name).description(description))
    .option('--project <name>', 'only the project with this name')
    .option('--limit <n>', 'maximum number of lines', wholeNumber(1))
    .option('--json', 'output as JSON');
}

function ratio(text: string): number {
  const reading = readRatio(text, { most: 100 });
  if (reading.kind === 'value' && reading.value > 0) return reading.value;
  throw new InvalidArgumentError('Write it like 15% or 0.15.');
}

function seconds(text: string): number {
  const reading = readDuration(text, { zero: true });
  if (reading.kind === 'value') return reading.value;
  throw new InvalidArgumentError('Write it like 2s or 500ms.');
}

const AGES_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A hundred years, which is older than any measurement. */
const MOST_AGE_MS = 5_200 * 7 * 86_400_000;

/** @returns milliseconds */
function age(text: string): number {
  const [, number, unit] = /^(\d+)\s*([hdw])(?:ours?|ays?|eeks?)?$/.exec(text.trim()) ?? [];
  const milliseconds = Number(number) * (AGES_MS[unit ?? ''] ?? Number.NaN);
  if (milliseconds <= MOST_AGE_MS) return milliseconds;
  throw new InvalidArgumentError('Write it like 90d, 12w or 36h, at most 5200w.');
}
