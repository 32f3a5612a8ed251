/** The history of a project on throw-away runners: read before a run, written after one that is recorded. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { changeBranchFile, readBranchFile } from '../../data/git/ci-repository.ts';
import { merged, MOST_KEPT_RUNS, readKeptRuns, writeKeptRuns } from '../../data/kept-runs.ts';
import type { KeptRun } from '../../model/kept-run.ts';
import type { Store } from '../../store/store.ts';
import { idPart } from '../run/workflow-id.ts';

export const HISTORIES = ['cache', 'branch', 'none'] as const;
export const HISTORY_BRANCH = 'paceline-history';

export type HistoryPlace =
  | { readonly kind: 'none' }
  /** A file that the action restores from the cache and saves to it. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'branch'; readonly top: string; readonly branch: string };

/** Names that differ only in unusual characters share a file: its lines name their project. */
export function historyFileName(project: string): string {
  return `${idPart(project)}.jsonl`;
}

/** Adds what the history has to the store. @returns one line for the log */
export async function loadHistory(store: Store, place: HistoryPlace, project: string): Promise<string | null> {
  if (place.kind === 'none') return null;
  const read = place.kind === 'file' ? await textOfFile(place.path, project) : await textOfBranch(place, project);
  if (read.kind === 'failed') return `The history could not be read, so this run starts without it: ${read.why}`;
  if (read.kind === 'none') return `There is no history of ${project} yet.`;
  const { runs, unreadable } = readKeptRuns(read.text);
  const own = runs.filter((run) => run.project === project);
  const added = await store.addKeptRuns(own);
  const skipped = unreadable === 0 ? '' : ` ${unreadable} lines could not be read and were skipped.`;
  return `History of ${project}: ${counted(own.length)}, ${added} of them new here.${skipped}`;
}

/** Adds the store's runs to the history. @returns one line for the log, or why it failed */
export async function saveHistory(
  store: Store,
  place: HistoryPlace,
  project: string,
): Promise<{ readonly isSaved: boolean; readonly line: string } | null> {
  if (place.kind === 'none') return null;
  const ours = await store.keptRuns({ project, limit: MOST_KEPT_RUNS });
  if (place.kind === 'file') {
    const path = join(place.path, historyFileName(project));
    const before = await readFile(path, 'utf8').catch(() => '');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, withRuns(before, ours));
    await rename(`${path}.new`, path);
    return { isSaved: true, line: `The history of ${project} was saved (${counted(ours.length)}).` };
  }
  const file = historyFileName(project);
  const pushed = await changeBranchFile(
    place.top,
    { branch: place.branch, file },
    (before) => withRuns(before, ours),
    waitABit,
  );
  return pushed.kind === 'pushed'
    ? { isSaved: true, line: `The history was pushed to the branch ${place.branch} (attempt ${pushed.attempts}).` }
    : {
        isSaved: false,
        line: `The history could not be pushed to the branch ${place.branch}: ${pushed.why} The job needs \`permissions: contents: write\`.`,
      };
}

/**
 * Accepts open alerts of a project: their new level is the baseline from then on. The next `saveHistory` writes it down.
 * @returns the ids of the accepted alerts
 * @throws PacelineError WrongUsage if the id names none, or one that is not decided
 */
export async function acceptAlerts(
  store: Store,
  project: string,
  { id, by }: { readonly id: string; readonly by: string },
): Promise<readonly string[]> {
  const open = id === 'all' ? await store.alerts({ project, open: true }) : [];
  const ids = id === 'all' ? open.flatMap(({ alert }) => (alert.state === 'confirmed' ? alert.id : [])) : [id];
  const at = new Date().toISOString();
  for (const each of ids) await store.acknowledge(each, { reason: `Accepted in CI by ${by}.`, at });
  return ids;
}

function withRuns(before: string, ours: readonly KeptRun[]): string {
  return writeKeptRuns(merged([...readKeptRuns(before).runs, ...ours]));
}

/** Jobs of a matrix end at the same time: each waits for another while. */
function waitABit(attempt: number): Promise<void> {
  return delay((200 + 800 * Math.random()) * Math.min(attempt, 5));
}

type Read =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

async function textOfFile(folder: string, project: string): Promise<Read> {
  const text = await readFile(join(folder, historyFileName(project)), 'utf8').catch(() => null);
  return text === null ? { kind: 'none' } : { kind: 'read', text };
}

function textOfBranch({ top, branch }: Extract<HistoryPlace, { kind: 'branch' }>, project: string): Promise<Read> {
  return readBranchFile(top, { branch, file: historyFileName(project) });
}

function counted(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}
