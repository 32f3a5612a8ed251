/** Starts a run, or takes one up, and watches it to its end; also when the process that served it goes away meanwhile. */
import { runFolder } from '../../data/directory.ts';
import { openSession, type Session } from '../../temporal/session.ts';
import type { Progress } from '../../model/progress.ts';
import type { RunFlags } from '../commands/run.ts';
import type { Io } from '../io.ts';
import { followOutputs } from '../logs/follow.ts';
import type { Ending } from '../program.ts';
import { type Stop, stopOnSignals, type StopSignal } from '../signals.ts';
import { follow, type RunEnd } from './follow.ts';
import type { RunRequest } from './request.ts';
import { startOrAttach, type StartedRun } from './start.ts';
import { followUsage } from './usage.ts';
import { outputLine, type ProgressView, progressView } from './view.ts';

export interface Watched {
  readonly end:
    | Exclude<RunEnd, { readonly kind: 'serverGone' }>
    /** Ctrl-C came before there was a run. */
    | { readonly kind: 'stopped' };
  /** The server was not this process's and goes on. */
  readonly serverStays: boolean;
}

/** @throws PacelineError of openSession */
export async function watchedRun(request: RunRequest, flags: RunFlags, io: Io, ending: Ending): Promise<Watched> {
  const view = progressView(io, { json: flags.json ?? false, seedOutput: flags.seedOutput ?? false });
  const current: { session: Session | null } = { session: null };
  const stop = stopOnSignals((signal) => leave(signal, current.session, view, ending));
  let run: StartedRun | null = null;
  try {
    for (;;) {
      const session = await openSession({
        ...request,
        mode: 'run',
        env: io.env,
        port: flags.port,
        uiPort: flags.uiPort,
        say: (line) => view.line(line),
      });
      current.session = session;
      try {
        for (const note of session.notes) view.line(note);
        if (stop.signal.aborted && run === null) return { end: { kind: 'stopped' }, serverStays: true };
        run ??= await begin(session, request, flags, view);
        const end = await watch(session, run, { stop, view, request, verbose: flags.verbose ?? false, io });
        if (end.kind !== 'serverGone') return { end, serverStays: !session.servesEmbedded };
        view.line('The process that served this run has ended; this one takes over.');
      } finally {
        view.close();
        await session.close();
        current.session = null;
      }
    }
  } finally {
    stop.release();
  }
}

async function begin(session: Session, request: RunRequest, flags: RunFlags, view: ProgressView): Promise<StartedRun> {
  const say = (line: string) => view.line(line);
  const run = await startOrAttach(session, request, { fresh: flags.fresh ?? false, nowMs: Date.now(), say });
  view.line(
    run.attached
      ? `Attached to ${run.workflowId}, which is at work on the same project, plan and commit (--fresh starts anew).`
      : `Run ${run.workflowId}`,
  );
  if (session.uiUrl !== null) view.line(`UI  ${historyUrl(session, run)}`);
  return run;
}

interface WatchOptions {
  readonly stop: Stop;
  readonly view: ProgressView;
  readonly request: RunRequest;
  readonly verbose: boolean;
  readonly io: Io;
}

async function watch(session: Session, run: StartedRun, options: WatchOptions): Promise<RunEnd> {
  const { stop, view, request, verbose, io } = options;
  const ended = { yes: false };
  const outputs = verbose
    ? followOutputs(runFolder(request.dataDirectory, run.runId), {
        scenarioId: null,
        isOver: () => ended.yes,
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
          isOver: () => ended.yes,
        });
  const announce = () => view.line('Cancelling: everything is taken down first. Once more Ctrl-C leaves at once.');
  stop.signal.addEventListener('abort', announce, { once: true });
  try {
    const end = follow(session, run, {
      onProgress: (progress) => {
        latest.progress = progress;
        view.show(progress);
      },
      onTrouble: (line) => view.line(line),
      stop: stop.signal,
    });
    return await Promise.race([end, failureOf(session)]);
  } finally {
    stop.signal.removeEventListener('abort', announce);
    ended.yes = true;
    await Promise.all([outputs, usage]);
  }
}

/** A worker in this process that fails ends the wait: nobody else would go on with the run. */
async function failureOf({ workerEnded }: Session): Promise<never> {
  await workerEnded;
  throw new Error('The worker stopped while its run was at work.');
}

function leave(signal: StopSignal, session: Session | null, view: ProgressView, ending: Ending): never {
  view.close();
  view.line('Left at once. The next `paceline` command on this machine that serves takes down what is still there.');
  session?.abandon();
  return ending.leavesAtOnce(signal);
}

function historyUrl({ uiUrl, namespace }: Session, { workflowId, runId }: StartedRun): string {
  return `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}
