/** Opens a session, starts a workflow and follows it to its end. If the server disappears, it opens the next session. */
import { openSession, type Session } from '../../temporal/session.ts';
import type { Io } from '../io.ts';
import type { Ending } from '../ending.ts';
import { aborted, stopOnSignals, type StopSignal } from '../signals.ts';
import { detachesFrom, type RunEnd } from './follow.ts';
import type { ProgressView } from './progress-view.ts';
import type { StartedRun } from './start.ts';

export interface Serving<Run extends StartedRun> {
  readonly dataDirectory: string;
  readonly ports: { readonly port?: number | undefined; readonly uiPort?: number | undefined };
  readonly view: ProgressView;
  readonly io: Io;
  readonly ending: Ending;
  /** What is followed, as a noun: `run`. */
  readonly noun: string;
  /** Called once. After the server was lost, `watch` continues with the same workflow. */
  readonly begin: (session: Session) => Promise<Run>;
  readonly watch: (session: Session, run: Run, stop: AbortSignal) => Promise<RunEnd>;
}

export interface Served {
  readonly end:
    | Exclude<RunEnd, { readonly kind: 'serverGone' }>
    /** Ctrl-C came before the start. */
    | { readonly kind: 'stopped' };
  /** The server belongs to another process and keeps running. */
  readonly serverStays: boolean;
}

/** @throws PacelineError of openSession, and the errors of `begin` and `watch` */
export async function withSession<Run extends StartedRun>(serving: Serving<Run>): Promise<Served> {
  const { view, io, ending, noun } = serving;
  const current: { session: Session | null } = { session: null };
  const stop = stopOnSignals((signal) => leave(signal, current.session, view, ending));
  let run: { readonly begun: Run } | null = null;
  const announce = (begun: Run) => {
    if (current.session !== null && detachesFrom(begun, current.session)) return view.line(detached(begun, noun));
    view.line('Cancelling and cleaning up. Press Ctrl-C again to quit immediately.');
  };
  try {
    for (;;) {
      const session = await openSession({
        dataDirectory: serving.dataDirectory,
        mode: 'run',
        env: io.env,
        port: serving.ports.port,
        uiPort: serving.ports.uiPort,
        say: (line) => view.line(line),
      });
      current.session = session;
      try {
        for (const note of session.notes) view.line(note);
        if (stop.signal.aborted && run === null) return { end: { kind: 'stopped' }, serverStays: true };
        if (run === null) {
          const begun = await serving.begin(session);
          run = { begun };
          void aborted(stop.signal).then(() => announce(begun));
        }
        const end = await serving.watch(session, run.begun, stop.signal);
        if (end.kind !== 'serverGone') {
          if (wasCancelled(end) && !stop.signal.aborted) view.line(cancelledElsewhere(noun));
          return { end, serverStays: !session.servesEmbedded };
        }
        view.line(
          `The Temporal server of this ${noun} is no longer at ${session.address}. The ${noun} continues with the next server of this data directory.`,
        );
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

function detached({ workflowId }: StartedRun, noun: string): string {
  return [
    `Detached; the ${noun} goes on. The same command attaches to it again.`,
    `To cancel it, press Ctrl-C where it was started, or type: paceline temporal workflow cancel --workflow-id ${workflowId}`,
  ].join('\n');
}

function wasCancelled(end: RunEnd): boolean {
  return end.kind === 'withoutResult' ? end.cancelled : end.kind === 'judged' && end.result.verdict === 'cancelled';
}

function cancelledElsewhere(noun: string): string {
  return `The ${noun} was cancelled from elsewhere: another terminal, the Temporal UI or its command line.`;
}

function leave(signal: StopSignal, session: Session | null, view: ProgressView, ending: Ending): never {
  view.close();
  view.line('Quit without cleaning up. The next `paceline run` or `paceline up` removes leftover containers.');
  session?.abandon();
  return ending.exitImmediately(signal);
}
