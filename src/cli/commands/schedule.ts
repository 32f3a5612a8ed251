/** `paceline schedule`: benchmarks that a Temporal server starts by itself, every night or by a cron line. */
import { Command } from 'commander';
import { openSession, type Session } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { type SourceFlags, withDataDirectory, withSource, wholeNumber } from '../options.ts';
import type { Ending } from '../ending.ts';
import { readProjectPlan } from '../project-plan.ts';
import { readSource } from '../source.ts';
import { describeSchedule, listSchedules } from '../schedule/show.ts';
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

/** Beyond it a server forgets what was missed. */
const A_YEAR_HOURS = 8_760;

interface IdFlags {
  readonly dataDir?: string;
  readonly note?: string;
}

const EXAMPLES = `
Examples:
  paceline schedule create --at 04:00 --time-zone Europe/Berlin
  paceline schedule create --git https://git.example.com/shop.git --ref main --cron '0 4 * * 1-5'
  paceline schedule list
  paceline schedule pause shop --note 'moving house'

Thresholds are those of the project's paceline.yml at the commit that is measured. A run that is missed by more than the
catch-up window is left out, and one that is still at work is not started a second time. Where clocks change, a time of
that night may not exist or come twice: \`create\` says so. 04:00 comes once every night in nearly all zones.`;

const DESCRIPTIONS: Readonly<Record<ChangeName, string>> = {
  trigger: 'Starts a run now.',
  pause: 'Starts no more runs until it is unpaused.',
  unpause: 'Lets it go on.',
  delete: 'Deletes the schedule; runs that it started stay.',
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
      .description('Creates a schedule, or updates the one of that id in place.')
      .option('--id <id>', "the schedule's id (default: the project's name)")
      .option('--at <time>', 'every day at this time, HH:MM')
      .option('--cron <line>', 'five fields of cron, instead of --at')
      .option('--time-zone <zone>', 'for both, e.g. Europe/Berlin', localTimeZone())
      .option(
        '--catch-up-hours <n>',
        'a run that was missed is made up for within so many hours',
        wholeNumber(1, A_YEAR_HOURS),
        2,
      )
      .option('--note <text>', 'shown with the schedule')
      .action(async (flags: CreateFlags) => {
        scheduleSpec(flags);
        const read = await readSource(flags, io);
        // Read for its name, and so that a wrong one is not noticed only at night; what counts is the file at that time.
        const { plan } = await readProjectPlan(flags, read);
        await within(flags.dataDir, async ({ client }) => {
          const done = await putSchedule(client, { ...flags, project: plan.project, source: read.source });
          const times = localTimes(flags);
          const notes = times === null ? [] : clockNotes(times, flags.timeZone, Date.now());
          io.out([done, ...notes].map((line) => `${line}\n`).join(''));
        });
      }),
  );
  command.addCommand(
    withDataDirectory(new Command('list'))
      .description('Lists the schedules of benchmarks.')
      .action((flags: IdFlags) => within(flags.dataDir, async ({ client }) => io.out(await listSchedules(client)))),
  );
  command.addCommand(
    withDataDirectory(new Command('describe'))
      .description('Shows one schedule: when, what, the last and next runs.')
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
