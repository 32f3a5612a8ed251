import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestsOf } from '../data/digests.ts';
import { runFolder } from '../data/directory.ts';
import { runFiles } from '../report/files.ts';
import { trendsUpTo } from '../site/run-trends.ts';
import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';
import { storedFacts } from './support/stored-facts.ts';
import { writeWhole } from './support/workspace.ts';

/**
 * Writes the report's files into the run's folder, and digests of all files there into the store. Repeating it is harmless: the
 * files are replaced as a whole.
 */
export const publish: Make<'publish'> = ({ store, dataDirectory }) =>
  activity({ phase: 'collecting' }, async ({ run, notes }) => {
    if (notes !== undefined) await store.addResultNotes(run, notes);
    const result = await store.result(run.runId);
    if (result === null) throw new Error(`run ${run.runId} is to be published before it is judged`);
    const folder = runFolder(dataDirectory, run.runId);
    await store.claimSink(run, 'report');
    await mkdir(folder, { recursive: true });
    const facts = await storedFacts(store, dataDirectory, run);
    const context = { facts, trends: facts === null ? [] : await trendsUpTo(store, facts) };
    for (const [name, text] of Object.entries(await runFiles(result, context)))
      await writeWhole(join(folder, name), text);
    await store.saveDigests(run, await digestsOf(folder));
    await store.sinkDone(run, 'report');
    return folder;
  });
