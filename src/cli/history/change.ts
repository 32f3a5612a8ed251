/** Commands that change the store: accept an alert, reset a series, delete runs. */
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { runFolder } from '../../data/directory.ts';
import { wrongUsage } from '../../model/failure.ts';
import { minute } from '../../report/text/minute.ts';
import type { Io } from '../io.ts';
import { inStore, printJson, storedRun, type StoreFlags } from './open.ts';

export interface SayFlags extends StoreFlags {
  readonly reason: string;
  readonly json?: boolean;
}

export function acknowledgeAlert(id: string, flags: SayFlags, io: Io): Promise<void> {
  return inStore(flags, io, async ({ store }) => {
    const stored = await store.acknowledge(id, { reason: reasonOf(flags), at: new Date().toISOString() });
    if (flags.json) return printJson(io, stored);
    io.out(
      `Acknowledged: ${stored.alert.message}\nFrom ${minute(stored.alert.at)} UTC on, the new level is the baseline.\n`,
    );
  });
}

export function resetSeries(id: string, flags: SayFlags & { readonly from?: string }, io: Io): Promise<void> {
  return inStore(flags, io, async (opened) => {
    const { store } = opened;
    const series = (await store.listSeries()).filter((each) => each.id.startsWith(id));
    const [found, second] = series;
    if (found === undefined) {
      throw wrongUsage(`No series begins with \`${id}\`.`, '`paceline history series` lists the series.');
    }
    if (second !== undefined) throw wrongUsage(`Several series begin with \`${id}\`.`, 'Specify more characters.');
    const run = flags.from === undefined ? null : await storedRun(opened, flags.from);
    const reset = {
      at: run?.startedAt ?? new Date().toISOString(),
      reason: reasonOf(flags),
      runId: run?.run.runId ?? null,
    };
    await store.resetSeries(found.id, reset);
    if (flags.json) return printJson(io, { series: found, ...reset });
    io.out(
      `A new baseline begins at ${minute(reset.at)} UTC. The ${found.points} earlier points are kept but no longer compared.\n`,
    );
  });
}

export interface PruneFlags extends StoreFlags {
  readonly keep?: number;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly project?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Deletes folders before rows: after an interruption, the rows are still there for the next prune. */
export function prune(flags: PruneFlags, io: Io): Promise<void> {
  return inStore(flags, io, async ({ store, dataDirectory, place }) => {
    const { keep, olderThan, project } = flags;
    if (keep === undefined && olderThan === undefined) {
      throw wrongUsage('Specify which runs to keep.', 'Use --keep 100, --older-than 90d, or both.');
    }
    const runs = await store.prunableRuns({
      ...(keep === undefined ? {} : { keep }),
      ...(olderThan === undefined ? {} : { before: new Date(Date.now() - olderThan).toISOString() }),
      ...(project === undefined ? {} : { project }),
    });
    const say = flags.json ? io.err : io.out;
    const [oldest, newest] = [runs[0], runs.at(-1)];
    if (oldest === undefined || newest === undefined) say(`Nothing to prune in ${place}.\n`);
    else {
      say(
        `${count(runs.length)} of ${place} will be deleted with their directories: from ${minute(oldest.startedAt)} to ${minute(newest.startedAt)} UTC.\n`,
      );
      say('Running runs, and runs with an open alert, are kept.\n');
    }
    const goes = runs.length > 0 && !flags.dryRun && (flags.yes === true || (await confirmed(io)));
    if (goes) {
      for (const { runId } of runs) {
        await rm(runFolder(dataDirectory, runId), { recursive: true, force: true });
        await store.deleteRun(runId);
      }
    }
    if (flags.json) printJson(io, { pruned: goes, runs });
    else if (runs.length > 0) io.out(goes ? `${count(runs.length)} deleted.\n` : 'No runs were deleted.\n');
  });
}

async function confirmed(io: Io): Promise<boolean> {
  if (!process.stdin.isTTY || !io.stderr.isTerminal) {
    throw wrongUsage(
      'Cannot ask for confirmation: stdin is not a terminal.',
      'Use --yes to delete, or --dry-run to list what would be deleted.',
    );
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await questions.question('Delete them? [y/N] ')).trim());
  } finally {
    questions.close();
  }
}

function reasonOf({ reason }: SayFlags): string {
  if (reason.trim() !== '') return reason.trim();
  throw wrongUsage('The reason is empty.', 'Write in a few words why, for later readers.');
}

function count(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}
