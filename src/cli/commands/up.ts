/** `paceline up`: server, UI and worker, until Ctrl-C. */
import { Command } from 'commander';
import { SHARED_QUEUE } from '../../model/activities.ts';
import { openSession, type Session } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { withDataDirectory, withPorts } from '../options.ts';
import type { Ending } from '../program.ts';
import { servesUntilStopped } from '../serving.ts';
import { stopOnSignals } from '../signals.ts';

interface UpFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
}

export function upCommand(io: Io, ending: Ending): Command {
  const command = new Command('up').description(
    'Keeps a Temporal server, its UI and a worker running, until Ctrl-C. With a configured server: the worker alone.',
  );
  return withPorts(withDataDirectory(command)).action(async (flags: UpFlags) => {
    ending.ends(await up(flags, io, ending));
  });
}

async function up(flags: UpFlags, io: Io, ending: Ending): Promise<number> {
  const stop = stopOnSignals(ending.leavesAtOnce);
  try {
    while ((await serveOnce(flags, stop.signal, io)) === 'displaced');
    return 0;
  } finally {
    stop.release();
  }
}

async function serveOnce(
  { dataDir, port, uiPort }: UpFlags,
  stop: AbortSignal,
  io: Io,
): Promise<'ended' | 'displaced'> {
  const dataDirectory = dataDirectoryOf(dataDir, io);
  const say = (line: string) => io.err(`${line}\n`);
  const session = await openSession({ dataDirectory, mode: 'up', env: io.env, port, uiPort, say });
  for (const note of session.notes) say(note);
  io.out(describe(session, dataDirectory));
  if (session.worker === null) {
    await session.close();
    say('Another process serves this data directory already, for as long as it lives; this one is not needed.');
    return 'ended';
  }
  say('Ctrl-C ends it.');
  return servesUntilStopped(session, stop, io);
}

function describe({ address, namespace, uiUrl }: Session, dataDirectory: string): string {
  const rows = [
    ['Temporal', `${address}, namespace ${namespace}`],
    ...(uiUrl === null ? [] : [['UI', uiUrl]]),
    ['Task queue', SHARED_QUEUE],
    ['Data', dataDirectory],
  ];
  return rows.map(([name = '', value]) => `${name.padEnd(12)}${value}\n`).join('');
}
