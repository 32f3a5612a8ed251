/** Stored comparisons: each is a comparison.json in the directory of its run. */
import { comparisonsIn } from '../../data/comparisons.ts';
import type { CompareResult } from '../../model/comparison.ts';
import { wrongUsage } from '../../model/failure.ts';
import { comparisonsTable } from '../../report/history/comparisons.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import type { LookFlags } from './look.ts';
import { printJson } from './open.ts';

const SHOWN = 20;

/** `paceline history comparisons` */
export async function listComparisons(flags: LookFlags, io: Io): Promise<void> {
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  const all = await comparisonsIn(dataDirectory, () => true);
  const ofProject = all.filter(({ project }) => flags.project === undefined || project === flags.project);
  const shown = ofProject.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, flags.limit ?? SHOWN);
  if (flags.json) return printJson(io, shown);
  if (shown.length > 0) return io.out(comparisonsTable(shown, io.stdout.width()));
  io.out(`No comparison is recorded in ${dataDirectory}. Make one with \`paceline compare BASE HEAD\`.\n`);
}

/**
 * The comparison whose id begins with `id`; null if there is none.
 * @throws PacelineError WrongUsage if there are several
 */
export async function findComparison(dataDirectory: string, id: string): Promise<CompareResult | null> {
  const found = await comparisonsIn(dataDirectory, (runId) => runId.startsWith(id));
  const exact = found.find(({ runId }) => runId === id);
  if (exact !== undefined || found.length < 2) return exact ?? found[0] ?? null;
  const ids = found.slice(0, 3).map(({ runId }) => runId);
  throw wrongUsage(`Several comparisons begin with \`${id}\`.`, `Specify more characters: ${ids.join(', ')}.`);
}
