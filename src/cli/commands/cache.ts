/** `paceline cache`: what the build cache gave and cost in the newest runs, and why steps missed it. */
import { Command } from 'commander';
import { cacheLedger } from '../../analysis/ledger/ledger.ts';
import { cacheReport } from '../../report/history/cache.ts';
import { START_ONE, printJson, type StoreFlags, withStore } from '../history/open.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';

interface CacheFlags extends StoreFlags {
  readonly json?: boolean;
}

/** Of the newest runs: the ones before them say what a step took when it last ran. */
const RUNS = 10;

export function cacheCommand(io: Io, ending: Ending): Command {
  const command = new Command('cache')
    .argument('[project]', 'name of the project (default: that of the latest run)')
    .option('--json', 'output as JSON');
  return withDataDirectory(command).action(async (project: string | undefined, flags: CacheFlags) => {
    await printLedger(project, flags, io);
    ending.ends(0);
  });
}

function printLedger(asked: string | undefined, flags: CacheFlags, io: Io): Promise<void> {
  return withStore(
    flags,
    io,
    async ({ store, place }) => {
      const project = asked ?? (await store.listRuns({ limit: 1 }))[0]?.project;
      const runs = project === undefined ? [] : await store.listRuns({ project, limit: RUNS });
      const facts = await Promise.all(runs.toReversed().map(({ run }) => store.loadFacts(run)));
      const entries = cacheLedger(facts);
      if (flags.json === true) return printJson(io, { project: project ?? null, builds: entries });
      if (entries.length > 0) return io.out(cacheReport(entries, io.stdout.width()));
      const of = project === undefined ? '' : ` of ${project}`;
      io.out(`No run${of} in ${place} has a build whose steps are known. ${START_ONE}\n`);
    },
    (place) => {
      if (flags.json === true) return printJson(io, { project: asked ?? null, builds: [] });
      io.out(`No run is recorded in ${place}. ${START_ONE}\n`);
    },
  );
}
