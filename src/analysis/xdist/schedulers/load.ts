/** `--dist load`, as in xdist/scheduler/load.py of 3.8.0. */
import { type Scheduler, Told, type Workers } from './scheduler.ts';

/** xdist keeps a worker at two tests at least: it starts one only when it knows the next. */
const LEAST = 2;
/** A worker whose last test took this long is not given more while it has two. */
const LONG_SECONDS = 0.1;

export function loadScheduler(
  { tests, workers, mostAtOnce = null }: LoadOptions,
  { send: sendTo, shutDown, steal }: Workers,
): Scheduler {
  const told = new Told({ send: sendTo, shutDown, steal });
  const all = Array.from({ length: workers }, (_, worker) => worker);
  const pending = Array.from({ length: tests }, (_, test) => test);
  const queues = all.map((): number[] => []);
  const chunk = mostAtOnce ?? tests;

  const send = (worker: number, count: number) => {
    const given = pending.splice(0, Math.max(0, count));
    if (given.length === 0) return;
    queues[worker]!.push(...given);
    sendTo(worker, given);
  };
  return {
    begin: () => {
      if (pending.length < LEAST * workers) for (let next = 0; pending.length > 0; next += 1) send(next % workers, 1);
      else {
        const share = Math.max(LEAST, Math.min(Math.floor(Math.floor(tests / workers) / 4), chunk));
        for (const worker of all) send(worker, share);
      }
      if (pending.length === 0) for (const worker of all) told.shutDown(worker);
    },
    completed: (worker, test, seconds) => {
      const queue = queues[worker]!;
      queue.splice(queue.indexOf(test), 1);
      if (told.isEnding(worker)) return;
      if (pending.length === 0) {
        told.shutDown(worker);
        return;
      }
      const share = Math.floor(pending.length / workers);
      if (queue.length >= Math.max(LEAST, Math.floor(share / 4))) return;
      if (seconds >= LONG_SECONDS && queue.length >= LEAST) return;
      const wanted = Math.max(LEAST, Math.floor(share / 2)) - queue.length;
      send(worker, Math.min(wanted, Math.max(LEAST - queue.length, chunk)));
    },
    returned: () => undefined,
    isFinished: () => pending.length === 0 && queues.every(({ length }) => length < LEAST),
  };
}

export interface LoadOptions {
  readonly tests: number;
  readonly workers: number;
  /** `--maxschedchunk`. @default no limit */
  readonly mostAtOnce?: number | null;
}
