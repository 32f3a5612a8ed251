/** What a report is made from, next to the result: facts.json in the run's folder, else what the store has. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFactsFile } from '../../analysis/facts-file.ts';
import { runFolder } from '../../data/directory.ts';
import type { RunFacts, RunRef } from '../../model/run.ts';
import type { Store } from '../../store/store.ts';

/** @returns null where both are gone: a report shows less then, and a run is not lost for it */
export async function storedFacts(
  store: Pick<Store, 'loadFacts'>,
  dataDirectory: string,
  run: RunRef,
): Promise<RunFacts | null> {
  return (await factsIn(runFolder(dataDirectory, run.runId))) ?? store.loadFacts(run).catch(() => null);
}

/** Of a facts.json; null where there is none that can be read. */
export async function factsIn(folder: string): Promise<RunFacts | null> {
  try {
    const file = join(folder, 'facts.json');
    return parseFactsFile(await readFile(file, 'utf8'), file).facts;
  } catch {
    return null;
  }
}
