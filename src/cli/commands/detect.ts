/** `paceline detect`: finds the change points of any series, from stdin to stdout. */
import { Command, Option } from 'commander';
import { analyzeSeries } from '../../analysis/changepoints/detect.ts';
import type { Io } from '../io.ts';
import type { Ending } from '../ending.ts';
import { wrongUsage } from '../../model/failure.ts';
import { seriesFromCsv } from '../series/csv.ts';
import { seriesFromJson } from '../series/json.ts';

interface DetectFlags {
  readonly better: 'lower' | 'higher';
  readonly detail?: boolean;
  readonly column?: string;
}

const EXAMPLES = `
Examples:
  echo '{"series":[[10,11,10,10,11,10,14,15,14,14,15]]}' | paceline detect
  paceline detect --better higher --detail < throughput.json
  paceline detect --column seconds < nightly.csv

Input: {"series":[[…],…]}, or CSV with one run per line. Oldest first.
Output: {"changePoints":[[…],…]}: for each series, the index of the first run at each new level, counted from 0.
--detail adds for each series its change points (direction, levels, effect, 95 % interval, confidence) and its segments.
A segment can be marked as a possible drift instead of a level.`;

export function detectCommand(io: Io, ending: Ending): Command {
  return new Command('detect')
    .addOption(
      new Option('--better <direction>', 'direction of better values').choices(['lower', 'higher']).default('lower'),
    )
    .option('--detail', 'effect, interval and confidence of each change point, and the segments')
    .option('--column <column>', 'column of the CSV: its name, or its number from 1 up')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DetectFlags) => {
      io.out(`${JSON.stringify(detect(await io.input(), flags))}\n`);
      ending.ends(0);
    });
}

function detect(input: string, { better, detail = false, column }: DetectFlags) {
  const analyses = seriesOf(input, column).map((values) => analyzeSeries(values, { better }));
  return {
    changePoints: analyses.map(({ changePoints }) => changePoints.map(({ index }) => index)),
    ...(detail ? { detail: analyses } : {}),
  };
}

function seriesOf(input: string, column: string | undefined): number[][] {
  if (!/^\s*[[{]/.test(input)) return [seriesFromCsv(input, column)];
  if (column === undefined) return seriesFromJson(input);
  throw wrongUsage('The input is JSON, which has no columns.', 'Leave out --column, or pass CSV.');
}
