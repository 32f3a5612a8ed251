/** `paceline ci`: what a job of GitHub Actions does, decided by what started it. */
import { Command, Option } from 'commander';
import type { CiOutcome } from '../../model/ci-outcome.ts';
import { exitCodeOf, failingVerdicts, MODES, type Task } from '../ci/decide.ts';
import { HISTORIES } from '../ci/history.ts';
import { type CiFlags, type Job, prepareJob } from '../ci/job.ts';
import { measure } from '../ci/measure.ts';
import { onScreen, outcomeOf, stepSummary, writeOutcome } from '../ci/outcome.ts';
import { tellGithub } from '../ci/tell.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { wholeNumber, withDataDirectory, withPorts } from '../options.ts';

const CANCELLED = 130;
const DEFAULT_BUDGET_MINUTES = 30;

const EXAMPLES = `
Examples:
  paceline ci                                    # in a job of GitHub Actions: what its event asks for
  paceline ci --history branch --project services/api
  paceline ci --mode compare --budget 20 --fail-on regressed

On the default branch the commit is run and recorded. On a pull request it is run and compared with the recorded runs on this
hardware; what looks slower is confirmed against the merge base, in pairs on this machine. Without such runs, all of it
is compared with the merge base. docs/github.md explains all options.
Exit codes: 0 passed, 1 a verdict of --fail-on, 2 error or wrong usage, 130 cancelled.`;

type Given = CiFlags & { readonly store?: string };

export function ciCommand(io: Io, ending: Ending): Command {
  const command = new Command('ci')
    .option('-p, --project <path>', 'directory of the project', '.')
    .option('--scenario <names>', 'only these scenarios, one a line (default: all of the plan)')
    .option('--plan <file>', "plan to use instead of the project's paceline.yml")
    .addOption(new Option('--mode <mode>', 'what to do').choices(MODES).default('auto'))
    .addOption(new Option('--history <place>', 'where runs are recorded').choices(HISTORIES).default('none'))
    .option('--history-dir <path>', 'with --history cache: directory that the cache saves and restores')
    .option('--fail-on <verdicts>', 'verdicts that fail the job, with commas; `none` for none')
    .option(
      '--budget <minutes>',
      'time limit of confirmations and comparisons, in minutes',
      wholeNumber(1, 1_440),
      DEFAULT_BUDGET_MINUTES,
    )
    .option('--accept <alert>', 'on the default branch: alert to accept first, by its id, or `all`')
    .option('-o, --output <dir>', 'directory for ci.json and the reports')
    .addHelpText('after', EXAMPLES);
  return withPorts(withDataDirectory(command)).action(async (given: Given) => {
    const env = given.store ? { ...io.env, PACELINE_STORE: given.store } : io.env;
    ending.ends(await ci(given, { ...io, env }, ending));
  });
}

async function ci(flags: CiFlags, io: Io, ending: Ending): Promise<number> {
  // A typing error is said before anything runs.
  failingVerdicts(flags.failOn ?? '', { kind: 'other', why: '' });
  const job = await prepareJob(flags, io);
  io.err(`${TASKS[job.task.kind](job)}\n`);
  const measured = await measure(job, flags, io, ending);
  if (measured === null) return CANCELLED;
  const outcome: CiOutcome = outcomeOf(job, measured, flags, io);
  await writeOutcome(outcome, job, measured);
  io.out(onScreen(measured, io));
  await tellGithub(outcome, stepSummary(measured), measured.isRecorded, io);
  io.err(`Report: ${outcome.files.report}\n`);
  return exitCodeOf(outcome.verdict, failingVerdicts(flags.failOn ?? '', job.event));
}

const TASKS: Readonly<Record<Task['kind'], (job: Job) => string>> = {
  record: () => 'This run is recorded: later runs are compared with it.',
  check: ({ task }) =>
    `This change is judged against ${'base' in task ? task.base.slice(0, 7) : ''}; this run is not recorded.`,
  compare: ({ task }) =>
    task.kind === 'compare' ? `Compared in pairs with ${task.base.slice(0, 7)}. ${task.why}` : '',
  measure: ({ task }) => `This run is judged alone and not recorded. ${'why' in task ? task.why : ''}`,
};
