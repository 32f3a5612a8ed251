/** `paceline explain | ack | reset`: what an alert rests on, and what people say to it. */
import { Command } from 'commander';
import { acknowledgeAlert, explainAlert, resetSeries, type SayFlags } from '../history/change.ts';
import type { StoreFlags } from '../history/open.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';

export function explainCommand(io: Io, ending: Ending): Command {
  const command = new Command('explain')
    .argument('<alert>', "the alert's id, or the beginning of it: `paceline history regressions` lists them")
    .option('--json', 'as JSON');
  return withDataDirectory(command).action(async (id: string, flags: StoreFlags & { readonly json?: boolean }) => {
    await explainAlert(id, flags, io);
    ending.ends(0);
  });
}

export function ackCommand(io: Io, ending: Ending): Command {
  const command = new Command('ack')
    .argument('<alert>', "the alert's id, or the beginning of it")
    .requiredOption('--reason <text>', 'why, for whoever looks at it later')
    .option('--json', 'as JSON');
  return withDataDirectory(command).action(async (id: string, flags: SayFlags) => {
    await acknowledgeAlert(id, flags, io);
    ending.ends(0);
  });
}

export function resetCommand(io: Io, ending: Ending): Command {
  const command = new Command('reset')
    .argument('<series>', "the series' id, or the beginning of it: `paceline history series` lists them")
    .requiredOption('--reason <text>', 'why, for whoever looks at it later')
    .option('--from <run>', 'begin with this run (default: with the next one)')
    .option('--json', 'as JSON');
  return withDataDirectory(command).action(async (id: string, flags: SayFlags & { readonly from?: string }) => {
    await resetSeries(id, flags, io);
    ending.ends(0);
  });
}
