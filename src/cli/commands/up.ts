/** `paceline up`: runs the Temporal server, its UI and a worker until Ctrl-C. */
import { Command } from 'commander';
import { SHARED_QUEUE } from '../../model/activities.ts';
import { openSession, type Session } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import {
  type MetricsFlags,
  metricsEnv,
  type PagesFlags,
  withDataDirectory,
  withMetrics,
  withPages,
  withPorts,
} from '../options.ts';
import { type RunningPages } from '../pages/start.ts';
import { servePages } from '../pages/serve.ts';
import type { Ending } from '../ending.ts';
import { servesUntilStopped } from '../serving.ts';
import { schedulesOf } from '../schedule/show.ts';
import { aborted, stopOnSignals } from '../signals.ts';

const LAST_ANSWER_MS = 2_000;

interface UpFlags extends PagesFlags, MetricsFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
  readonly pages: boolean;
}

export function upCommand(io: Io, ending: Ending): Command {
  const command = new Command('up');
  return withMetrics(withPages(withPorts(withDataDirectory(command))))
    .option('--no-pages', 'do not serve the pages')
    .action(async (flags: UpFlags) => {
      ending.ends(await up(flags, io, ending));
    });
}

async function up(flags: UpFlags, io: Io, ending: Ending): Promise<number> {
  const stop = stopOnSignals(ending.exitImmediately);
  try {
    let end = await serveOnce(flags, stop.signal, io, leaveToAnother);
    // After a lost port, a `paceline run` may have started to serve first. Wait for it to end, because `up` promised to serve.
    while (end === 'displaced' && !stop.signal.aborted) end = await serveOnce(flags, stop.signal, io, untilItIsFree);
    return 0;
  } finally {
    stop.release();
  }
}

type End = 'ended' | 'displaced';
/** What to do when another process serves the data directory. */
type AsClient = (session: Session, stop: AbortSignal, io: Io) => Promise<End>;

async function serveOnce(flags: UpFlags, stop: AbortSignal, io: Io, asClient: AsClient): Promise<End> {
  const { dataDir, port, uiPort } = flags;
  const dataDirectory = dataDirectoryOf(dataDir, io);
  const say = (line: string) => io.err(`${line}\n`);
  const session = await openSession({ dataDirectory, mode: 'up', env: metricsEnv(io.env, flags), port, uiPort, say });
  for (const note of session.notes) say(note);
  const pages = session.worker === null || !flags.pages ? null : await servePages(session, dataDirectory, flags, io);
  io.out(describe(session, dataDirectory, pages));
  if (session.worker === null) {
    const end = await asClient(session, stop, io);
    await session.close();
    return end;
  }
  say('Press Ctrl-C to stop.');
  return servesUntilStopped(session, stop, io, session.servesEmbedded ? schedulesWait : undefined, pages);
}

/** Told when `up` ends: without its server no schedule starts a run. Empty if there is none, or the server does not answer. */
async function schedulesWait({ client }: Session): Promise<string> {
  const schedules = await client.withDeadline(Date.now() + LAST_ANSWER_MS, () => schedulesOf(client)).catch(() => []);
  const active = schedules.filter(({ paused }) => !paused).map(({ id }) => id);
  if (active.length === 0) return '';
  const [which, verb] = active.length === 1 ? ['Schedule', 'starts'] : ['Schedules', 'start'];
  return `${which} ${active.join(', ')} ${verb} no run until \`paceline up\` runs again.\n`;
}

const leaveToAnother: AsClient = async (_, __, io) => {
  io.err('Another process is already serving this data directory; exiting.\n');
  return 'ended';
};

const untilItIsFree: AsClient = async ({ holderEnded }, stop, io) => {
  io.err('Another process is serving this data directory. Waiting for it to exit. Press Ctrl-C to stop.\n');
  await Promise.race([aborted(stop), holderEnded]);
  return 'displaced';
};

function describe({ address, namespace, uiUrl, pagesUrl }: Session, dataDirectory: string, pages: RunningPages | null) {
  const pagesAt = pages?.url ?? pagesUrl;
  const rows = [
    ['Temporal', `${address}, namespace ${namespace}`],
    ...(uiUrl === null ? [] : [['UI', uiUrl]]),
    ...(pagesAt === null ? [] : [['Pages', pagesAt]]),
    ['Task queue', SHARED_QUEUE],
    ['Data', dataDirectory],
  ];
  return rows.map(([name = '', value]) => `${name.padEnd(12)}${value}\n`).join('');
}
