/** `paceline worker`: runs a worker for the configured Temporal server. */
import { Command } from 'commander';
import { SHARED_QUEUE } from '../../model/activities.ts';
import { wrongUsage } from '../../model/failure.ts';
import { temporalTarget } from '../../temporal-client/connect.ts';
import { openSession } from '../../temporal/session.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import {
  type MetricsFlags,
  metricsEnv,
  type PagesFlags,
  withDataDirectory,
  withMetrics,
  withPages,
} from '../options.ts';
import { servePages } from '../pages/serve.ts';
import type { Ending } from '../ending.ts';
import { servesUntilStopped } from '../serving.ts';
import { stopOnSignals } from '../signals.ts';

interface WorkerFlags extends PagesFlags, MetricsFlags {
  readonly dataDir?: string;
  readonly pages?: boolean;
}

export function workerCommand(io: Io, ending: Ending): Command {
  const command = new Command('worker').addHelpText(
    'after',
    '\nExample:\n  TEMPORAL_ADDRESS=temporal.internal:7233 paceline worker',
  );
  return withMetrics(withPages(withDataDirectory(command)).option('--pages', 'also serve the pages')).action(
    async (flags: WorkerFlags) => {
      ending.ends(await worker(flags, io, ending));
    },
  );
}

async function worker(flags: WorkerFlags, io: Io, ending: Ending): Promise<number> {
  if (temporalTarget(io.env).kind === 'embedded') {
    throw wrongUsage(
      'No Temporal server is configured.',
      'Set TEMPORAL_ADDRESS or a Temporal configuration file, or use `paceline up`, which starts a server.',
    );
  }
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  const stop = stopOnSignals(ending.exitImmediately);
  const session = await openSession({ dataDirectory, mode: 'up', env: metricsEnv(io.env, flags) });
  for (const note of session.notes) io.err(`${note}\n`);
  if (session.worker === null) {
    await session.close();
    return 0;
  }
  const pages = flags.pages === true ? await servePages(session, dataDirectory, flags, io) : null;
  if (pages !== null) io.out(`Pages  ${pages.url}\n`);
  io.err(
    `Worker ${session.worker.hostId} polls task queue \`${SHARED_QUEUE}\` of ${session.namespace} at ${session.address}. Press Ctrl-C to stop.\n`,
  );
  await servesUntilStopped(session, stop.signal, io, undefined, pages).finally(() => stop.release());
  return 0;
}
