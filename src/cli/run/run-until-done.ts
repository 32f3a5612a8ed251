/** Starts a run, or attaches to a running one, and follows it until it is done. */
import { runFolder } from '../../data/directory.ts';
import type { Session } from '../../temporal/session.ts';
import type { Progress } from '../../model/progress.ts';
import type { RunFlags } from './flags.ts';
import type { Io } from '../io.ts';
import { followOutputs } from '../logs/follow.ts';
import type { Ending } from '../ending.ts';
import { detachesFrom, follow, type RunEnd } from './follow.ts';
import { lastRun } from './last-run.ts';
import type { RunRequest } from './request.ts';
import { type Served, withSession } from './with-session.ts';
import { pageOf, startOrAttach, type StartedRun } from './start.ts';
import { followUsage } from './usage.ts';
import { outputLine, progressView } from './view.ts';
import type { ProgressView } from './progress-view.ts';

/** @throws PacelineError of openSession */
export async function runUntilDone(request: RunRequest, flags: RunFlags, io: Io, ending: Ending): Promise<Served> {
  const view = progressView(io, { json: flags.json ?? false, legacyOutput: flags.seedOutput ?? false });
  return withSession({
    dataDirectory: request.dataDirectory,
    ports: flags,
    view,
    io,
    ending,
    noun: 'run',
    begin: (session) => begin(session, request, flags, { view, io }),
    watch: (session, run, stop) => watch(session, run, { stop, view, request, verbose: flags.verbose ?? false, io }),
  });
}

async function begin(
  session: Session,
  request: RunRequest,
  flags: RunFlags,
  { view, io }: { readonly view: ProgressView; readonly io: Io },
): Promise<StartedRun> {
  const say = (line: string) => view.line(line);
  const run = await startOrAttach(session, request, { fresh: flags.fresh ?? false, nowMs: Date.now(), say });
  view.line(run.attached ? attachedTo(run, session, io) : `Run ${run.workflowId}`);
  const before = await lastRun(request, io);
  if (before !== null) view.line(before);
  if (session.pagesUrl !== null) view.line(`Page  ${pageOf(session.pagesUrl, run.workflowId)}`);
  if (session.uiUrl !== null) view.line(`UI  ${historyUrl(session, run)}`);
  return run;
}

function attachedTo(run: StartedRun, session: Session, { env }: Io): string {
  const fresh = env['npm_lifecycle_event'] === 'start' ? 'npm start -- --fresh' : '--fresh';
  const detaches = detachesFrom(run, session) ? ' Ctrl-C here only detaches; the run goes on.' : '';
  return `Attached to ${run.workflowId}, which is already running for the same project, plan and commit.${detaches} To start a new run instead, use ${fresh}.`;
}

interface WatchOptions {
  readonly stop: AbortSignal;
  readonly view: ProgressView;
  readonly request: RunRequest;
  readonly verbose: boolean;
  readonly io: Io;
}

async function watch(session: Session, run: StartedRun, options: WatchOptions): Promise<RunEnd> {
  const { stop, view, request, verbose, io } = options;
  const over = new AbortController();
  const outputs = verbose
    ? followOutputs(runFolder(request.dataDirectory, run.runId), {
        scenarioId: null,
        isOver: () => over.signal.aborted,
        onLine: ({ trial }, line) => view.line(outputLine(io, trial, line)),
      })
    : Promise.resolve();
  const latest: { progress: Progress | null } = { progress: null };
  const usage =
    view.showUsage === undefined
      ? Promise.resolve()
      : followUsage(runFolder(request.dataDirectory, run.runId), {
          progress: () => latest.progress,
          onUsage: (lines) => view.showUsage?.(lines),
          over: over.signal,
        });
  try {
    return await follow(session, run, {
      onProgress: (progress) => {
        latest.progress = progress;
        view.show(progress);
      },
      onTrouble: (line) => view.line(line),
      stop,
    });
  } finally {
    over.abort();
    await Promise.all([outputs, usage]);
  }
}

function historyUrl({ uiUrl, namespace }: Session, { workflowId, runId }: StartedRun): string {
  return `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}
