/** `paceline up`: server, UI and worker, until Ctrl-C. */
import { Command } from 'commander';
import { SHARED_QUEUE } from '../../model/activities.ts';
import { openSession, type Session } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { withDataDirectory, withPorts } from '../options.ts';
import type { Ending } from '../ending.ts';
import { servesUntilStopped } from '../serving.ts';
import { aborted, stopOnSignals } from '../signals.ts';

interface UpFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
}

export function upCommand(io: Io, ending: Ending): Command {
  const command = new Command('up');
  return withPorts(withDataDirectory(command)).action(async (flags: UpFlags) => {
    ending.ends(await up(flags, io, ending));
  });
}

async function up(flags: UpFlags, io: Io, ending: Ending): Promise<number> {
  const stop = stopOnSignals(ending.leavesAtOnce);
  try {
    let end = await serveOnce(flags, stop.signal, io, leaveToAnother);
    // A run that watched may have been faster to serve: what was promised to be kept running is taken back from it.
    while (end === 'displaced' && !stop.signal.aborted) end = await serveOnce(flags, stop.signal, io, untilItIsFree);
    return 0;
  } finally {
    stop.release();
  }
}

type End = 'ended' | 'displaced';
/** What is done where another process serves the data directory. */
type AsClient = (session: Session, stop: AbortSignal, io: Io) => Promise<End>;

async function serveOnce(
  { dataDir, port, uiPort }: UpFlags,
  stop: AbortSignal,
  io: Io,
  asClient: AsClient,
): Promise<End> {
  const dataDirectory = dataDirectoryOf(dataDir, io);
  const say = (line: string) => io.err(`${line}\n`);
  const session = await openSession({ dataDirectory, mode: 'up', env: io.env, port, uiPort, say });
  for (const note of session.notes) say(note);
  io.out(describe(session, dataDirectory));
  if (session.worker === null) {
    const end = await asClient(session, stop, io);
    await session.close();
    return end;
  }
  say('Ctrl-C ends it.');
  return servesUntilStopped(session, stop, io);
}

const leaveToAnother: AsClient = async (_, __, io) => {
  io.err('Another process serves this data directory already, for as long as it lives; this one is not needed.\n');
  return 'ended';
};

const untilItIsFree: AsClient = async ({ holderEnded }, stop, io) => {
  io.err('Another process serves this data directory now; this one goes on when that one ends. Ctrl-C ends it.\n');
  await Promise.race([aborted(stop), holderEnded]);
  return 'displaced';
};

function describe({ address, namespace, uiUrl }: Session, dataDirectory: string): string {
  const rows = [
    ['Temporal', `${address}, namespace ${namespace}`],
    ...(uiUrl === null ? [] : [['UI', uiUrl]]),
    ['Task queue', SHARED_QUEUE],
    ['Data', dataDirectory],
  ];
  return rows.map(([name = '', value]) => `${name.padEnd(12)}${value}\n`).join('');
}
