/** How long a run may take: as long as the last one did. */
import { figure } from '../../format/figure.ts';
import { withStore } from '../history/open.ts';
import type { Io } from '../io.ts';
import type { RunRequest } from './request.ts';

const LOOKED_AT = 10;

/** "The last run of shop took 4 min." null if there was none; a store that cannot be read is reported by the run itself. */
export async function lastRun({ project, dataDirectory }: RunRequest, io: Io): Promise<string | null> {
  try {
    const runs = await withStore(
      { dataDir: dataDirectory },
      io,
      ({ store }) => store.listRuns({ project, finished: true, limit: LOOKED_AT }),
      () => [],
    );
    // One that was cancelled or broke off says little of how long a whole one takes.
    const run = runs.find(({ verdict }) => verdict !== 'cancelled' && verdict !== 'error');
    if (!run?.finishedAt) return null;
    const seconds = Math.round((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000);
    return `The last run of ${project} took ${figure(seconds, 'second')}.`;
  } catch {
    return null;
  }
}
