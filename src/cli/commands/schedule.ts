/** `paceline schedule`: benchmarks that a Temporal server starts every night or by a cron expression. */
import { Command } from 'commander';
import { openSession, type Session } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { type SourceFlags, withDataDirectory, withSource, wholeNumber } from '../options.ts';
import type { Ending } from '../ending.ts';
import { checkProject } from '../checks.ts';
import { printJson } from '../history/open.ts';
import { temporalTarget } from '../../temporal-client/connect.ts';
import { readProjectPlan } from '../project-plan.ts';
import { readSource } from '../source.ts';
import { describeSchedule, listSchedules, schedulesOf } from '../schedule/show.ts';
import { putSchedule } from '../schedule/put.ts';
import { type ChangeName, changeSchedule } from '../schedule/change.ts';
import { clockNotes } from '../schedule/clock-notes.ts';
import { localTimes, localTimeZone, scheduleSpec } from '../schedule/times.ts';

type CreateFlags = SourceFlags & {
  readonly id?: string;
  readonly cron?: string;
  readonly at?: string;
  readonly timeZone: string;
  readonly catchUpHours: number;
  readonly note?: string;
  readonly dataDir?: string;
};

/** Temporal forgets missed runs after a year. */
const A_YEAR_HOURS = 8_760;

interface IdFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly note?: string;
}

const EXAMPLES = `
Examples:
  paceline schedule create --at 04:00 --time-zone Europe/Berlin
  paceline schedule create --git https://git.example.com/shop.git --ref main --cron '0 4 * * 1-5'
  paceline schedule list
  paceline schedule pause shop --note 'moving house'

The thresholds are those of the project's paceline.yml at the measured commit. A missed run is started late, within the
catch-up window, or skipped. It is also skipped while the previous one is still running. When the clocks change, a time of
that night may not exist or may occur twice: \`create\` warns about it. 04:00 occurs once every night in nearly all zones.`;

const DESCRIPTIONS: Readonly<Record<ChangeName, string>> = {
  trigger: 'Start a run now.',
  pause: 'Pause a schedule: it starts no runs until it is unpaused.',
  unpause: 'Resume a paused schedule.',
  delete: 'Delete a schedule. Runs that it started are kept.',
};

export function scheduleCommand(io: Io, ending: Ending): Command {
  const within = async (dataDir: string | undefined, work: (session: Session) => Promise<void>) => {
    const dataDirectory = dataDirectoryOf(dataDir, io);
    const session = await openSession({ dataDirectory, mode: 'client', env: io.env });
    try {
      await work(session);
      ending.ends(0);
    } finally {
      await session.close();
    }
  };
  const command = new Command('schedule').addHelpText('after', EXAMPLES);
  command.addCommand(
    withDataDirectory(withSource(new Command('create')))
      .description('Create a schedule, or update the one with the same id.')
      .option('--id <id>', 'id of the schedule (default: the name of the project)')
      .option('--at <time>', 'time of day of a daily run, HH:MM')
      .option('--cron <expression>', 'cron expression with five fields, instead of --at')
      .option('--time-zone <zone>', 'time zone of --at and --cron, e.g. Europe/Berlin', localTimeZone())
      .option(
        '--catch-up-hours <n>',
        'maximum delay in hours of a run that was missed',
        wholeNumber(1, A_YEAR_HOURS),
        2,
      )
      .option('--note <text>', 'note to show with the schedule')
      .action(async (flags: CreateFlags) => {
        scheduleSpec(flags);
        const read = await readSource(flags, io);
        // Only the name is used. Reading the plan now also reports a mistake in it before the first night. Each run reads it again.
        const { plan } = await readProjectPlan(flags, read.source, async () => read.project.name);
        if (!('git' in read.source)) await checkProject(io.env, read.source, plan);
        await within(flags.dataDir, async ({ client }) => {
          const done = await putSchedule(client, { ...flags, project: plan.project, source: read.source });
          const times = localTimes(flags);
          const notes = times === null ? [] : clockNotes(times, flags.timeZone, Date.now());
          io.out([done, mustBeRunning(flags, io), ...notes].map((line) => `${line}\n`).join(''));
        });
      }),
  );
  command.addCommand(
    withDataDirectory(new Command('list'))
      .description('List the schedules of benchmarks.')
      .option('--json', 'output as JSON')
      .action((flags: IdFlags) =>
        within(flags.dataDir, async ({ client }) => {
          if (flags.json) printJson(io, await schedulesOf(client));
          else io.out(await listSchedules(client));
        }),
      ),
  );
  command.addCommand(
    withDataDirectory(new Command('describe'))
      .description('Show one schedule: its times, its input, and its last and next runs.')
      .argument('<id>')
      .action((id: string, flags: IdFlags) =>
        within(flags.dataDir, async ({ client }) => io.out(await describeSchedule(client, id))),
      ),
  );
  const changes = Object.entries(DESCRIPTIONS) as [ChangeName, string][];
  for (const [name, description] of changes) {
    const change = withDataDirectory(new Command(name)).description(description).argument('<id>');
    if (name === 'pause' || name === 'unpause') change.option('--note <text>', 'why');
    change.action((id: string, flags: IdFlags) =>
      within(flags.dataDir, async ({ client }) => io.out(`${await changeSchedule(client, name, id, flags.note)}\n`)),
    );
    command.addCommand(change);
  }
  return command;
}

/** Nothing starts a run while the server is off, and nothing runs it without a worker. */
function mustBeRunning({ catchUpHours }: CreateFlags, { env }: Io): string {
  const what = temporalTarget(env).kind === 'embedded' ? '`paceline up`' : 'a worker (`paceline worker`)';
  return `Keep ${what} running: a run that is more than ${catchUpHours} h late is skipped.`;
}
