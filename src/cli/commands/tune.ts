/** `paceline tune`: finds the number of workers and the distribution with which a scenario is fastest on this host. */
import { Command } from 'commander';
import { assertOutside, runFolder } from '../../data/directory.ts';
import { TUNE_LIMITS, type TuneInput, type TuneResult, type TuneVerdict } from '../../model/tune.ts';
import { renderTuning } from '../../report/tune.ts';
import { storeLocation } from '../../store/location.ts';
import { checkDisk, checkEngine } from '../checks.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { namePage } from '../name-page.ts';
import { wholeNumber, withDataDirectory, withPorts } from '../options.ts';
import { onHost } from '../run/start.ts';
import { watchWorkflow } from '../run/watch-workflow.ts';
import { idPart, workflowIdOf } from '../run/workflow-id.ts';
import { readSource } from '../source.ts';

interface TuneFlags {
  readonly project: string;
  readonly ref?: string;
  readonly git?: string;
  readonly path?: string;
  readonly scenario?: string;
  readonly budget?: number;
  readonly json?: boolean;
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
}

const EXIT_CODES = { improved: 0, noChange: 0, inconclusive: 0, error: 2, cancelled: 130 } as const satisfies Record<
  TuneVerdict,
  number
>;

const EXAMPLES = `
Examples:
  paceline tune
  paceline tune --scenario 'Quick Tests Only' --budget 20
  paceline tune --ref main --json > tune.json

It takes the times of the tests from the newest stored run of the same commit, settings and hardware, or measures the scenario once.
From these it simulates pytest-xdist with other workers and distributions, and measures the best of them in rounds: after each
round the slower half is left out. It measures a commit (default: HEAD), never your changes
that are not committed, and changes no file of yours.
Exit codes: 0 something is faster, nothing is, or nothing was decided, 2 error or wrong usage, 130 cancelled.`;

export function tuneCommand(io: Io, ending: Ending): Command {
  const command = new Command('tune')
    .option('-p, --project <path>', "the project's folder", '.')
    .option('--ref <ref>', 'a branch, tag or commit (default: HEAD)')
    .option('--git <url>', 'a git repository to fetch, instead of a folder')
    .option('--path <folder>', "with --git: the project's folder in the repository (default: its top)")
    .option('--scenario <name>', 'the scenario (default: the primary one)')
    .option(
      '--budget <minutes>',
      'time limit in minutes; the result uses what was measured by then',
      wholeNumber(1, TUNE_LIMITS.budgetSeconds.most / 60),
    )
    .option('--json', 'result as JSON on stdout')
    .addHelpText('after', EXAMPLES);
  return withPorts(withDataDirectory(command)).action(async (flags: TuneFlags) => {
    ending.ends(await tune(flags, io, ending));
  });
}

async function tune(flags: TuneFlags, io: Io, ending: Ending): Promise<number> {
  const { source, project, commit } = await readSource({ ...flags, ref: flags.ref ?? 'HEAD' }, io);
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  if (project.directory !== null) assertOutside(project.directory, dataDirectory);
  storeLocation({ dataDirectory, url: io.env['PACELINE_STORE'] });
  await checkDisk(dataDirectory);
  await checkEngine(io.env, null);
  const input: TuneInput = {
    source,
    ...(flags.scenario === undefined ? {} : { scenario: flags.scenario }),
    ...(flags.budget === undefined ? {} : { budgetSeconds: flags.budget * 60 }),
  };
  const result = await watched(input, { dataDirectory, project: project.name, commit }, flags, io, ending);
  if (result === null) return EXIT_CODES.cancelled;
  io.out(
    flags.json === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : `\n${renderTuning(result, { color: io.stdout.color, width: io.stdout.width() })}`,
  );
  const folder = runFolder(dataDirectory, result.runId);
  await namePage(folder, 'tune.html', io);
  return EXIT_CODES[result.verdict];
}

interface Where {
  readonly dataDirectory: string;
  readonly project: string;
  readonly commit: string | null;
}

/** @returns null if it was cancelled */
async function watched(
  input: TuneInput,
  where: Where,
  flags: TuneFlags,
  io: Io,
  ending: Ending,
): Promise<TuneResult | null> {
  const { dataDirectory, project, commit } = where;
  return watchWorkflow<TuneResult>(
    {
      type: 'tune',
      workflowId: workflowIdOf({ workflow: 'tune', project, commit, nowMs: Date.now() }),
      inputOn: (worker) => ({ ...input, source: onHost(input.source, worker) }),
      memo: { project: idPart(project) },
      staticSummary: `tune **${project}**`,
    },
    { dataDirectory, ports: flags, json: flags.json ?? false, noun: 'tuning', io, ending },
  );
}
