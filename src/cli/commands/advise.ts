/** `paceline advise`: what to change, what it saves, and whether that is true. */
import { Command } from 'commander';
import { VERIFY_LIMITS } from '../../model/advice.ts';
import { wrongUsage } from '../../model/failure.ts';
import { renderAdvice } from '../../report/advice-list.ts';
import { advisedRun } from '../advise/advised-run.ts';
import { readToVerify, verify, type VerifyFlags } from '../advise/verify.ts';
import { writePatch } from '../advise/write-patch.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Ending } from '../ending.ts';
import { inStore, printJson, type StoreFlags } from '../history/open.ts';
import type { Io } from '../io.ts';
import { wholeNumber, withDataDirectory, withPorts } from '../options.ts';

interface AdviseFlags extends StoreFlags, VerifyFlags {
  readonly project: string;
  readonly patch?: string;
  readonly unverified?: boolean;
}

const EXAMPLES = `
Examples:
  paceline advise                                  # the newest run of the project in this directory
  paceline advise 0198f3c2 --json
  paceline advise --verify --budget 30
  paceline advise --verify healthcheck-interval
  paceline advise --patch fix.patch && git apply fix.patch

--verify builds copies of the project with and without each remedy, and measures the figure that the remedy changes in
pairs. The same tests have to pass. Your files are never changed: --patch writes the verified remedies as one patch.
Exit codes: 0 done, 2 error or wrong usage, 130 cancelled.`;

export function adviseCommand(io: Io, ending: Ending): Command {
  const command = new Command('advise')
    .argument('[run]', "id of the run, or its first characters (default: the project's newest finished run)")
    .option('-p, --project <path>', 'directory of the project', '.')
    .option('--verify [advice...]', 'measure whether the remedies save what they should (default: all of them)')
    .option(
      '--budget <minutes>',
      'time limit of --verify in minutes; what is decided by then counts',
      wholeNumber(1, VERIFY_LIMITS.budgetSeconds.most / 60),
    )
    .option('--patch <file>', 'write the verified remedies as one patch; - writes to stdout')
    .option('--unverified', 'with --patch: also remedies that are only predicted')
    .option('--json', 'output as JSON')
    .addHelpText('after', EXAMPLES);
  return withPorts(withDataDirectory(command)).action(async (run: string | undefined, flags: AdviseFlags) => {
    ending.ends(await advise(run, flags, io, ending));
  });
}

async function advise(id: string | undefined, flags: AdviseFlags, io: Io, ending: Ending): Promise<number> {
  refuseContradictions(flags);
  const asked = await inStore(flags, io, async (opened) => {
    const run = await advisedRun(opened, id, flags, io);
    if (flags.verify !== undefined) {
      return readToVerify(run, await opened.store.sourceSpec(run.result.runId), flags);
    }
    if (flags.patch !== undefined)
      await writePatch(run, { file: flags.patch, unverified: flags.unverified ?? false }, io);
    else if (flags.json === true) printJson(io, run.listing);
    else io.out(renderAdvice(run.listing, { color: io.stdout.color, width: io.stdout.width() }));
    return null;
  });
  return asked === null ? 0 : verify(asked, dataDirectoryOf(flags.dataDir, io), flags, io, ending);
}

function refuseContradictions({ verify: asked, patch, budget, unverified }: AdviseFlags): void {
  if (asked !== undefined && patch !== undefined) {
    throw wrongUsage('--verify and --patch cannot be used together.', 'Verify first, then write the patch.');
  }
  if (asked === undefined && budget !== undefined) throw wrongUsage('--budget needs --verify.', 'Add --verify.');
  if (patch === undefined && unverified === true) throw wrongUsage('--unverified needs --patch.', 'Add --patch FILE.');
}
