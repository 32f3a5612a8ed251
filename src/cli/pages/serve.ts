/** Serves the pages next to the worker of a session. */
import { firstPagesPortOf } from '../../temporal/ports.ts';
import type { Session } from '../../temporal/session.ts';
import type { Io } from '../io.ts';
import type { PagesFlags } from '../options.ts';
import { type RunningPages, startPages } from './start.ts';

/** Closes the session if the pages cannot be served. @throws PacelineError as `startPages` */
export async function servePages(
  session: Session,
  dataDirectory: string,
  flags: PagesFlags,
  { env, err }: Io,
): Promise<RunningPages> {
  const { address, namespace, servesEmbedded } = session;
  const { pagesHost = '127.0.0.1', pagesPort = null, pagesName = [] } = flags;
  try {
    const pages = await startPages(
      {
        dataDirectory,
        storeUrl: env['PACELINE_STORE'],
        host: pagesHost,
        port: pagesPort,
        firstPort: firstPagesPortOf(env),
        names: [pagesHost, ...pagesName],
        temporal: { address, namespace, isEmbedded: servesEmbedded },
        uiUrl: flags.uiUrl ?? session.uiUrl,
      },
      env,
      (line) => err(`${line}\n`),
    );
    session.announcePages(pages.url);
    return pages;
  } catch (error) {
    await session.close();
    throw error;
  }
}
