/** Does the task of a job: a run, pairs of base and head, or both. */
import { exitCode } from '../../analysis/judge/exit-code.ts';
import { COMPARED_PHASES, type CompareInput, type CompareResult } from '../../model/comparison.ts';
import { PacelineError } from '../../model/failure.ts';
import type { RegressionAlert, Suspect } from '../../model/regression.ts';
import type { RunResult } from '../../model/result.ts';
import type { Ending } from '../ending.ts';
import { inWritableStore } from '../history/open.ts';
import type { Io } from '../io.ts';
import { runUntilDone } from '../run/run-until-done.ts';
import { watchComparison } from '../run/watch-comparison.ts';
import { uncompared } from './baseline.ts';
import { saveHistory } from './history.ts';
import type { CiFlags, Job } from './job.ts';

export interface Measured {
  readonly run: { readonly result: RunResult; readonly alerts: readonly RegressionAlert[] } | null;
  readonly comparison: CompareResult | null;
  /** What the run could not be judged by, and pairs decided. */
  readonly comparedInPairs: readonly Suspect[];
  readonly isRecorded: boolean;
}

/** @returns null if it was cancelled */
export async function measure(job: Job, flags: CiFlags, io: Io, ending: Ending): Promise<Measured | null> {
  const { task } = job;
  const startedMs = performance.now();
  if (task.kind === 'compare') {
    const comparison = await compare(job, task.base, { flags, io, ending, seconds: flags.budget * 60 });
    return comparison === null ? null : { run: null, comparison, comparedInPairs: [], isRecorded: false };
  }
  const result = await runOnce(job, flags, io, ending);
  if (result === null) return null;
  const after = await afterRun(job, result, io);
  if (after.open.length === 0 || task.kind !== 'check' || exitCode(result.verdict, { strict: false }) === 2) {
    return {
      run: { result, alerts: after.alerts },
      comparison: null,
      comparedInPairs: [],
      isRecorded: after.isRecorded,
    };
  }
  const seconds = Math.max(60, flags.budget * 60 - (performance.now() - startedMs) / 1_000);
  const comparison = await compare(job, task.base, { flags, io, ending, seconds, parts: after.open });
  if (comparison === null) return null;
  return { run: { result, alerts: after.alerts }, comparison, comparedInPairs: after.open, isRecorded: false };
}

async function runOnce({ task, request }: Job, flags: CiFlags, io: Io, ending: Ending): Promise<RunResult | null> {
  const source = task.kind === 'check' ? { ...request.source, base: task.base } : request.source;
  const confirmSeconds = flags.budget * 60;
  const { end } = await runUntilDone(
    { ...request, source, confirmSeconds },
    { ...flags, scenario: [], fresh: true },
    io,
    ending,
  );
  if (end.kind === 'stopped' || end.kind === 'detached') return null;
  if (end.kind === 'judged') return end.result;
  if (end.cancelled) return null;
  throw new PacelineError(end.problem);
}

interface AfterRun {
  readonly alerts: readonly RegressionAlert[];
  readonly open: readonly Suspect[];
  readonly isRecorded: boolean;
}

/** What the store has of the run, and the history with it. */
async function afterRun({ task, request, history }: Job, result: RunResult, io: Io): Promise<AfterRun> {
  return inWritableStore({ dataDir: request.dataDirectory }, io, async (store) => {
    const alerts = (await store.alerts({ runId: result.runId })).map(({ alert }) => alert);
    const ref = await store.runRef(result.runId);
    const open = task.kind === 'check' && ref !== null ? await uncompared(store, ref) : [];
    const saved = task.kind === 'record' ? await saveHistory(store, history, result.project) : null;
    if (saved !== null) io.err(`${saved.line}\n`);
    return { alerts, open, isRecorded: saved?.isSaved ?? (task.kind === 'record' && history.kind === 'none') };
  });
}

interface Comparing {
  readonly flags: CiFlags;
  readonly io: Io;
  readonly ending: Ending;
  /** Of the whole comparison. */
  readonly seconds: number;
  /** @default all that the project has */
  readonly parts?: readonly Suspect[];
}

async function compare(
  { request, headCommit, phases }: Job,
  base: string,
  { flags, io, ending, seconds, parts }: Comparing,
): Promise<CompareResult | null> {
  const { ref: head = headCommit ?? 'HEAD', ...source } = request.source;
  const scenarios = parts?.flatMap((part) => (part.phase === 'test' ? part.scenario : []));
  const input: CompareInput = {
    source,
    base,
    head,
    ...(request.plan === undefined ? {} : { plan: request.plan }),
    phases: parts === undefined ? phases : phasesOf(parts),
    ...(scenarios === undefined || scenarios.length === 0 ? {} : { scenarios }),
    budgetSeconds: Math.round(seconds),
  };
  return watchComparison(
    input,
    { project: request.project, commit: request.commit, refCharacters: 7 },
    { dataDirectory: request.dataDirectory, ports: flags, json: false, io, ending },
  );
}

function phasesOf(parts: readonly Suspect[]) {
  return COMPARED_PHASES.filter((phase) =>
    parts.some((part) => phase === (part.phase === 'build' ? `build.${part.mode}` : part.phase)),
  );
}
