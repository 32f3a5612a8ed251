/** The run whose advice is shown, and what is listed of it. All of it is in the store. */
import { type AdviceListing, listAdvice } from '../../analysis/advice/listing.ts';
import { honestyOf } from '../../analysis/advice/honesty.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { RunResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { type Opened, START_ONE, storedRun } from '../history/open.ts';
import type { Io } from '../io.ts';
import { readProjectPlan } from '../project-plan.ts';
import { readSource } from '../source.ts';
import { verifiedResult } from './verified-result.ts';

export interface AdvisedRun {
  readonly result: RunResult;
  readonly facts: RunFacts;
  readonly listing: AdviceListing;
}

/**
 * The run whose id begins with `id`; else the newest finished run of the project in the folder.
 * @throws PacelineError WrongUsage
 */
export async function advisedRun(
  opened: Opened,
  id: string | undefined,
  flags: { readonly project: string },
  io: Io,
): Promise<AdvisedRun> {
  const { store } = opened;
  const chosen = id === undefined ? await newestOf(opened, flags, io) : { id, runsPerDay: null };
  const { run } = await storedRun(opened, chosen.id);
  const result = await verifiedResult(store, run.runId);
  if (result === null) {
    throw wrongUsage(
      `Run ${run.runId} has no result: it is still running, or its worker stopped before writing a result.`,
      'Wait until it ends, or choose another run; `paceline history` lists the runs.',
    );
  }
  const facts = await store.loadFacts(run);
  const listing = listAdvice(result, {
    runsPerDay: chosen.runsPerDay ?? facts.plan?.runsPerDay ?? null,
    // Also of other projects: the audit is the same.
    honesty: honestyOf(await store.verifications()),
    newest: await store.newestVerification(run.runId),
    facts,
  });
  return { result, facts, listing };
}

async function newestOf({ store, place }: Opened, flags: { readonly project: string }, io: Io) {
  const read = await readSource(flags, io);
  const { plan } = await readProjectPlan(flags, read.source, async () => read.project.name);
  const [newest] = await store.listRuns({ project: plan.project, finished: true, limit: 1 });
  if (newest === undefined) {
    throw wrongUsage(`No finished run of ${plan.project} is recorded in ${place}.`, START_ONE);
  }
  return { id: newest.run.runId, runsPerDay: plan.runsPerDay ?? null };
}
