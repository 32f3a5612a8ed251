/** Watches a workflow to its end, served by this process or another; also when the one that served it goes away meanwhile. */
import { openSession, type Session } from '../../temporal/session.ts';
import type { Io } from '../io.ts';
import type { Ending } from '../ending.ts';
import { aborted, stopOnSignals, type StopSignal } from '../signals.ts';
import type { RunEnd } from './follow.ts';
import type { ProgressView } from './progress-view.ts';

export interface Serving<Run> {
  readonly dataDirectory: string;
  readonly ports: { readonly port?: number | undefined; readonly uiPort?: number | undefined };
  readonly view: ProgressView;
  readonly io: Io;
  readonly ending: Ending;
  /** What is watched, in words: `run`. */
  readonly noun: string;
  /** Once: whoever takes over goes on with the same. */
  readonly begin: (session: Session) => Promise<Run>;
  readonly watch: (session: Session, run: Run, stop: AbortSignal) => Promise<RunEnd>;
}

export interface Served {
  readonly end:
    | Exclude<RunEnd, { readonly kind: 'serverGone' }>
    /** Ctrl-C came before anything was begun. */
    | { readonly kind: 'stopped' };
  /** The server was not this process's and goes on. */
  readonly serverStays: boolean;
}

/** @throws PacelineError of openSession; what `begin` and `watch` throw */
export async function served<Run>(serving: Serving<Run>): Promise<Served> {
  const { view, io, ending, noun } = serving;
  const current: { session: Session | null } = { session: null };
  const stop = stopOnSignals((signal) => leave(signal, current.session, view, ending));
  const announce = () => view.line('Cancelling: everything is taken down first. Once more Ctrl-C leaves at once.');
  let run: { readonly begun: Run } | null = null;
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
          run = { begun: await serving.begin(session) };
          void aborted(stop.signal).then(announce);
        }
        const end = await serving.watch(session, run.begun, stop.signal);
        if (end.kind !== 'serverGone') return { end, serverStays: !session.servesEmbedded };
        view.line(
          `The Temporal server of this ${noun} is not at ${session.address} any more; it goes on with the next one of this data directory.`,
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

function leave(signal: StopSignal, session: Session | null, view: ProgressView, ending: Ending): never {
  view.close();
  view.line('Left at once. The next `paceline` command on this machine that serves takes down what is still there.');
  session?.abandon();
  return ending.leavesAtOnce(signal);
}
