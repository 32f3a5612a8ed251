/** `paceline history`: what was measured before. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS, IMPORT_FORMATS } from '../../data/interchange/index.ts';
import { readDuration, readRatio } from '../../plan/quantities.ts';
import { prune, type PruneFlags } from '../history/change.ts';
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
  paceline history                                   the latest runs
  paceline history targets                           how often each target was met, worst first
  paceline history regressions --open                what is slower and nobody has accepted
  paceline history rejudge --regression 15%          what another threshold would have made of it
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
  command.addCommand(looking('list', 'The latest runs, the newest first.').action(does<LookFlags>(listRuns)), {
    isDefault: true,
  });
  command.addCommand(
    withReport(
      new Command('show').description('The report of a run, as `paceline report`, and its alerts with their ids.'),
      io,
      ending,
      { alerts: true },
    ),
  );
  command.addCommand(
    looking('targets', 'The share of the last 30 clean runs that met each target, worst first.').action(
      does<LookFlags>(listTargets),
    ),
  );
  command.addCommand(
    looking('regressions', 'Alerts: suspected, confirmed, or not decided.')
      .option('--open', 'only those that nobody has accepted yet')
      .option('--all', 'also those that were cleared')
      .action(does(listRegressions)),
  );
  command.addCommand(looking('series', 'The series that runs are compared in.').action(does<LookFlags>(listSeries)));
  command.addCommand(
    looking('rejudge', 'Which of the past runs another threshold would have suspected.')
      .requiredOption('--regression <share>', 'the threshold, e.g. 15%', ratio)
      .option('--floor <duration>', "the least difference (default: the newest plan's)", seconds)
      .option('--last <n>', 'the newest so many runs of each series', wholeNumber(1), 90)
      .action(does<RejudgeFlags>(rejudgeRuns)),
  );
  command.addCommand(
    withDataDirectory(new Command('prune').description('Deletes old runs: their rows, figures and folders.'))
      .option('--keep <n>', 'the newest so many of each project stay', wholeNumber(0))
      .option('--older-than <age>', 'only what is older, e.g. 90d, 12w', age)
      .option('--project <name>', 'only runs of this project')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'only say what would go')
      .option('--json', 'as JSON')
      .action(does<PruneFlags>(prune)),
  );
  command.addCommand(
    withDataDirectory(new Command('import').description("Takes over other tools' figures, as series of their own."))
      .argument('<file>', 'the file; - for stdin')
      .addOption(new Option('--format <format>', 'its format (default: as it looks)').choices(IMPORT_FORMATS))
      .option('--as <name>', "how they are called (default: the file's name)")
      .option('--commit <commit>', 'of figures that do not say of which commit they are')
      .option('--at <time>', "of figures that do not say when they were measured (default: the file's time)")
      .option('--json', 'as JSON')
      .action(async (file: string, flags: ImportFlags) => {
        await importFile(file, flags, io);
        ending.ends(0);
      }),
  );
  command.addCommand(
    withDataDirectory(new Command('export').description("Writes the clean runs' figures for other tools."))
      .addOption(new Option('--format <format>', 'the format').choices(EXPORT_FORMATS).default('jsonl'))
      .option('--project <name>', 'only this project')
      .option('--imported [name]', 'those that were imported, instead of ours')
      .option('--output <file>', 'into a file')
      .action(does<ExportFlags>(exportPoints)),
  );
  return command;
}

function looking(name: string, description: string): Command {
  return withDataDirectory(new Command(name).description(description))
    .option('--project <name>', 'only this project, by its name')
    .option('--limit <n>', 'at most so many', wholeNumber(1))
    .option('--json', 'as JSON');
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

/** A hundred years: before anything that was measured. */
const MOST_AGE_MS = 5_200 * 7 * 86_400_000;

/** @returns milliseconds */
function age(text: string): number {
  const [, number, unit] = /^(\d+)\s*([hdw])(?:ours?|ays?|eeks?)?$/.exec(text.trim()) ?? [];
  const milliseconds = Number(number) * (AGES_MS[unit ?? ''] ?? Number.NaN);
  if (milliseconds <= MOST_AGE_MS) return milliseconds;
  throw new InvalidArgumentError('Write it like 90d, 12w or 36h, at most 5200w.');
}
