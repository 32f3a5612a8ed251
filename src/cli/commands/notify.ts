/** `paceline notify test`: sends a sample to every receiver, from this machine and with this environment. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { PacelineError, wrongUsage } from '../../model/failure.ts';
import type { NotifyEvent, Receiver } from '../../model/notify.ts';
import { configuredReceivers } from '../../notify/config.ts';
import { send } from '../../notify/send.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { type SourceFlags, withDataDirectory, withSource } from '../options.ts';
import { readProjectPlan } from '../project-plan.ts';
import { findSource } from '../source.ts';

interface NotifyFlags extends SourceFlags {
  readonly dataDir?: string;
}

const EXAMPLES = `
Examples:
  paceline notify test                 # all receivers of ./paceline.yml and of the data directory's config.json
  paceline notify test slack           # only the receivers with this name`;

export function notifyCommand(io: Io, ending: Ending): Command {
  const test = new Command('test')
    .description('Send a sample event to each receiver, and say what it answered.')
    .argument('[name]', 'only receivers with this name')
    .addHelpText('after', EXAMPLES);
  withDataDirectory(withSource(test)).action(async (name: string | undefined, flags: NotifyFlags) => {
    ending.ends(await sendSamples(name, flags, io));
  });
  return new Command('notify').addCommand(test);
}

async function sendSamples(name: string | undefined, flags: NotifyFlags, io: Io): Promise<number> {
  const { source, nameOf } = await findSource(flags, io);
  const { plan } = await readProjectPlan(flags, source, nameOf);
  const all = [...(plan.notify ?? []), ...(await configuredReceivers(dataDirectoryOf(flags.dataDir, io)))];
  const receivers = all.filter((receiver) => name === undefined || receiver.name.replace(/^\w+\//, '') === name);
  if (receivers.length === 0) {
    throw wrongUsage(
      name === undefined ? 'No receiver is configured.' : `No receiver is called ${name}.`,
      "Add one under notify in paceline.yml or in the data directory's config.json. See docs/notifications.md.",
    );
  }
  const event = sample(plan.project);
  let failed = 0;
  for (const receiver of receivers) failed += (await sends(receiver, event, io)) ? 0 : 1;
  return failed === 0 ? 0 : 1;
}

async function sends(receiver: Receiver, event: NotifyEvent, io: Io): Promise<boolean> {
  try {
    await send(receiver, { events: [event], repeat: false }, { env: io.env });
    io.out(`${receiver.name}: delivered\n`);
    return true;
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error;
    io.out(`${receiver.name}: not delivered. ${error.problem.what}\n`);
    return false;
  }
}

function sample(project: string): NotifyEvent {
  return {
    id: `sample/${randomUUID()}`,
    kind: 'missed',
    project,
    runId: 'sample',
    at: new Date().toISOString(),
    commit: null,
    branch: null,
    verdict: 'missed',
    metric: 'total.duration',
    scenario: null,
    message: 'This is a sample from `paceline notify test`. No run missed a target.',
  };
}
