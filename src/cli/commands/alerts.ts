/** `paceline ack | reset`: how to accept an alert, or start a new baseline. */
import { Command } from 'commander';
import { acknowledgeAlert, resetSeries, type SayFlags } from '../history/change.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';

export function ackCommand(io: Io, ending: Ending): Command {
  const command = new Command('ack')
    .argument('<alert>', 'id of the alert, or its first characters')
    .requiredOption('--reason <text>', 'reason, for later readers')
    .option('--json', 'output as JSON');
  return withDataDirectory(command).action(async (id: string, flags: SayFlags) => {
    await acknowledgeAlert(id, flags, io);
    ending.ends(0);
  });
}

export function resetCommand(io: Io, ending: Ending): Command {
  const command = new Command('reset')
    .argument('<series>', 'id of the series, or its first characters; `paceline history series` lists them')
    .requiredOption('--reason <text>', 'reason, for later readers')
    .option('--from <run>', 'first run of the new baseline (default: the next one)')
    .option('--json', 'output as JSON');
  return withDataDirectory(command).action(async (id: string, flags: SayFlags & { readonly from?: string }) => {
    await resetSeries(id, flags, io);
    ending.ends(0);
  });
}
