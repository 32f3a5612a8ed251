/** `paceline explain RUN [BASE] | ALERT`: why the figures of a run moved, or why an alert was raised. */
import { Command } from 'commander';
import { explain } from '../history/explain.ts';
import type { StoreFlags } from '../history/open.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';

const EXAMPLES = `
Examples:
  paceline explain 01a224ea               # a run against the newest run of its baseline
  paceline explain 01a224ef 01a224ea      # a run against another run
  paceline explain feedbeef               # an alert

Without a base, each run is compared with the newest run of its baseline; where there is no baseline yet, with the run before.`;

export function explainCommand(io: Io, ending: Ending): Command {
  const command = new Command('explain')
    .argument('<run or alert>', 'id of a run or an alert, or its first characters')
    .argument('[base]', 'id of the run to compare with, or its first characters (default: the newest of its baseline)')
    .option('--json', 'output as JSON')
    .addHelpText('after', EXAMPLES);
  return withDataDirectory(command).action(
    async (id: string, base: string | undefined, flags: StoreFlags & { readonly json?: boolean }) => {
      await explain(id, base, flags, io);
      ending.ends(0);
    },
  );
}
